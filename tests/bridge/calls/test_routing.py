"""Routing is pure: what it decides for any rules, caller and time."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bridge.api.preferences import Preferences
from bridge.api.views import PhoneView, QuietHoursView
from bridge.calls.policy.block_list import is_blocked
from bridge.calls.policy.routing import BUSY_WAIT, Plan, plan
from bridge.calls.ports.subscriber import SubscriberProfile
from bridge.schedules.quiet_hours import is_quiet
from bridge.terms import Party, RingMode

BERLIN = ZoneInfo("Europe/Berlin")
ADA = Party("+4930123456", "Ada", "sip")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def rules(**decided: object) -> SubscriberProfile:
    return SubscriberProfile(
        **{  # type: ignore[arg-type]  # named as in Rules
            "user": UUID(int=0),
            "language": "en",
            "zone": BERLIN,
            "country": "DE",
            "countries": frozenset({"DE"}),
            **decided,
        }
    )


def phone(position: int, enabled: bool = True, verified: bool = True) -> PhoneView:
    address = f"sip:{position}@house"
    return PhoneView(
        id=uuid4(),
        label=f"phone {position}",
        address=address,
        position=position,
        ring_seconds=20,
        enabled=enabled,
        verified=verified,
    )


phones = some.builds(phone, some.integers(0, 9), some.booleans(), some.booleans())
quiet_hours = some.builds(
    QuietHoursView,
    weekdays=some.frozensets(some.integers(0, 6)),
    start=some.times(),
    end=some.times(),
)
instants = some.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=some.just(UTC))
any_rules = some.builds(
    lambda zone, **decided: rules(zone=ZoneInfo(zone), **decided),
    some.sampled_from(["Europe/Berlin", "UTC", "America/New_York", "Australia/Lord_Howe"]),
    phones=some.lists(phones, max_size=6).map(tuple),
    preferences=some.builds(Preferences, ring_mode=some.sampled_from(RingMode)),
    quiet_hours=some.lists(quiet_hours, max_size=3).map(tuple),
    blocked=some.lists(some.text(max_size=20), max_size=3).map(tuple),
)
callers = some.builds(Party, some.text(max_size=30), some.text(max_size=30))


@given(any_rules, callers, instants, some.booleans())
def test_a_plan_rings_only_what_may_ring_and_says_why_it_does_not(
    rules: SubscriberProfile, caller: Party, now: datetime, engaged: bool
) -> None:
    made = plan(rules, caller, now, engaged)
    rung = [phone for phones in made.rounds for phone in phones]
    assert all(phone.enabled and phone.verified for phone in rung)
    assert len({phone.id for phone in rung}) == len(rung)
    assert bool(rung) != bool(made.reason)  # it rings, or it says why not
    assert made.rejected == (made.reason == "blocked")
    assert made.wait_seconds == (BUSY_WAIT if made.reason == "busy_line" else 0)
    if rung:
        assert {phone.id for phone in rung} == {p.id for p in rules.phones if p.rings}
        assert [one.position for one in rung] == sorted(one.position for one in rung)
        one_by_one = all(len(phones) == 1 for phones in made.rounds)
        assert (
            one_by_one
            if rules.preferences.ring_mode is RingMode.IN_ORDER
            else len(made.rounds) == 1
        )


def test_in_order() -> None:
    second, first = phone(1), phone(0)
    in_order = Preferences(ring_mode=RingMode.IN_ORDER)
    made = plan(rules(phones=(second, first), preferences=in_order), ADA, NOON)
    assert made == Plan(rounds=((first,), (second,)))


def test_together() -> None:
    second, first = phone(1), phone(0)
    assert plan(rules(phones=(second, first)), ADA, NOON) == Plan(rounds=((first, second),))


def test_what_comes_first() -> None:
    """Blocked, then quiet, then no phone, then busy."""
    always = (QuietHoursView(start=time(0), end=time(0)),)
    everything = rules(blocked=("+4930123456",), quiet_hours=always)
    assert plan(everything, ADA, NOON, engaged=True).reason == "blocked"
    assert plan(rules(quiet_hours=always), ADA, NOON, engaged=True).reason == "quiet_hours"
    assert plan(rules(), ADA, NOON, engaged=True).reason == "no_phone"
    assert plan(rules(phones=(phone(0),)), ADA, NOON, engaged=True).reason == "busy_line"


# --- quiet hours ---------------------------------------------------------------------------------

NIGHT = QuietHoursView(start=time(22), end=time(7))
WORKDAY_NIGHT = QuietHoursView(weekdays=frozenset(range(5)), start=time(22), end=time(7))
SLEEPING_IN = QuietHoursView(weekdays=frozenset({5, 6}), start=time(1, 30), end=time(2, 30))


def in_berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "local", "quiet"),
    [
        (NIGHT, "2026-03-04 21:59:59", False),
        (NIGHT, "2026-03-04 22:00", True),
        (NIGHT, "2026-03-05 00:00", True),
        (NIGHT, "2026-03-05 06:59:59", True),
        (NIGHT, "2026-03-05 07:00", False),
        # a range belongs to the day it starts on: Friday's night ends on Saturday morning ...
        (WORKDAY_NIGHT, "2026-03-06 23:00", True),
        (WORKDAY_NIGHT, "2026-03-07 06:00", True),
        # ... and Sunday's night does not begin
        (WORKDAY_NIGHT, "2026-03-07 23:00", False),
        (WORKDAY_NIGHT, "2026-03-08 23:00", False),
        (WORKDAY_NIGHT, "2026-03-09 06:00", False),
        (QuietHoursView(start=time(12), end=time(0)), "2026-03-04 23:59", True),
        (QuietHoursView(start=time(12), end=time(0)), "2026-03-04 00:00", False),
        (
            QuietHoursView(weekdays=frozenset(), start=time(0), end=time(12)),
            "2026-03-04 09:00",
            False,
        ),
    ],
)
def test_quiet_by_the_clock_on_the_wall(hours: QuietHoursView, local: str, quiet: bool) -> None:
    assert is_quiet((hours,), in_berlin(local), BERLIN) is quiet


def test_in_the_night_when_the_clock_is_put_back_the_hour_counts_twice() -> None:
    hours = (SLEEPING_IN,)
    half_past_two = datetime(2026, 10, 25, 0, 29, tzinfo=UTC)  # summer time
    assert is_quiet(hours, half_past_two, BERLIN)
    assert not is_quiet(hours, half_past_two + timedelta(minutes=2), BERLIN)
    assert is_quiet(hours, half_past_two + timedelta(hours=1), BERLIN)  # the same on the wall


def test_in_the_night_when_the_clock_is_put_forward_the_range_ends_early() -> None:
    hours = (SLEEPING_IN,)
    assert is_quiet(hours, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), BERLIN)  # 1:59
    assert not is_quiet(hours, datetime(2026, 3, 29, 1, 0, tzinfo=UTC), BERLIN)  # 3:00


def test_it_is_the_user_s_clock_that_counts() -> None:
    now = datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert is_quiet((NIGHT,), now, BERLIN)
    assert not is_quiet((NIGHT,), now, ZoneInfo("America/New_York"))


# --- the block list ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "caller"),
    [
        ("+4930123456", "+4930123456"),
        ("030 / 12 34 56", "+4930123456"),
        ("0049 30 123456", "030123456"),
        ("(030) 123-456", "sip:+4930123456@provider.example"),
        ("+4930*", "+4930123456"),
        ("0900*", "+499001234567"),
        ("0043*", "+4312345678"),
        ("+1 876 *", "+18765551234"),
        ("sip:Spam@Bad.example", "sip:spam@bad.example"),
        ("spam@bad.example", "sip:spam@bad.example"),
        ("sip:spam*", "sip:spammer@bad.example"),
        ("tel:+4930123456", "+4930123456"),
        ("anonymous", ""),
        ("anonymous", "anonymous"),
        ("Anonymous", "sip:anonymous@anonymous.invalid"),
        ("110", "110"),
    ],
)
def test_blocked(entry: str, caller: str) -> None:
    assert is_blocked(rules(blocked=("+4999", entry)), Party(caller))


@pytest.mark.parametrize(
    ("entry", "caller"),
    [
        ("+4930123456", "+49301234567"),
        ("+4930123456", "+433012345"),
        ("+4930*", "+4940123456"),
        ("030*", "+4330123456"),
        ("*", "+4930123456"),  # a slip of the finger must not block everybody
        ("", "+4930123456"),
        ("anonymous", "+4930123456"),
        ("+4930*", ""),
        ("spam@bad.example", "sip:spam@good.example"),
    ],
)
def test_not_blocked(entry: str, caller: str) -> None:
    assert not is_blocked(rules(blocked=(entry,)), Party(caller))
