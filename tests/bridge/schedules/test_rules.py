"""Recurrence rules: RFC 5545's own examples, and what dateutil says about any others."""

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BadInput
from bridge.schedules import Schedule
from tests.bridge.schedules.asking import BERLIN, LIMA, clocks, events

NEW_YORK = "DTSTART;TZID=America/New_York:"


def repeated(rule: str, start: str = "19970902T090000") -> Schedule:
    return events(f"DTSTART:{start}|RRULE:{rule}")


@pytest.mark.parametrize(
    ("start", "rule", "days"),
    [
        # RFC 5545 section 3.8.5.3
        ("19970902", "FREQ=DAILY;COUNT=3", "0902 0903 0904"),
        ("19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "0902 0912 0922 1002 1012"),
        ("19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=4", "0902 0916 0930 1014"),
        ("19970902", "FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH", "0902 0904 0909 0911"),
        ("19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH", "0902 0904 0916 0918"),
        ("19970905", "FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "0905 1003 1107"),
        ("19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU", "0907 0928 1102 1130"),
        ("19970922", "FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "0922 1020 1117"),
        ("19970928", "FREQ=MONTHLY;BYMONTHDAY=-3;UNTIL=19971231", "0928 1029 1128 1229"),
        ("19970930", "FREQ=MONTHLY;COUNT=5;BYMONTHDAY=1,-1", "0930 1001 1031 1101 1130"),
        ("19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "0904 1007 1106"),
        ("19970929", "FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "0929 1030 1127"),
        ("19970913", "FREQ=MONTHLY;COUNT=2;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "0913 1011"),
        ("19970902", "FREQ=MONTHLY;COUNT=2;BYDAY=FR;BYMONTHDAY=13", "0902"),
        ("19970610", "FREQ=YEARLY;COUNT=2;BYMONTH=6,7", "0610 0710"),
        ("19970519", "FREQ=YEARLY;BYDAY=20MO;COUNT=1", "0519"),
        ("19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=1", "0512"),
        ("19970101", "FREQ=YEARLY;COUNT=3;BYYEARDAY=1,100,200", "0101 0410 0719"),
        ("19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH;COUNT=3", "0313 0320 0327"),
        # days that not every month has
        ("19970131", "FREQ=MONTHLY;COUNT=4", "0131 0331 0531 0731"),
        ("19970101", "FREQ=YEARLY;BYYEARDAY=-1,-365", "0101 1231"),
    ],
)  # fmt: skip
def test_days_are_those_of_the_rfc(start: str, rule: str, days: str) -> None:
    schedule = events(f"{NEW_YORK}{start}T090000|RRULE:{rule}")
    found = clocks(schedule, BERLIN, "1997-01-01 00:00", "1997-12-31 23:59")
    assert [one[5:7] + one[8:10] for one in found] == days.split()
    # 28 March to 6 April, and a week in October: only one of the two has changed its clocks
    assert {one.partition(" ")[2] for one in found} <= {"15:00", "16:00"}


@pytest.mark.parametrize(("week_start", "days"), [("MO", "05 10 19 24"), ("SU", "05 17 19 31")])
def test_the_day_on_which_a_week_begins_matters(week_start: str, days: str) -> None:
    rule = f"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST={week_start}"
    found = clocks(repeated(rule, "19970805T090000"), LIMA, "1997-08-01 00:00", "1997-09-01 00:00")
    assert [one[8:10] for one in found] == days.split()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-12-30", "2025-12-22"),
        ("2025-12-29", "2026-12-28"),
        ("2027-01-04", "2027-12-27"),
        ("2028-01-03", "2028-12-25"),
    ],
)
def test_the_first_week_of_a_year_has_most_of_its_days_in_it(first: str, last: str) -> None:
    rule = repeated("FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO", "20200106T070000")
    found = clocks(rule, LIMA, f"{first} 00:00", f"{last} 23:59")
    assert (found[0], found[-1]) == (f"{first} 07:00", f"{last} 07:00")
    assert len(found) == 2


def test_a_leap_day_comes_every_four_years() -> None:
    found = clocks(
        repeated("FREQ=YEARLY", "20240229T070000"), LIMA, "2024-01-01 00:00", "2033-01-01 00:00"
    )
    assert found == ["2024-02-29 07:00", "2028-02-29 07:00", "2032-02-29 07:00"]


def test_the_last_workday_of_a_week_is_found_in_the_week_of_the_start_too() -> None:
    rule = repeated("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "20270106T070000")
    found = clocks(rule, LIMA, "2027-01-06 07:00", "2027-01-16 00:00")
    assert found == ["2027-01-08 07:00", "2027-01-15 07:00"]


def test_several_times_a_day_are_counted_each() -> None:
    rule = repeated("FREQ=DAILY;BYHOUR=7,19;BYMINUTE=0,30;COUNT=5", "20270101T070000")
    assert clocks(rule, LIMA, "2027-01-01 00:00", "2027-01-05 00:00") == [
        "2027-01-01 07:00", "2027-01-01 07:30", "2027-01-01 19:00", "2027-01-01 19:30",
        "2027-01-02 07:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        "", "DAILY", "FREQ=", "FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=DAILY;FOO=1",
        "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=1,2", "FREQ=DAILY;COUNT=1,2", "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=1;UNTIL=20270101",
        "FREQ=DAILY;COUNT=x", "FREQ=DAILY;UNTIL=", "FREQ=DAILY;UNTIL=20270230",
        "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYDAY=XX", "FREQ=MONTHLY;BYDAY=+MO", "FREQ=YEARLY;BYWEEKNO=54",
        "FREQ=YEARLY;BYYEARDAY=367", "FREQ=DAILY;WKST=1", "FREQ=DAILY;BYSECOND=60",
    ],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused(rule: str) -> None:
    with pytest.raises(BadInput, match="bad_calendar"):
        repeated(rule)


def numbers(lowest: int, highest: int, most: int = 3) -> st.SearchStrategy[str]:
    each = st.integers(lowest, highest).filter(bool)
    return st.lists(each, min_size=1, max_size=most, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


def some_of(words: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=4, unique=True).map(",".join)


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BYDAY = some_of(WEEKDAYS).map("BYDAY={}".format)
OF_MONTH = some_of(tuple(f"{n}{day}" for n in (1, 2, 3, 4, -1, -2) for day in WEEKDAYS)).map(
    "BYDAY={}".format
)
BYMONTHDAY = numbers(-31, 31).map("BYMONTHDAY={}".format)
BYMONTH = numbers(1, 12).map("BYMONTH={}".format)
TIMES = st.sampled_from(["", "BYHOUR=6,18", "BYMINUTE=0,30", "BYHOUR=7,8;BYMINUTE=15,45"])
ENDS = st.sampled_from(["", "COUNT=1", "COUNT=7", "COUNT=40", "UNTIL=20270315T120000"])
WKST = st.sampled_from(["", "WKST=SU", "WKST=TH"])
BYSETPOS = numbers(-4, 4).map("BYSETPOS={}".format)
NOTHING = st.just("")


def of(frequency: str, most: int, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Rules whose interval is `most` at most."""
    interval = st.integers(1, most).map("INTERVAL={}".format)
    chosen = st.tuples(st.just(f"FREQ={frequency}"), interval, TIMES, ENDS, WKST, *parts)
    return chosen.map(lambda words: ";".join(filter(None, words)))


# nothing that never comes: dateutil would look for it until the year 9999
RULES = st.one_of(
    of("DAILY", 40),
    of("DAILY", 5, st.one_of(BYDAY, BYMONTH)),
    of("WEEKLY", 5, NOTHING | BYDAY),
    of("WEEKLY", 1, BYDAY, BYMONTH),
    of("MONTHLY", 5, BYMONTHDAY | BYDAY | OF_MONTH, NOTHING | BYSETPOS),
    of("MONTHLY", 1, BYMONTHDAY, BYDAY),
    of("YEARLY", 2, BYMONTH, BYDAY | OF_MONTH | numbers(1, 28).map("BYMONTHDAY={}".format)),
    of("YEARLY", 2, numbers(-365, 365).map("BYYEARDAY={}".format)),
    of("YEARLY", 1, numbers(-52, 52).map("BYWEEKNO={}".format), BYDAY),
    of("YEARLY", 2, numbers(-50, 50).map(lambda found: f"BYDAY={found.split(',')[0]}WE")),
    of("YEARLY", 1, BYDAY, BYSETPOS),
)


@given(
    rule=RULES,
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),
    skipped=st.integers(0, 500),
)
def test_days_are_those_of_dateutil(rule: str, start: datetime, skipped: int) -> None:
    start = start.replace(second=0, microsecond=0)
    first = start + timedelta(days=skipped, minutes=-1)
    last = first + timedelta(days=300)
    # a start that its own rule does not hit rings all the same (RFC 5545 section 3.8.5.3)
    expected = {start, *rrulestr(rule, dtstart=start).between(first, last, inc=True)}
    found = clocks(repeated(rule, f"{start:%Y%m%dT%H%M%S}"), LIMA, str(first), str(last))
    assert found == [f"{one:%Y-%m-%d %H:%M}" for one in sorted(expected) if first < one <= last]
