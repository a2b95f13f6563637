"""A house in memory, good enough for every screen: it keeps what it is told and can refuse."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from bridge.api.check_views import VerificationView
from bridge.api.command import Command
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
from bridge.api.commands.accounts import (
    Answer,
    BeginSignIn,
    CancelSignIn,
    ChangeAccount,
    ListAccounts,
    ListNetworks,
    RemoveAccount,
)
from bridge.api.commands.calls import (
    ActOnCall,
    Block,
    DeleteVoicemail,
    FetchVoicemail,
    FindCard,
    FindVoicemail,
    History,
    ListBlocked,
    ListVoicemails,
    MarkHeard,
    NoteCard,
    NoteVoicemail,
    RunningCalls,
    Status,
    Unblock,
)
from bridge.api.commands.phones import (
    AddPhone,
    ChangePhone,
    ListPhones,
    RemovePhone,
    TestCall,
    VerifyPhone,
)
from bridge.api.commands.preferences import ChangeSettings, GetSettings, SetGreeting, SetPin
from bridge.api.events import Event, Numbered
from bridge.api.preferences import Preferences
from bridge.api.views import (
    AccountView,
    BlockedView,
    CallCard,
    CallView,
    InviteView,
    NetworkView,
    PhoneView,
    SettingsView,
    StatusView,
    UserView,
    VoicemailView,
    WorkerView,
)
from bridge.errors import BadInput, NetworkDown, NotAllowed, UnknownTarget
from bridge.terms import Health
from tests.bot.fake_contacts import FakeContacts
from tests.bot.fake_listening import FakeListening

R = TypeVar("R")
NOW = datetime.now(UTC)


class Changes:
    """Wakes everybody who waits for something to have changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        await self._event.wait()


@dataclass
class Home:
    """What one member has."""

    user: UserView
    settings: SettingsView
    phones: list[PhoneView] = field(default_factory=list)
    accounts: list[AccountView] = field(default_factory=list)
    blocked: list[BlockedView] = field(default_factory=list)
    calls: list[CallView] = field(default_factory=list)
    running: list[CallCard] = field(default_factory=list)
    voicemails: list[VoicemailView] = field(default_factory=list)
    cards: dict[UUID, int] = field(default_factory=dict)
    notes: dict[UUID, int] = field(default_factory=dict)
    greeting: bytes | None = None
    pin: str | None = None


class FakeDesk(FakeListening, FakeContacts):
    code = "4711-0815"
    digits = "4287"

    def __init__(self) -> None:
        FakeListening.__init__(self)
        FakeContacts.__init__(self)
        self.homes: dict[UUID, Home] = {}
        self.invites: dict[str, InviteView] = {}
        self.asked: list[Command[Any]] = []
        self.down = False
        self.refusals: dict[type[Command[Any]], Exception] = {}
        self.told: list[Numbered] = []
        self.acknowledged = 0
        self.sound = b"OggS" + bytes(60)
        self._changed = Changes()

    # --- what a test does ----------------------------------------------------------------------

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
        return home

    def phone(self, home: Home, label: str = "Mobile", address: str = "+4915112345678",
              verified: bool = True) -> PhoneView:  # fmt: skip
        phone = PhoneView(
            id=uuid4(), label=label, address=address, position=len(home.phones),
            ring_seconds=20, enabled=True, verified=verified,
        )  # fmt: skip
        home.phones.append(phone)
        return phone

    def account(self, home: Home, label: str = "Work", health: Health = Health.READY,
                **more: Any) -> AccountView:  # fmt: skip
        account = AccountView(
            id=uuid4(), network="sip", address="ada@sip.example", label=label, enabled=True,
            health=health, since=NOW - timedelta(hours=2), **more,
        )  # fmt: skip
        home.accounts.append(account)
        return account

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
        act: Callable[[Any], Any] = getattr(self, f"_{type(command).__name__}")
        return act(command)

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

    def _home(self, command: Any) -> Home:
        home = self.homes.get(command.user)
        if home is None:
            raise UnknownTarget("no_such_user")
        return home

    # --- who may come in

    def _WhoIs(self, q: WhoIs) -> UserView | None:
        return next((home.user for home in self.homes.values() if home.user.chat == q.chat), None)

    def _GetUser(self, q: GetUser) -> UserView:
        return self._home(q).user

    def _Claim(self, q: Claim) -> UserView:
        if q.code != self.code or self.homes:
            raise BadInput("wrong_code")
        return self.member(q.chat, q.name, q.language).user

    def _OpenClaim(self, q: OpenClaim) -> str:
        return "" if self.homes else self.code

    def _Join(self, q: Join) -> UserView:
        invite = self.invites.get(q.token)
        if invite is None:
            raise UnknownTarget("no_such_invite")
        if invite.revoked:
            raise NotAllowed("invite_revoked")
        if invite.used_by:
            raise NotAllowed("invite_used")
        self.invites[q.token] = invite.model_copy(update={"used_by": q.name})
        return self.member(q.chat, q.name, q.language, owner=False).user

    def _MakeInvite(self, q: MakeInvite) -> InviteView:
        self._owner(q)
        token = f"token{len(self.invites)}"
        invite = InviteView(id=uuid4(), created=NOW, expires=NOW + timedelta(days=7))
        self.invites[token] = invite
        return invite.model_copy(update={"token": token})

    def _ListInvites(self, q: ListInvites) -> list[InviteView]:
        self._owner(q)
        return list(self.invites.values())

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
        del self.homes[q.member]

    def _ForgetMe(self, q: ForgetMe) -> None:
        del self.homes[q.user]

    def _owner(self, q: Any) -> None:
        if not self._home(q).user.is_owner:
            raise NotAllowed("not_owner")

    # --- settings

    def _GetSettings(self, q: GetSettings) -> SettingsView:
        return self._home(q).settings

    def _ChangeSettings(self, q: ChangeSettings) -> SettingsView:
        home = self._home(q)
        changes = q.model_dump(exclude={"user", "patch"}, exclude_none=True)
        changes["preferences"] = home.settings.preferences.patched(q.patch)
        if q.quiet_hours is not None:
            changes["quiet_hours"] = q.quiet_hours
        home.settings = home.settings.model_copy(update=changes)
        if q.language:
            home.user = home.user.model_copy(update={"language": q.language})
        if q.time_zone:
            home.user = home.user.model_copy(update={"time_zone": q.time_zone})
        return home.settings

    def _SetPin(self, q: SetPin) -> SettingsView:
        if q.pin is not None and not (q.pin.isdecimal() and 4 <= len(q.pin) <= 8):
            raise BadInput("bad_pin")
        if q.pin == "1234":
            raise BadInput("easy_pin")
        home = self._home(q)
        home.pin = q.pin
        changes = {"has_pin": q.pin is not None, "pin_locked_until": None}
        home.settings = home.settings.model_copy(update=changes)
        return home.settings

    def _SetGreeting(self, q: SetGreeting) -> None:
        home = self._home(q)
        home.greeting = base64.b64decode(q.audio) if q.audio else None
        home.settings = home.settings.model_copy(update={"has_greeting": q.audio is not None})

    # --- phones

    def _ListPhones(self, q: ListPhones) -> list[PhoneView]:
        return sorted(self._home(q).phones, key=lambda phone: phone.position)

    def _AddPhone(self, q: AddPhone) -> PhoneView:
        if q.address == "112":
            raise NotAllowed("emergency_number")
        if not q.address.startswith(("+", "sip:", "0")):
            raise BadInput("invalid_number")
        return self.phone(self._home(q), q.label, q.address, verified=False)

    def _ChangePhone(self, q: ChangePhone) -> PhoneView:
        home = self._home(q)
        phone = _found(home.phones, q.phone, "no_such_phone")
        changed = phone.model_copy(
            update=q.model_dump(exclude={"user", "phone", "position"}, exclude_none=True)
        )
        ordered = self._ListPhones(ListPhones(user=q.user))
        place = q.position if q.position is not None else phone.position
        ordered.remove(phone)
        ordered.insert(place, changed)
        home.phones = [
            each.model_copy(update={"position": number}) for number, each in enumerate(ordered)
        ]
        return _found(home.phones, q.phone, "no_such_phone")

    def _RemovePhone(self, q: RemovePhone) -> None:
        home = self._home(q)
        home.phones.remove(_found(home.phones, q.phone, "no_such_phone"))

    def _VerifyPhone(self, q: VerifyPhone) -> VerificationView:
        _found(self._home(q).phones, q.phone, "no_such_phone")
        return VerificationView(digits=self.digits, tries_left=3)

    def _TestCall(self, q: TestCall) -> None:
        _found(self._home(q).phones, q.phone, "no_such_phone")

    # --- accounts

    def _ListNetworks(self, q: ListNetworks) -> list[NetworkView]:
        return [NetworkView(network="sip", title="SIP"), NetworkView(network="loop", title="Loop")]

    def _ListAccounts(self, q: ListAccounts) -> list[AccountView]:
        return self._home(q).accounts

    def _BeginSignIn(self, q: BeginSignIn) -> UUID:
        return uuid4()

    def _Answer(self, q: Answer) -> None:
        return None

    def _CancelSignIn(self, q: CancelSignIn) -> None:
        return None

    def _ChangeAccount(self, q: ChangeAccount) -> AccountView:
        home = self._home(q)
        account = _found(home.accounts, q.account, "no_such_account")
        changes = q.model_dump(exclude={"user", "account"}, exclude_none=True)
        if q.enabled is not None:
            changes["health"] = Health.CONNECTING if q.enabled else Health.OFF
        changed = account.model_copy(update=changes)
        home.accounts[home.accounts.index(account)] = changed
        return changed

    def _RemoveAccount(self, q: RemoveAccount) -> None:
        home = self._home(q)
        home.accounts.remove(_found(home.accounts, q.account, "no_such_account"))

    # --- calls

    def _History(self, q: History) -> list[CallView]:
        return self._home(q).calls[q.offset :][: q.limit]

    def _RunningCalls(self, q: RunningCalls) -> list[CallCard]:
        return self._home(q).running

    def _ActOnCall(self, q: ActOnCall) -> None:
        _found(self._home(q).running, q.call, "call_over")

    def _ListVoicemails(self, q: ListVoicemails) -> list[VoicemailView]:
        return self._home(q).voicemails

    def _FetchVoicemail(self, q: FetchVoicemail) -> str:
        _found(self._home(q).voicemails, q.voicemail, "no_such_voicemail")
        return base64.b64encode(self.sound).decode()

    def _MarkHeard(self, q: MarkHeard) -> None:
        home = self._home(q)
        kept = _found(home.voicemails, q.voicemail, "no_such_voicemail")
        home.voicemails[home.voicemails.index(kept)] = kept.model_copy(update={"heard": q.heard})

    def _DeleteVoicemail(self, q: DeleteVoicemail) -> None:
        home = self._home(q)
        home.voicemails.remove(_found(home.voicemails, q.voicemail, "no_such_voicemail"))

    def _ListBlocked(self, q: ListBlocked) -> list[BlockedView]:
        return list(self._home(q).blocked)

    def _Block(self, q: Block) -> list[BlockedView]:
        home = self._home(q)
        if q.address not in {each.address for each in home.blocked}:
            home.blocked.append(BlockedView(address=q.address, name=q.name, since=NOW))
        return list(home.blocked)

    def _Unblock(self, q: Unblock) -> list[BlockedView]:
        home = self._home(q)
        home.blocked = [each for each in home.blocked if each.address != q.address]
        return list(home.blocked)

    def _NoteCard(self, q: NoteCard) -> None:
        self._home(q).cards[q.call] = q.message

    def _FindCard(self, q: FindCard) -> int | None:
        return self._home(q).cards.get(q.call)

    def _NoteVoicemail(self, q: NoteVoicemail) -> None:
        self._home(q).notes[q.voicemail] = q.message

    def _FindVoicemail(self, q: FindVoicemail) -> int | None:
        return self._home(q).notes.get(q.voicemail)

    def _Status(self, q: Status) -> StatusView:
        home = self._home(q)
        return StatusView(
            accounts=tuple(home.accounts),
            phones_ready=sum(phone.verified and phone.enabled for phone in home.phones),
            calls_running=len(home.running),
            new_voicemails=sum(not each.heard for each in home.voicemails),
            worker=WorkerView(running=True, since=NOW, restarts=0),
        )


def _found(things: list[Any], wanted: UUID, code: str) -> Any:
    for thing in things:
        if thing.id == wanted:
            return thing
    raise UnknownTarget(code)
