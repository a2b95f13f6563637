"""Usage and limits: whatever happens at once, nobody gets more than he may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from bridge.errors import NotAllowed, UnknownTarget
from bridge.store import CallLimits, Store
from bridge.store.calls import usage
from bridge.store.people import phones, users
from tests.bridge.store.conftest import NOW, person
from tests.bridge.store.crowd import at_once

BERLIN = ZoneInfo("Europe/Berlin")
LIMITS = CallLimits(
    concurrent_calls=2, minutes_a_day=60, longest_call_minutes=30, house_minutes_a_day=100
)


def after(minutes: float, start: datetime = NOW) -> datetime:
    return start + timedelta(minutes=minutes)


class Line:
    """A user with one phone, as the tests speak of her."""

    def __init__(self, store: Store, user: UUID, limits: CallLimits = LIMITS) -> None:
        self.store, self.user, self.limits = store, user, limits
        with store.begin() as db:
            self.phone: UUID | None = phones.add(db, user, "Mobile", "+4930123456").id

    def opens(
        self, now: datetime = NOW, call: UUID | None = None, counted: bool = True
    ) -> usage.UsageTicket:
        with self.store.begin() as db:
            return usage.open(
                db,
                self.user,
                call or uuid4(),
                self.phone,
                counted=counted,
                now=now,
                limits=self.limits,
                house_zone=BERLIN,
            )

    def refused(self, now: datetime = NOW) -> tuple[str, str]:
        with pytest.raises(NotAllowed) as why:
            self.opens(now)
        return why.value.code, why.value.facts["limit"]

    def closes(self, ticket: usage.UsageTicket, minutes: float, now: datetime) -> None:
        with self.store.begin() as db:
            usage.close(db, self.user, ticket.id, minutes * 60, now)

    def talks(self, minutes: float, start: datetime = NOW) -> None:
        self.closes(self.opens(start), minutes, after(minutes, start))

    def left(self, ticket: usage.UsageTicket, now: datetime) -> float:
        """Minutes."""
        return self.renewed(ticket, now).seconds / 60

    def renewed(self, ticket: usage.UsageTicket, now: datetime) -> usage.Allowance:
        with self.store.begin() as db:
            renewed = usage.renew(
                db, self.user, ticket.id, now=now, limits=self.limits, house_zone=BERLIN
            )
        return renewed.left

    def used(self, now: datetime) -> float:
        with self.store.begin() as db:
            return usage.used_today(db, self.user, now) / 60


@pytest.fixture
def line(store: Store, ada: UUID) -> Line:
    return Line(store, ada)


def test_a_call_may_last_as_long_as_the_tightest_limit(line: Line) -> None:
    assert line.opens(counted=False).left.seconds == 30 * 60
    line.talks(40)
    assert line.opens(after(40)).left.seconds == 20 * 60


def test_a_call_counts_once_however_many_phones_it_rings(line: Line) -> None:
    first, second = uuid4(), uuid4()
    for call in (first, first, second, second, first):
        line.opens(call=call)
    assert line.refused() == ("concurrent_calls", "2")
    line.opens(call=first)


def test_a_call_that_is_over_makes_room(line: Line) -> None:
    tickets = [line.opens(), line.opens()]
    assert line.refused() == ("concurrent_calls", "2")
    line.closes(tickets[0], 1, after(1))
    line.opens(after(1))
    assert line.refused(after(1)) == ("concurrent_calls", "2")


def test_the_minutes_of_a_day_end(line: Line) -> None:
    line.talks(59.99)
    assert line.refused(after(60)) == ("minutes_today", "60")
    assert line.opens(after(60), counted=False).left.seconds == 1800  # a softphone costs nothing


def test_a_call_to_a_contact_counts_like_one_to_a_phone(line: Line) -> None:
    call = uuid4()
    mine = line.opens(call=call)
    line.phone = None  # from now on it is not a phone that is dialled
    theirs = line.opens(call=call)
    for leg in (mine, theirs):
        line.closes(leg, 29, after(29))
    assert line.used(after(29)) == 58
    assert line.opens(after(30)).left.seconds == 2 * 60
    line.opens(after(30), counted=False)
    assert line.refused(after(30)) == ("concurrent_calls", "2")


def test_what_does_not_cost_does_not_count(line: Line) -> None:
    line.closes(line.opens(counted=False), 600, after(600))
    assert line.used(after(600)) == 0


def test_a_ring_without_an_answer_counts_nothing(line: Line) -> None:
    line.closes(line.opens(), 0, after(5))
    assert line.used(after(5)) == 0


def test_running_calls_count_with_the_time_since_they_began(line: Line) -> None:
    ticket = line.opens()
    assert line.left(ticket, after(25)) == pytest.approx(5)  # the longest call
    assert line.used(after(25)) == 25
    other = line.opens(after(25))
    assert other.left.seconds == 30 * 60
    assert line.left(ticket, after(29)) == pytest.approx(1)
    assert line.left(other, after(30)) == pytest.approx(60 - 35)
    assert line.left(ticket, after(31)) < 0


def test_the_house_has_a_day_too(store: Store, line: Line, bob: UUID) -> None:
    line.talks(55)
    others = Line(store, bob)
    others.talks(40)
    assert others.opens(after(55)).left.seconds == pytest.approx(5 * 60)
    third = Line(store, person(store, "Cem"))
    assert third.opens(after(59)).left.seconds == pytest.approx(60)
    assert third.refused(after(59.5)) == ("house_minutes_today", "100")


def test_a_leg_knows_which_rule_will_end_it(store: Store, line: Line, bob: UUID) -> None:
    ticket = line.opens()
    assert (ticket.left.rule, ticket.left.limit) == ("longest_call", 30)
    line.talks(35)
    assert line.renewed(ticket, after(20)).rule == "minutes_today"
    Line(store, bob).talks(58)
    assert line.renewed(ticket, after(1)) == usage.Allowance(
        pytest.approx(6 * 60), "house_minutes_today", 100
    )


def test_own_limits_go_first(store: Store, line: Line, ada: UUID) -> None:
    with store.begin() as db:
        users.set_limits(db, ada, minutes_a_day=1, concurrent_calls=1)
    assert line.opens().left.seconds == 60
    assert line.refused() == ("concurrent_calls", "1")


# --- the day


def test_a_day_ends_at_the_users_midnight(store: Store) -> None:
    auckland = Line(store, person(store, "Aroha", "Pacific/Auckland"))  # UTC+13 then
    auckland.talks(50, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))  # 22:00 there
    assert auckland.used(datetime(2026, 11, 23, 10, 59, tzinfo=UTC)) == 50
    assert auckland.used(datetime(2026, 11, 23, 11, 0, tzinfo=UTC)) == 0


def test_a_call_over_midnight_counts_for_each_day_with_its_part(line: Line) -> None:
    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 24:00 in Berlin
    ticket = line.opens(after(-10, midnight))
    line.renewed(ticket, after(-2, midnight))
    assert line.used(after(-1, midnight)) == 9
    line.renewed(ticket, after(4, midnight))
    assert line.used(after(5, midnight)) == 5
    line.closes(ticket, 20, after(12, midnight))
    assert line.used(after(12, midnight)) == 12
    with line.store.begin() as db:
        row = users.get(db, line.user)
        row.time_zone = "UTC"
    assert line.used(after(12, midnight)) == 20


def test_the_day_of_the_clock_change_has_25_hours(line: Line) -> None:
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight in Berlin, summer time
    line.talks(30, start)
    assert line.used(start + timedelta(hours=24, minutes=59)) == 30
    assert line.used(start + timedelta(hours=25)) == 0


def test_another_time_zone_does_not_wind_the_day_back(store: Store, line: Line) -> None:
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    line.limits = CallLimits(2, 60, 60, 60)
    line.talks(60, after(-60, late))
    with store.begin() as db:
        users.change(db, line.user, time_zone="Asia/Dubai")  # midnight there
    assert line.used(late) == 0
    assert line.refused(late) == ("minutes_today", "60")


# --- ends


def test_closing_twice_changes_nothing(line: Line) -> None:
    ticket = line.opens()
    line.closes(ticket, 3, after(3))
    line.closes(ticket, 30, after(30))
    assert line.used(after(30)) == 3


def test_a_crashed_workers_legs_count_until_it_died(line: Line) -> None:
    line.opens()
    line.opens(after(1))
    with line.store.begin() as db:
        assert usage.close_of_lost(db, line.user, after(5)) == 2
        assert usage.close_of_lost(db, line.user, after(9)) == 0
    assert line.used(after(60)) == 5 + 4
    line.opens(after(60))


def test_after_a_night_without_power_they_count_until_last_seen(line: Line) -> None:
    ticket = line.opens()
    line.left(ticket, after(2))
    with line.store.begin() as db:
        assert usage.close_of_lost(db, line.user) == 1
    assert line.used(after(600)) == 2


def test_removing_the_phone_does_not_give_minutes_back(store: Store, line: Line) -> None:
    line.talks(20)
    with store.begin() as db:
        phones.remove(db, line.user, line.phone, NOW)
    assert line.used(after(20)) == 20


def test_nobody_touches_the_leg_of_another(store: Store, line: Line, bob: UUID) -> None:
    ticket = line.opens()
    for act in (
        lambda db: usage.close(db, bob, ticket.id, 0, NOW),
        lambda db: usage.renew(db, bob, ticket.id, now=NOW, limits=LIMITS, house_zone=BERLIN),
    ):
        with pytest.raises(UnknownTarget, match="no_such_leg"), store.begin() as db:
            act(db)
    with store.begin() as db:
        assert usage.close_of_lost(db, bob, NOW) == 0
    with pytest.raises(UnknownTarget, match="no_such_phone"), store.begin() as db:
        usage.open(
            db,
            bob,
            uuid4(),
            line.phone,
            counted=True,
            now=NOW,
            limits=LIMITS,
            house_zone=BERLIN,
        )


# --- at once


def open_many(
    meet: Callable[[], object], url: str, user: UUID, phone: UUID, times: int = 20
) -> int:
    """How many of so many calls get through."""
    passed = 0
    with Store.open(url) as store:
        meet()
        for _ in range(times):
            try:
                with store.begin() as db:
                    usage.open(
                        db,
                        user,
                        uuid4(),
                        phone,
                        counted=True,
                        now=NOW,
                        limits=LIMITS,
                        house_zone=BERLIN,
                    )
                passed += 1
            except NotAllowed as why:
                assert why.code == "concurrent_calls"
    return passed


def test_two_processes_never_pass_the_limit_together(url: str, line: Line) -> None:
    passed = at_once(2, open_many, url, line.user, line.phone)
    assert sum(passed) == LIMITS.concurrent_calls


def test_many_threads_never_pass_the_limit_together(url: str, line: Line) -> None:
    with ThreadPoolExecutor(4) as crowd:
        passed = crowd.map(lambda _: open_many(lambda: None, url, line.user, line.phone), range(4))
        assert sum(passed) == LIMITS.concurrent_calls


def test_a_leg_that_nobody_could_close_lapses_in_minutes_as_it_was_last_seen(line: Line) -> None:
    """Or it would use up everybody's minutes, and one of the user's calls, for ever."""
    line.limits = CallLimits(1, 120, 600, 240)
    ticket = line.opens()
    line.renewed(ticket, after(2))
    assert line.refused(after(6)) == ("concurrent_calls", "1")
    assert line.used(after(6)) == 6
    assert line.used(after(8)) == 2
    line.opens(after(8))
    line.closes(ticket, 4, after(20))  # told late, it counts as it was
    assert line.used(after(20)) == 4


def test_a_leg_that_lapsed_while_the_store_was_away_counts_again(line: Line) -> None:
    ticket = line.opens()
    assert line.used(after(10)) == 0
    line.renewed(ticket, after(11))
    assert line.used(after(12)) == 12


@pytest.mark.parametrize("talked", [1e300, float("inf"), float("nan"), -1e300])
def test_no_worker_spoils_the_sums_of_the_house(line: Line, talked: float) -> None:
    line.closes(line.opens(), talked, after(1))
    assert 0 <= line.used(after(1)) <= 24 * 60
