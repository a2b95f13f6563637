"""A house in memory, good enough for every screen: it keeps what it is told and can refuse.

What it answers and refuses is held to what the real one does (tests/contracts/desk).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

from bridge.api.command import Command, UserCommand, reply
from bridge.api.commands import COMMANDS
from bridge.api.commands.access import (
    Claim,
    ForgetMe,
    GetUser,
    Join,
    ListInvites,
    ListMembers,
    MakeInvite,
    OpenClaim,
    RemoveMember,
    RevokeInvite,
    WhoIs,
)
from bridge.api.events import Event, Numbered
from bridge.api.preferences import Preferences
from bridge.api.views import InviteView, SettingsView, UserView
from bridge.desk.claim import ClaimCode
from bridge.errors import NetworkDown, NotAllowed, UnknownTarget
from bridge.text import clean_text
from tests.bot.fake_calls import FakeCalls
from tests.bot.fake_contacts import FakeContacts
from tests.bot.fake_home import Home, now
from tests.bot.fake_own import FakeOwnThings
from tests.bot.fake_podcasts import FakePodcasts
from tests.bot.fake_radio import FakeRadio

__all__ = ["FakeDesk", "Home", "now"]

R = TypeVar("R")


class Changes:
    """Wakes everybody who waits for something to have changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        await self._event.wait()


class FakeDesk(FakeOwnThings, FakeCalls, FakePodcasts, FakeRadio, FakeContacts):
    def __init__(self) -> None:
        super().__init__()
        self.claim = ClaimCode()
        self.claim.offer()
        self.invites: dict[str, InviteView] = {}
        """By their tokens."""
        self.guests: dict[str, UUID] = {}
        """Who came in by them."""
        self.asked: list[Command[Any]] = []
        self.down = False
        self.refusals: dict[type[Command[Any]], Exception] = {}
        self.told: list[Numbered] = []
        self.acknowledged = 0
        self._changed = Changes()
        self._tokens = count()

    @classmethod
    def answered(cls) -> set[str]:
        """The names of the commands that it knows."""
        return {name for name in COMMANDS if hasattr(cls, f"_{name}")}

    # --- what a test does ----------------------------------------------------------------------

    @property
    def code(self) -> str:
        return self.claim.code

    def member(
        self, chat: int, name: str = "Ada", language: str = "en", owner: bool = True
    ) -> Home:
        user = UserView(
            id=uuid4(), chat=chat, name=name, language=language,
            time_zone="Europe/Berlin", is_owner=owner,
        )  # fmt: skip
        settings = SettingsView(
            language=language, language_is_chosen=False, time_zone="Europe/Berlin",
            preferences=Preferences(), quiet_hours=(), has_greeting=False,
            minutes_a_day=120, longest_call_minutes=240, concurrent_calls=2, minutes_used_today=7,
        )  # fmt: skip
        home = self.homes[user.id] = Home(user, settings)
        if owner:
            self.claim.withdraw()
        return home

    def tell(self, event: Event) -> None:
        self.told.append(Numbered(number=len(self.told) + 1, event=event))
        self._changed.set()

    async def acknowledges(self, number: int) -> None:
        """Until the bot has acknowledged so many events."""
        async with asyncio.timeout(5):
            while self.acknowledged < number:
                await self._changed.wait()

    async def hears(self, kind: type[R], times: int = 1) -> R:
        """Until the bot has asked so many of these; the last of them."""
        async with asyncio.timeout(5):
            while sum(isinstance(each, kind) for each in self.asked) < times:
                await self._changed.wait()
        return self.last(kind)

    def last(self, kind: type[R]) -> R:
        return next(each for each in reversed(self.asked) if isinstance(each, kind))

    # --- what the bot does ---------------------------------------------------------------------

    async def ask(self, command: Command[R]) -> R:
        self.asked.append(command)
        self._changed.set()
        if self.down:
            raise NetworkDown("house_unreachable")
        if type(command) in self.refusals:
            raise self.refusals.pop(type(command))
        if isinstance(command, UserCommand):
            self.home_of(command)
        act: Callable[[Any], Any] = getattr(self, f"_{type(command).__name__}")
        return _declared(type(command), act(command))

    async def events(self, consumer: str) -> AsyncIterator[Numbered]:
        sent = self.acknowledged
        while True:
            for numbered in self.told[sent:]:
                sent = numbered.number
                yield numbered
            await self._changed.wait()

    async def acknowledge(self, consumer: str, number: int) -> None:
        if self.down:
            raise NetworkDown("house_unreachable")
        self.acknowledged = max(self.acknowledged, number)
        self._changed.set()

    # --- who may come in

    def _WhoIs(self, q: WhoIs) -> UserView | None:
        known = self._at(q.chat)
        return known.user if known else None

    def _GetUser(self, q: GetUser) -> UserView:
        return self.home_of(q).user

    def _Claim(self, q: Claim) -> UserView:
        self.claim.check(q.code)
        home = self._at(q.chat) or self.member(q.chat, clean_text(q.name), q.language)
        home.user = home.user.model_copy(update={"is_owner": True})
        self.claim.withdraw()
        return home.user

    def _OpenClaim(self, q: OpenClaim) -> str:
        return self.code

    def _Join(self, q: Join) -> UserView:
        known, invite = self._at(q.chat), self.invites.get(q.token)
        if known is not None:
            return known.user
        if invite is None:
            raise UnknownTarget("no_such_invite")
        if q.token in self.guests:
            raise NotAllowed("invite_used")
        if invite.revoked:
            raise NotAllowed("invite_revoked")
        if now() >= invite.expires:
            raise NotAllowed("invite_expired")
        guest = self.member(q.chat, clean_text(q.name), q.language, owner=False).user
        self.guests[q.token] = guest.id
        return guest

    def _MakeInvite(self, q: MakeInvite) -> InviteView:
        self._owner(q)
        token = f"token{next(self._tokens)}"
        made = now()
        invite = InviteView(id=uuid4(), created=made, expires=made + timedelta(days=7))
        self.invites[token] = invite
        return invite.model_copy(update={"token": token})

    def _ListInvites(self, q: ListInvites) -> list[InviteView]:
        self._owner(q)
        return [
            invite.model_copy(update={"used_by": self._named(self.guests.get(token))})
            for token, invite in reversed(self.invites.items())
        ]

    def _RevokeInvite(self, q: RevokeInvite) -> None:
        self._owner(q)
        for token, invite in self.invites.items():
            if invite.id == q.invite:
                self.invites[token] = invite.model_copy(update={"revoked": True})
                return
        raise UnknownTarget("no_such_invite")

    def _ListMembers(self, q: ListMembers) -> list[UserView]:
        self._owner(q)
        return [home.user for home in self.homes.values()]

    def _RemoveMember(self, q: RemoveMember) -> None:
        self._owner(q)
        if q.member == q.user:
            raise NotAllowed("owner_stays")
        self._ForgetMe(ForgetMe(user=q.member))

    def _ForgetMe(self, q: ForgetMe) -> None:
        was_owner = self.home_of(q).user.is_owner
        for things in (self.homes, self.shelves, self.books):
            things.pop(q.user, None)
        if was_owner:
            self.invites.clear()
            self.claim.offer()

    def _owner(self, q: UserCommand[Any]) -> None:
        if not self.home_of(q).user.is_owner:
            raise NotAllowed("not_owner")

    def _named(self, guest: UUID | None) -> str:
        """ "" for nobody, and for who is forgotten."""
        return self.homes[guest].user.name if guest in self.homes else ""

    def _at(self, chat: int) -> Home | None:
        return next((home for home in self.homes.values() if home.user.chat == chat), None)


def _declared(kind: type[Command[Any]], found: Any) -> Any:
    """As it arrives through the door: JSON of the declared type, or it is no answer."""
    declared = reply(kind)
    return declared.validate_json(declared.dump_json(declared.validate_python(found)))
