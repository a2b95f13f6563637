"""Who may speak to the bot: members. A stranger is heard only with a code or an invitation."""

import logging
import time
from collections import deque
from collections.abc import Callable

from telegram import Message, User

from bot.sanitise import tidy
from bot.wording.texts import language_of
from bridge.api.commands.access import Claim, Join, OpenClaim, WhoIs
from bridge.api.front_desk import FrontDesk
from bridge.api.views import UserView

log = logging.getLogger(__name__)

TRIES = 5
PER_SECONDS = 600
MOST_CHATS = 10_000
INVITE = "inv_"


class Access:
    """Lets members in and keeps everybody else out without a word."""

    def __init__(self, desk: FrontDesk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._clock = clock
        self._seen: dict[int, UserView] = {}
        self._tries: dict[int, deque[float]] = {}

    async def member(self, chat: int) -> UserView | None:
        """Who it is. The house is asked every time, so a removed member is out at once."""
        found = await self._desk.ask(WhoIs(chat=chat))
        if found:
            self._seen[chat] = found
        else:
            self._seen.pop(chat, None)
        return found

    def known(self, chat: int) -> UserView | None:
        """Who it was when the house last answered; only they are told that it is down."""
        return self._seen.get(chat)

    async def admit(self, person: User, message: Message) -> UserView | None:
        """Let a stranger in who brings the claim code or an invitation: `/start CODE`.

        None: nothing to answer. Raises the house's refusal when the code is wrong.
        """
        command, _, code = (message.text or "").partition(" ")
        code = code.strip()
        if command.partition("@")[0] != "/start" or not code or not self._may_try(person.id):
            return None
        name = tidy(person.full_name) or str(person.id)
        who = {"chat": person.id, "name": name, "language": language_of(person.language_code)}
        if code.startswith(INVITE):
            member = await self._desk.ask(Join(**who, token=code.removeprefix(INVITE)))
        else:
            member = await self._desk.ask(Claim(**who, code=code))
        self._seen[person.id] = member
        self._tries.pop(person.id, None)
        return member

    async def may_be_claimed(self) -> bool:
        """Whether the house waits for its owner."""
        code: str = await self._desk.ask(OpenClaim())
        return code != ""

    def _may_try(self, chat: int) -> bool:
        now = self._clock()
        if len(self._tries) > MOST_CHATS:
            self._tries = {
                who: tries for who, tries in self._tries.items() if now - tries[-1] < PER_SECONDS
            }
        tries = self._tries.setdefault(chat, deque(maxlen=TRIES))
        if len(tries) == TRIES and now - tries[0] < PER_SECONDS:
            log.warning("a stranger tried more than %d codes and is not heard for a while", TRIES)
            return False
        tries.append(now)
        return True
