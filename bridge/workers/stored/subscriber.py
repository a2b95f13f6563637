"""The rules and the history of one user, kept in the store."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.api.events import Event, PinLocked
from bridge.api.views import AccountView, CallView, PhoneView, QuietHoursView, VoicemailView
from bridge.calls.policy.block_list import ANONYMOUS, is_anonymous
from bridge.calls.ports.subscriber import SubscriberProfile, Ticket
from bridge.errors import NotAllowed
from bridge.settings import Settings
from bridge.store import CallLimits, Store
from bridge.store.calls import calls, usage, voicemails
from bridge.store.people import accounts, phones, pins, users
from bridge.store.preferences import block_list, quiet_hours
from bridge.terms import Party

VERIFICATION_CALLS, VERIFICATION_PERIOD = 6, timedelta(hours=24)


class StoredSubscriber:
    """The port SubscriberRecord. The greeting of `user` is laid out in `directory`, his own."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        user: UUID,
        directory: Path,
        tell: Callable[[Event], None],
    ) -> None:
        self._tell = tell
        self._store = store
        self._settings = settings
        self._user = user
        self._directory = directory

    async def profile(self) -> SubscriberProfile:
        found, greeting = await self._store.read(self._read)
        await asyncio.to_thread(self._lay_out, greeting)
        return found

    async def open_leg(self, call: UUID, phone: UUID | None, counted: bool) -> Ticket:
        opened = await self._store.run(
            usage.open,
            self._user,
            call,
            phone,
            counted=counted,
            now=datetime.now(UTC),
            limits=CallLimits.of_host(self._settings),
            house_zone=self._settings.zone,
        )
        return _ticket(opened)

    async def renew_leg(self, ticket: UUID) -> Ticket:
        renewed = await self._store.run(
            usage.renew,
            self._user,
            ticket,
            now=datetime.now(UTC),
            limits=CallLimits.of_host(self._settings),
            house_zone=self._settings.zone,
        )
        return _ticket(renewed)

    async def close_leg(self, ticket: UUID, talk_seconds: float) -> None:
        await self._store.run(usage.close, self._user, ticket, talk_seconds, datetime.now(UTC))

    async def write(self, cdr: CallView) -> None:
        await self._store.run(calls.write, record(self._user, cdr))

    async def keep_voicemail(
        self, call: UUID, party: Party, seconds: float, ogg: bytes
    ) -> VoicemailView:
        row = await self._store.run(
            voicemails.keep,
            self._user,
            call=call,
            caller_name=party.name,
            caller_address=party.address,
            seconds=seconds,
            ogg=ogg,
            now=datetime.now(UTC),
        )
        return VoicemailView.of(row)

    async def block(self, party: Party) -> None:
        address = ANONYMOUS if is_anonymous(party) else party.address
        await self._store.run(block_list.block, self._user, address, party.name, datetime.now(UTC))

    async def verification_tries_left(self, phone: UUID) -> int:
        return await self._store.run(_verification_tries, self._user, phone, datetime.now(UTC))

    async def verification_failed(self, phone: UUID) -> int:
        return await self._store.run(phones.failed, self._user, phone, datetime.now(UTC))

    async def verified(self, phone: UUID) -> None:
        await self._store.run(phones.verified, self._user, phone, datetime.now(UTC))

    async def check_pin(self, digits: str, caller: Party) -> bool:
        guess = await self._store.run(pins.guess, self._user, datetime.now(UTC))
        if await asyncio.to_thread(pins.matches, guess.hash, digits):
            await self._store.run(pins.right, self._user, guess)
            return True
        if guess.locked_until is None:
            return False
        until = guess.locked_until
        self._tell(PinLocked(user=self._user, caller=caller.shown, until=until))
        raise NotAllowed("pin_locked", until=until.isoformat())

    async def pin_locked(self) -> bool:
        until = await self._store.read(pins.locked_until, self._user, datetime.now(UTC))
        return until is not None

    async def prefer(self, patch: Mapping[str, Any]) -> None:
        await self._store.run(users.prefer, self._user, patch)

    async def enable_phone(self, phone: UUID, on: bool) -> None:
        await self._store.run(phones.change, self._user, phone, enabled=on)

    async def accounts(self) -> Sequence[AccountView]:
        rows = await self._store.read(accounts.of_user, self._user)
        return [AccountView.of(row) for row in rows]

    @property
    def _greeting(self) -> Path:
        return self._directory / "greeting.wav"

    def _read(self, db: Session) -> tuple[SubscriberProfile, bytes | None]:
        user = users.get(db, self._user)
        snapshot = SubscriberProfile(
            user=user.id,
            language=user.language,
            zone=ZoneInfo(user.time_zone),
            country=self._settings.country,
            countries=self._settings.countries,
            phones=tuple(map(PhoneView.of, phones.of_user(db, user.id))),
            preferences=user.preferences,
            quiet_hours=tuple(map(QuietHoursView.of, quiet_hours.of_user(db, user.id))),
            blocked=tuple(row.address for row in block_list.of_user(db, user.id)),
            greeting=self._greeting if user.has_greeting else None,
            has_pin=pins.of_user(db, user.id) is not None,
        )
        return snapshot, users.greeting(db, user.id) if user.has_greeting else None

    def _lay_out(self, greeting: bytes | None) -> None:
        """The player wants a file; the store stays the only place that matters."""
        if greeting is None:
            self._greeting.unlink(missing_ok=True)
            return
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._greeting.with_suffix(".part")
        unfinished.write_bytes(greeting)
        unfinished.replace(self._greeting)


def _verification_tries(db: Session, user: UUID, phone: UUID, now: datetime) -> int:
    """A phone that is nobody's yet must not be rung again and again, whoever answers."""
    left = phones.tries_left(db, user, phone, now)
    address = phones.get(db, user, phone).address
    rung = calls.verifications(db, user, address, now - VERIFICATION_PERIOD)
    if len(rung) >= VERIFICATION_CALLS:
        raise NotAllowed("cooling", until=(rung[0] + VERIFICATION_PERIOD).isoformat())
    return left


def _ticket(row: usage.UsageTicket) -> Ticket:
    left = row.left
    return Ticket(row.id, left.seconds, NotAllowed(left.rule, limit=str(left.limit)))


def record(user: UUID, cdr: CallView) -> calls.CallRecord:
    """The row of a finished call."""
    fields = cdr.model_dump(exclude={"voicemail"})
    return calls.CallRecord(user_id=user, **fields)
