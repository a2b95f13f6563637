"""Zones as calendars describe them show the time that zoneinfo shows, where both know them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.errors import BadInput
from bridge.schedules.content import Component, Property
from bridge.schedules.observances import Observances
from bridge.schedules.rule_text import Budget
from bridge.schedules.zones import Zones
from tests.bridge.schedules.asking import BERLIN, LORD_HOWE


def observance(name: str, start: str, before: str, after: str, rule: str = "") -> Component:
    lines = {"DTSTART": start, "TZOFFSETFROM": before, "TZOFFSETTO": after, "RRULE": rule}
    return Component(name, {key: [Property(value)] for key, value in lines.items() if value})


def described(*observances: Component, budget: Budget | None = None) -> Observances:
    zone = Component("VTIMEZONE", {"TZID": [Property("Odd")]}, list(observances))
    found = Zones([zone], budget or Budget()).named("Odd")
    assert isinstance(found, Observances)
    return found


YEARLY = "FREQ=YEARLY;BYMONTH={};BYDAY={}".format
LIKE_BERLIN = (
    observance("STANDARD", "19701025T030000", "+0200", "+0100", YEARLY(10, "-1SU")),
    observance("DAYLIGHT", "19700329T020000", "+0100", "+0200", YEARLY(3, "-1SU")),
)
LIKE_LORD_HOWE = (
    observance("STANDARD", "20080406T020000", "+1100", "+1030", YEARLY(4, "1SU")),
    observance("DAYLIGHT", "20081005T020000", "+1030", "+1100", YEARLY(10, "1SU")),
)
ZONES = [(described(*LIKE_BERLIN), BERLIN), (described(*LIKE_LORD_HOWE), LORD_HOWE)]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))
BESIDE_A_CHANGE = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2027, 3, 28, 1), datetime(2027, 10, 31, 1),
            datetime(2027, 4, 3, 15), datetime(2027, 10, 2, 15, 30),
        ]
    ),
    st.integers(-150, 150),
)  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs"), ZONES, ids=["Berlin", "Lord Howe"])
@given(moment=MOMENTS | BESIDE_A_CHANGE)
@example(moment=datetime(2027, 12, 31, 23, 59))
def test_instants_have_the_same_local_times(
    ours: Observances, theirs: ZoneInfo, moment: datetime
) -> None:
    here, there = (moment.replace(tzinfo=UTC).astimezone(zone) for zone in (ours, theirs))
    assert here.replace(tzinfo=None) == there.replace(tzinfo=None)
    assert (here.fold, here.utcoffset()) == (there.fold, there.utcoffset())


@pytest.mark.parametrize(("ours", "theirs"), ZONES, ids=["Berlin", "Lord Howe"])
@given(
    wall=MOMENTS | BESIDE_A_CHANGE.map(lambda one: one + timedelta(hours=1)),
    fold=st.integers(0, 1),
)
def test_local_times_are_the_same_instants(
    ours: Observances, theirs: ZoneInfo, wall: datetime, fold: int
) -> None:
    here, there = (wall.replace(tzinfo=zone, fold=fold) for zone in (ours, theirs))
    assert here.astimezone(UTC) == there.astimezone(UTC)


def test_before_its_first_change_a_zone_is_as_it_was_before() -> None:
    zone = described(observance("STANDARD", "20270101T000000", "+0100", "+0530"))
    last = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    assert last.astimezone(zone).utcoffset() == timedelta(hours=1)
    assert (last + timedelta(minutes=1)).astimezone(zone).utcoffset() == timedelta(hours=5.5)


def test_a_rule_that_has_ended_changes_nothing_any_more() -> None:
    summer = observance(
        "DAYLIGHT",
        "20000326T020000",
        "+0100",
        "+0200",
        YEARLY(3, "-1SU") + ";UNTIL=20200329T010000Z",
    )
    winter = observance(
        "STANDARD", "20001029T030000", "+0200", "+0100", YEARLY(10, "-1SU") + ";COUNT=21"
    )
    zone = described(summer, winter)

    def offset(year: int) -> timedelta | None:
        return datetime(year, 7, 1, tzinfo=UTC).astimezone(zone).utcoffset()

    assert (offset(2020), offset(2021)) == (timedelta(hours=2), timedelta(hours=1))


def test_what_a_zone_costs_is_spent_once_for_each_year() -> None:
    budget = Budget()
    zone = described(*LIKE_BERLIN, budget=budget)
    moment = datetime(2027, 6, 1, tzinfo=UTC)
    moment.astimezone(zone)
    left = budget.left
    (moment + timedelta(days=30)).astimezone(zone)
    assert budget.left == left
    with pytest.raises(BadInput, match="bad_calendar"):
        [moment.replace(year=year).astimezone(zone) for year in range(1700, 2100)]
