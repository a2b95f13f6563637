"""What happens in a session, as the worker needs to know it."""

from dataclasses import dataclass, field

from bridge.connectors.desktop.reading.evidence import Key
from bridge.errors import HouseError, LoginRejected, NetworkDown


@dataclass(eq=False)
class IncomingRing:
    """One attempt of somebody to call."""

    name: str
    address: str
    keys: set[Key] = field(default_factory=set)
    """Of the notifications, windows and so on that belong to it."""


@dataclass(frozen=True)
class Rings:
    """Somebody calls."""

    name: str
    """Who calls, as the program shows it; "" when it cannot be known."""
    address: str
    ring: IncomingRing = field(compare=False, repr=False)


@dataclass(frozen=True)
class RingOver:
    """Nobody waits any longer: the caller gave up, or it was answered elsewhere or declined."""

    ring: IncomingRing = field(compare=False, repr=False)


@dataclass(frozen=True)
class InCall:
    """The program is in a call."""

    wanted: bool = True
    """False when it was given up before."""


@dataclass(frozen=True)
class Ended:
    """By either side, or with the program: that cannot be seen."""


@dataclass(frozen=True)
class RingsThere:
    """At the far end, of the call that we make."""


@dataclass(frozen=True)
class NotTaken:
    """The call that we make came to nothing."""

    refused: bool
    """It was said so; else nobody came."""


@dataclass(frozen=True)
class SignedIn:
    """The program is signed in."""


@dataclass(frozen=True)
class NeedsSignIn:
    """The program shows that somebody must sign in."""


@dataclass(frozen=True)
class Unknown:
    """Neither signed in nor at the sign-in page, for long."""


SignIn = SignedIn | NeedsSignIn | Unknown
Happening = Rings | RingOver | RingsThere | NotTaken | InCall | Ended | SignIn


def fault(happened: NeedsSignIn | Unknown) -> HouseError:
    if isinstance(happened, NeedsSignIn):
        return LoginRejected("sign_in_expired")
    return NetworkDown("desktop_unclear")
