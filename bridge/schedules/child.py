"""The process that reads calendars; `reading` is our side of it."""

import socket
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bridge.children.serving import serve
from bridge.schedules.calendars import calendar
from bridge.schedules.schedule import following, upcoming


def read(body: bytes, head: dict[str, Any]) -> Any:
    schedule = calendar(body)
    match head:
        case {"zone": zone, "after": after, "until": until, "horizon": horizon}:
            times, coming = upcoming(
                *(schedule, ZoneInfo(zone), datetime.fromisoformat(after)),
                *(datetime.fromisoformat(until), timedelta(seconds=horizon)),
            )
            return times, coming
        case {"zone": zone, "after": after}:
            return following(schedule, ZoneInfo(zone), datetime.fromisoformat(after))


def main(end: socket.socket) -> None:
    serve(end, read)
