"""The errors of the house, named by who must act.

    HouseError
      x LoginRejected     the user must sign in again (wrong password, revoked session)
      x NetworkDown       nobody: wait and try again
      x Throttled         nobody: wait exactly `seconds`
      x NotAllowed        the user learns which `rule` forbids it
      x UnknownTarget     the user gave an address that cannot be reached or does not exist
      x BadInput          the user typed something that cannot be used
      x SetupFault        the host must mend a setting or install something

A call that ends is never an exception: it is a `Cause`. An error carries a `code` and the `facts`
its sentence needs; the sentence itself is written, per language, where the user reads it
(bot/wording/texts). Facts never hold a secret.
"""


class HouseError(Exception):
    """Any refusal or failure the house foresees. `code` is a short snake_case word."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code

    @property
    def sentence(self) -> str:
        """For the host's terminal and log, in English: what is wrong, and what to do."""
        told = (self.facts.get("why", ""), self.facts.get("remedy", ""))
        return " ".join(part for part in told if part) or str(self)


class LoginRejected(HouseError):
    """The network said no to these credentials; only the user can help."""


class NetworkDown(HouseError):
    """The network cannot be reached at the moment."""


class Throttled(HouseError):
    """The network or the house wants a pause of exactly `seconds`."""

    def __init__(self, code: str, seconds: float, **facts: str) -> None:
        super().__init__(code, seconds=f"{seconds:.0f}", **facts)
        self.seconds = seconds


class NotAllowed(HouseError):
    """A rule of the house forbids it; `code` names the rule."""


class UnknownTarget(HouseError):
    """There is no such number, account, phone or person."""


class BadInput(HouseError):
    """What was typed cannot be used as it is."""


class SetupFault(HouseError):
    """The machine or the settings are not ready; `facts["remedy"]` says what to do."""


KINDS: dict[str, type[HouseError]] = {
    kind.__name__: kind
    for kind in (
        LoginRejected,
        NetworkDown,
        Throttled,
        NotAllowed,
        UnknownTarget,
        BadInput,
        SetupFault,
    )
}
