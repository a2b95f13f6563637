"""What a user may choose about the house's behaviour."""

import base64
import binascii
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from bridge.control.commands import ChangeSettings, GetSettings, SetGreeting
from bridge.control.reception import Reception, answers
from bridge.control.rows import host_limits, quiet_hours_view
from bridge.control.views import SettingsView
from bridge.errors import BadInput
from bridge.store import Limits, legs, rules, users

GREETING_SECONDS = 60


@answers(GetSettings)
async def get_settings(desk: Reception, asked: GetSettings) -> SettingsView:
    return await desk.store.read(_view, asked.user, host_limits(desk.settings), desk.now)


@answers(ChangeSettings)
async def change_settings(desk: Reception, asked: ChangeSettings) -> SettingsView:
    if asked.time_zone is not None and asked.time_zone not in available_timezones():
        raise BadInput("bad_time_zone")
    view = await desk.store.run(_change, asked, host_limits(desk.settings), desk.now)
    desk.workers.refresh(asked.user)
    return view


@answers(SetGreeting)
async def set_greeting(desk: Reception, asked: SetGreeting) -> None:
    wav = None if asked.audio is None else await desk.decode(_bytes(asked.audio), GREETING_SECONDS)
    await desk.store.run(users.set_greeting, asked.user, wav)
    desk.workers.refresh(asked.user)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("bad_audio") from None


def _change(db: Session, asked: ChangeSettings, limits: Limits, now: datetime) -> SettingsView:
    users.change(
        db,
        asked.user,
        language=asked.language,
        time_zone=asked.time_zone,
        ring_mode=asked.ring_mode,
        announce=asked.announce,
    )
    if asked.quiet_hours is not None:
        hours = ((one.weekdays, one.start, one.end) for one in asked.quiet_hours)
        rules.set_quiet_hours(db, asked.user, hours)
    return _view(db, asked.user, limits, now)


def _view(db: Session, user: UUID, house: Limits, now: datetime) -> SettingsView:
    row = users.get(db, user)
    own = users.limits(row, house)
    return SettingsView(
        language=row.language,
        language_is_chosen=row.language_is_chosen,
        time_zone=row.time_zone,
        ring_mode=row.ring_mode,
        announce=row.announce,
        quiet_hours=tuple(quiet_hours_view(one) for one in rules.quiet_hours(db, user)),
        has_greeting=row.has_greeting,
        minutes_a_day=own.minutes_a_day,
        longest_call_minutes=own.longest_call_minutes,
        concurrent_calls=own.concurrent_calls,
        minutes_used_today=round(legs.used_today(db, user, now) / 60),
    )
