"""Calendars: exceptions, what is no call, and what cannot be read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.errors import BadInput
from bridge.schedules import Schedule, following, of_programme
from bridge.schedules.calendars import calendar as of_calendar
from bridge.store.listening.stations import Programme
from tests.bridge.schedules.asking import BERLIN, clocks, events, utc

DAILY = "UID:1|DTSTART;TZID=Europe/Berlin:20270101T070000|RRULE:FREQ=DAILY"
WEEK = "2027-01-01 00:00", "2027-01-07 23:59"


def days(schedule: Schedule, zone: ZoneInfo = BERLIN) -> list[int]:
    """Of the first week of January 2027 on which it rings at seven."""
    found = [one.split() for one in clocks(schedule, zone, *WEEK)]
    assert {clock for _, clock in found} <= {"07:00"}
    return [int(day[-2:]) for day, _ in found]


def test_an_all_day_event_is_no_call() -> None:
    assert days(events("DTSTART;VALUE=DATE:20270101|RRULE:FREQ=DAILY")) == []
    assert days(events(f"{DAILY};COUNT=2|RDATE;VALUE=DATE:20270105")) == [1, 2]


def test_a_cancelled_event_is_no_call() -> None:
    assert days(events(f"{DAILY}|STATUS:CANCELLED")) == []
    assert days(events(f"{DAILY};COUNT=2|STATUS:CONFIRMED")) == [1, 2]


@pytest.mark.parametrize(
    "exception",
    [
        "EXDATE;TZID=Europe/Berlin:20270102T070000,20270104T070000",
        "EXDATE:20270102T060000Z|EXDATE:20270104T060000Z",
        "EXDATE;TZID=Asia/Kathmandu:20270102T114500,20270104T114500",
        "EXDATE:20270102T070000,20270104T070000",
        "EXDATE;VALUE=DATE:20270102,20270104",
    ],
)
def test_an_exdate_takes_an_occurrence_out_however_it_is_written(exception: str) -> None:
    assert days(events(f"{DAILY}|{exception}")) == [1, 3, 5, 6, 7]


def test_an_rdate_adds_one() -> None:
    start = "DTSTART;TZID=Europe/Berlin:20270102T070000"
    added = "RDATE;TZID=Europe/Berlin:20270104T070000|RDATE:20270105T060000Z,20270105T060000Z"
    assert days(events(f"{start}|{added}")) == [2, 4, 5]
    period = "RDATE;VALUE=PERIOD:20270106T060000Z/PT1H,20270107T060000Z/20270107T070000Z"
    assert days(events(f"{start}|{period}")) == [2, 6, 7]


def test_one_of_a_series_that_was_moved_rings_at_its_new_time_only() -> None:
    moved = "UID:1|RECURRENCE-ID;TZID=Europe/Berlin:20270103T070000|DTSTART:20270103T173000Z"
    for calendar in (events(f"{DAILY};COUNT=4", moved), events(moved, f"{DAILY};COUNT=4")):
        assert clocks(calendar, BERLIN, *WEEK) == [
            "2027-01-01 07:00", "2027-01-02 07:00", "2027-01-03 18:30", "2027-01-04 07:00",
        ]  # fmt: skip


@pytest.mark.parametrize(
    "instead", ["DTSTART:20270103T060000Z|STATUS:CANCELLED", "DTSTART;VALUE=DATE:20270103"]
)
def test_one_of_a_series_that_became_no_call_does_not_ring(instead: str) -> None:
    gone = f"UID:1|RECURRENCE-ID:20270103T060000Z|{instead}"
    assert days(events(DAILY, gone)) == [1, 2, 4, 5, 6, 7]


def test_of_two_versions_of_an_event_the_later_one_counts() -> None:
    for sequences in ((1, 0), (0, 1)):
        versions = [
            f"UID:1|SEQUENCE:{number}|DTSTART:2027010{4 + number}T060000Z" for number in sequences
        ]
        assert days(events(*versions)) == [5]
    nameless = "DTSTART:20270102T060000Z", "DTSTART:20270103T060000Z"
    assert days(events(*nameless)) == [2, 3]


def test_events_at_the_same_time_are_one_call() -> None:
    assert days(events(DAILY, "UID:2|DTSTART:20270103T060000Z")) == [1, 2, 3, 4, 5, 6, 7]


def test_an_event_begins_and_ends_when_it_says() -> None:
    assert days(events(f"{DAILY};UNTIL=20270103T060000Z")) == [1, 2, 3]
    assert days(events(f"{DAILY};UNTIL=20270103T055959Z")) == [1, 2]
    assert days(events(f"{DAILY};UNTIL=20270103T070000")) == [1, 2, 3]
    assert days(events(f"{DAILY};UNTIL=20270103")) == [1, 2, 3]
    assert days(events(DAILY.replace("20270101", "20270105"))) == [5, 6, 7]


def test_what_is_long_over_is_never_due_and_what_is_far_away_comes() -> None:
    over = events("DTSTART:20200101T070000Z|RRULE:FREQ=DAILY;COUNT=3")
    assert following(over, BERLIN, utc("2027-01-01 00:00")) is None
    far = events("DTSTART:20280105T070000Z")
    assert following(far, BERLIN, utc("2027-01-05 00:00")) == utc("2028-01-05 07:00")
    assert following(far, BERLIN, utc("2026-01-05 00:00")) is None


def test_folded_lines_alarms_and_what_nobody_knows_do_no_harm() -> None:
    calendar = events(
        "SUMMARY:Mass\\, sung:|DTSTART;TZID=Europe/Ber| lin:20270102T0|\t70000|X-ODD;A=\"b:c\":d"
        "|BEGIN:VALARM|TRIGGER:-PT15M|DTSTART:20270105T060000Z|END:VALARM",
        before="BEGIN:VTODO|DTSTART:20270103T060000Z|END:VTODO|",
    )  # fmt: skip
    assert days(calendar) == [2]


def test_byte_order_marks_small_letters_and_bare_newlines_are_read() -> None:
    text = (
        "\ufeffbegin:vcalendar\nbegin:vevent\ndtstart:20270102T060000Z\nend:vevent\nend:vcalendar"
    )
    assert days(of_calendar(text.encode())) == [2]


@pytest.mark.parametrize(
    "written",
    [
        b"", b"\x00\xff", b"<html>", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"END:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270101T0700",
    ],
)  # fmt: skip
def test_what_is_no_calendar_or_was_cut_off_is_refused(written: bytes) -> None:
    with pytest.raises(BadInput, match="bad_calendar"):
        of_programme(Programme(cron="", calendar=written))


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:tomorrow", "DTSTART:20270230T070000", "DTSTART:20270101T250000",
        "DTSTART:00010101T000000Z", "DTSTART:99991231T235959Z", "DTSTART:٢٠٢٧٠١٠١T070000",
        f"{DAILY}|EXDATE:never", f"{DAILY}|RDATE:P1D", f"{DAILY}|RECURRENCE-ID:x",
    ],
)  # fmt: skip
def test_a_time_that_is_none_is_refused(lines: str) -> None:
    with pytest.raises(BadInput, match="bad_calendar"):
        events(lines)


def test_a_calendar_that_was_not_fetched_yet_is_never_due() -> None:
    row = Programme(cron="", calendar=None, calendar_address="https://cal.example/a.ics")
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert following(of_programme(row), BERLIN, now + timedelta(days=1)) is None
