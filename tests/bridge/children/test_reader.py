"""Readers of all kinds: what they read, what they refuse, and what their children may say."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from bridge.children.kinds import ChildKind
from bridge.children.reader import Reader, ReadingRefused
from bridge.desk.imports import reading as imports
from bridge.errors import BadInput
from bridge.schedules import Occurrence
from bridge.schedules.reading import CalendarReader
from tests.bridge.schedules.asking import BERLIN
from tests.peers.programs import until

NUMBER: TypeAdapter[int] = TypeAdapter(int)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T200000Z\r\n"
    b"RRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CHILD = """
import os
import socket
from bridge.children.serving import serve
from bridge.errors import BadInput


def read(body, head):
    match body:
        case b"refuse":
            raise BadInput("bad_vcard")
        case b"stumble":
            raise ZeroDivisionError
        case b"eat":
            raise MemoryError
        case b"crash":
            os._exit(3)
        case b"spin":
            while True:
                pass
        case b"long":
            return "x" * (65 << 20)
    return len(body) + head["more"]


def main(end):
    serve(end, read)
"""
LIAR = """
import json


def main(end):
    with end.makefile("rb") as asked:
        while line := asked.readline():
            asked.read(json.loads(line)["length"])
            end.sendall(ANSWER)
"""


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "child_reader.py").write_text(CHILD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


async def test_one_thing_after_another_in_one_child() -> None:
    async with Reader(ChildKind("child_reader"), within=30) as reader:
        assert await reader.ask(NUMBER, b"abc", more=4) == 7
        first = reader.pid
        with pytest.raises(ReadingRefused, match="bad_vcard"):
            await reader.ask(NUMBER, b"refuse")
        with pytest.raises(ReadingRefused):
            await reader.ask(NUMBER, b"stumble")
        assert await reader.ask(NUMBER, b"", more=1) == 1
        assert reader.pid == first


@pytest.mark.parametrize("body", [b"eat", b"crash", b"spin", b"long"])
async def test_what_breaks_a_child_costs_the_next_thing_nothing(body: bytes) -> None:
    async with Reader(ChildKind("child_reader", seconds=1), within=30) as reader:
        with pytest.raises(ReadingRefused):
            await reader.ask(NUMBER, body)
        assert await reader.ask(NUMBER, b"abc", more=0) == 3


@pytest.mark.parametrize(
    "answer",
    [
        *(b"\n", b"null\n", b'"5"\n', b"[5]\n", b"{}\n", b"NaN\n", b"1" * 5000 + b"\n", b"\xff\n"),
        *(b"[" * 100_000 + b"\n", b"!" + b"x" * 100 + b"\n", b"!bad vcard\n", b"!\xff\n"),
    ],
)
async def test_a_child_that_was_taken_over_says_nothing_else(tmp_path: Path, answer: bytes) -> None:
    (tmp_path / "child_liar.py").write_text(LIAR.replace("ANSWER", repr(answer)))
    strict: TypeAdapter[int] = TypeAdapter(int, config={"strict": True})
    async with Reader(ChildKind("child_liar"), within=30) as reader:
        with pytest.raises(ReadingRefused, match=r"^$"):
            await reader.ask(strict, b"abc")


async def test_it_goes_when_there_is_nothing_to_read() -> None:
    async with Reader(ChildKind("child_reader"), within=30, idle=0.01) as reader:
        assert await reader.ask(NUMBER, b"abc", more=0) == 3
        pid = reader.pid
        await until(lambda: not _runs(pid), "the child to go")
        assert await reader.ask(NUMBER, b"abc", more=0) == 3
        assert reader.pid != pid


# --- calendars -----------------------------------------------------------------------------------


def programme(calendar: bytes | None = None, cron: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        weekdays=None, at=None, calendar=calendar, calendar_address="", cron=cron
    )


async def test_a_calendar_and_a_cron_expression_are_due_alike() -> None:
    until_ = NOON + timedelta(days=2)
    async with CalendarReader() as reader:
        for source in (programme(CALENDAR), programme(cron="0 21 * * *")):
            times, coming = await reader.upcoming(source, BERLIN, NOON, until_, timedelta(days=8))
            assert [one.key for one in times] == ["21:00", "21:00"]
            assert isinstance(times[0], Occurrence)
            assert coming == times[1].at + timedelta(days=1)
            assert await reader.following(source, BERLIN, NOON) == times[0].at


async def test_what_is_no_calendar_is_refused() -> None:
    async with CalendarReader() as reader:
        for deed in (
            lambda: reader.check(b"BEGIN:VEVENT"),
            lambda: reader.following(programme(b"\xff" * 100), BERLIN, NOON),
            lambda: reader.upcoming(
                programme(b"<html>"), BERLIN, NOON, NOON + timedelta(days=1), timedelta(days=8)
            ),
        ):
            with pytest.raises(BadInput, match="bad_calendar"):
                await deed()
        await reader.check(CALENDAR)


@pytest.mark.parametrize(
    ("times", "coming"),
    [
        ([NOON + timedelta(days=1, hours=1)], NOON + timedelta(days=2)),
        ([NOON], NOON + timedelta(days=2)),
        ([NOON + timedelta(hours=1)] * 100, NOON + timedelta(days=2)),
        ([], NOON + timedelta(hours=1)),
        ([], NOON + timedelta(days=400)),
    ],
    ids=["later", "earlier", "too many", "again at once", "never again"],
)
async def test_a_calendar_s_child_that_was_taken_over_rings_no_phone(
    tmp_path: Path, times: list[datetime], coming: datetime
) -> None:
    found = [Occurrence(one, one.date(), "12:00") for one in times]
    answer = TypeAdapter(tuple[list[Occurrence], datetime]).dump_json((found, coming)) + b"\n"
    (tmp_path / "child_liar.py").write_text(LIAR.replace("ANSWER", repr(answer)))
    async with CalendarReader(ChildKind("child_liar")) as reader:
        with pytest.raises(BadInput, match="bad_calendar"):
            await reader.upcoming(
                programme(CALENDAR),
                ZoneInfo("UTC"),
                NOON,
                NOON + timedelta(days=1),
                timedelta(days=8),
            )


# --- what users send -----------------------------------------------------------------------------


async def test_files_of_users_are_read() -> None:
    cards = "BEGIN:VCARD\nFN:Ada\nTEL:+49301234567\nX-SIP:ada@a.example\nEND:VCARD\n"
    assert await imports.vcards(cards) == [("Ada", ["+49301234567", "sip:ada@a.example"])]
    outlines = '<opml version="2.0"><body><outline xmlUrl="http://a.test/"/></body></opml>'
    assert await imports.opml(outlines) == ["http://a.test/"]


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (imports.vcards, "", "bad_vcard"),
        (imports.vcards, "\ud800", "bad_vcard"),
        (imports.vcards, "BEGIN:VCARD\nEND:VCARD\n" * 2001, "too_long"),
        (imports.opml, "<opml>", "bad_opml"),
        (imports.opml, '<!DOCTYPE x [<!ENTITY a "a">]><opml/>', "bad_opml"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    read: Callable[[str], Awaitable[object]], text: str, code: str
) -> None:
    with pytest.raises(BadInput, match=code):
        await read(text)


def _runs(pid: int | None) -> bool:
    """Not even as a zombie."""
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
