"""The one-time code in the log, by which the first person becomes the owner of the house."""

import logging
import secrets

from bridge.errors import NotAllowed

log = logging.getLogger(__name__)

# letters only, without those that look like another one or like a digit: the log strikes out digits
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
TRIES = 5


class ClaimCode:
    """There is one as long as nobody owns the house; after TRIES wrong tries it is another one."""

    def __init__(self) -> None:
        self._code = ""
        self._wrong = 0

    @property
    def code(self) -> str:
        """ "" when there is an owner."""
        return self._code

    def offer(self) -> None:
        """Nobody owns the house: show a new code in the log, on a line of its own."""
        self._wrong = 0
        self._code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        log.warning("nobody owns this house yet; whoever sends the bot this line does:")
        log.warning("/start %s", self._code)

    def withdraw(self) -> None:
        """There is an owner now."""
        self._code = ""

    def check(self, given: str) -> None:
        """NotAllowed("wrong_code") unless it is the code."""
        typed = given.strip().upper().encode()
        if self._code and secrets.compare_digest(typed, self._code.encode()):
            return
        self._wrong += 1
        if self._code and self._wrong >= TRIES:
            self.offer()
        raise NotAllowed("wrong_code")
