"""What a user may choose about the house's behaviour."""

import asyncio
import base64
import binascii
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from bridge.api.commands.preferences import ChangeSettings, GetSettings, SetGreeting, SetPin
from bridge.api.views import SettingsView
from bridge.desk.command_registry import CommandRegistry, answers
from bridge.errors import BadInput
from bridge.store import CallLimits
from bridge.store.calls import usage
from bridge.store.people import phones, pins, users
from bridge.store.preferences import quiet_hours

GREETING_SECONDS = 60


@answers(GetSettings)
async def get_settings(desk: CommandRegistry, asked: GetSettings) -> SettingsView:
    return await desk.store.read(_view, desk, asked.user)


@answers(ChangeSettings)
async def change_settings(desk: CommandRegistry, asked: ChangeSettings) -> SettingsView:
    if asked.time_zone is not None and asked.time_zone not in available_timezones():
        raise BadInput("bad_time_zone")
    view = await desk.store.run(_change, desk, asked)
    desk.workers.refresh(asked.user)
    return view


@answers(SetGreeting)
async def set_greeting(desk: CommandRegistry, asked: SetGreeting) -> None:
    wav = None if asked.audio is None else await desk.decode(_bytes(asked.audio), GREETING_SECONDS)
    await desk.store.run(users.set_greeting, asked.user, wav)
    desk.workers.refresh(asked.user)


@answers(SetPin)
async def set_pin(desk: CommandRegistry, asked: SetPin) -> SettingsView:
    hash = None
    if asked.pin is not None:
        pins.check(asked.pin)
        own = await desk.store.read(phones.of_user, asked.user)
        if any(phone.address.endswith(asked.pin) for phone in own):
            raise BadInput("easy_pin")  # who pretends to be this phone knows its number
        hash = await asyncio.to_thread(pins.hashed, asked.pin)
    view = await desk.store.run(_keep_pin, desk, asked.user, hash)
    desk.workers.refresh(asked.user)
    return view


def _keep_pin(db: Session, desk: CommandRegistry, user: UUID, hash: bytes | None) -> SettingsView:
    pins.keep(db, user, hash)
    return _view(db, desk, user)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("bad_audio") from None


def _change(db: Session, desk: CommandRegistry, asked: ChangeSettings) -> SettingsView:
    users.change(db, asked.user, language=asked.language, time_zone=asked.time_zone)
    users.prefer(db, asked.user, asked.patch)
    if asked.quiet_hours is not None:
        hours = ((one.weekdays, one.start, one.end) for one in asked.quiet_hours)
        quiet_hours.replace(db, asked.user, hours)
    return _view(db, desk, asked.user)


def _view(db: Session, desk: CommandRegistry, user: UUID) -> SettingsView:
    row, now = users.get(db, user), desk.now
    own = users.limits(row, CallLimits.of_host(desk.settings))
    return SettingsView.of(
        own,
        row,
        quiet_hours=quiet_hours.of_user(db, user),
        has_pin=pins.of_user(db, user) is not None,
        pin_locked_until=pins.locked_until(db, user, now),
        voice_languages=desk.voice_languages,
        minutes_used_today=round(usage.used_today(db, user, now) / 60),
    )
