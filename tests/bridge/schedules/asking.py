"""What the tests of schedules ask, in the fewest words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bridge import schedules
from bridge.schedules import Schedule
from bridge.schedules.calendars import calendar

BERLIN = ZoneInfo("Europe/Berlin")
LIMA = ZoneInfo("America/Lima")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


def utc(text: str) -> datetime:
    """ "2027-03-28 01:00" """
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rung(schedule: Schedule, zone: ZoneInfo, after: str, until: str) -> list[str]:
    """Instants in UTC; the two are local times."""
    found = schedules.between(schedule, zone, _local(after, zone), _local(until, zone))
    return [f"{one.at:%Y-%m-%d %H:%M}" for one in found]


def clocks(schedule: Schedule, zone: ZoneInfo, after: str, until: str) -> list[str]:
    """What the user's clock shows."""
    found = schedules.between(schedule, zone, _local(after, zone), _local(until, zone))
    return [f"{one.local_date} {one.key}" for one in found]


def by_minutes(schedule: Schedule, zone: ZoneInfo, after: str, until: str) -> list[str]:
    """As a scheduler sees them that asks anew each minute."""
    now, end, found = _local(after, zone), _local(until, zone), []
    while now < end:
        now, before = now + timedelta(minutes=1), now
        found += schedules.between(schedule, zone, before, now)
    return [f"{one.at:%Y-%m-%d %H:%M}" for one in found]


def _local(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def events(*each: str, before: str = "") -> Schedule:
    """A calendar; an event is its lines, with | between them."""
    text = "BEGIN:VCALENDAR|VERSION:2.0|" + before
    text += "".join(f"BEGIN:VEVENT|{one}|END:VEVENT|" for one in each) + "END:VCALENDAR|"
    return calendar(text.replace("|", "\r\n").encode())
