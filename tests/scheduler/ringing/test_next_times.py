"""The scheduler sleeps until something is due, and nobody's calendar keeps others from ringing."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bridge import schedules
from bridge.schedules import Scheduled, Upcoming
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER
from bridge.store.listening import programmes
from bridge.store.people import users
from bridge.terms import DueJobState
from scheduler.bell import ScheduleBell
from scheduler.due import BUDGET, look
from scheduler.leading import SLEEPS, TTL
from scheduler.next_times import AHEAD
from scheduler.ringing import TAKEN_WITHIN
from tests.bridge.store.conftest import NOW
from tests.scheduler.ringing.stage import Scene

TWO = time(14)
AT_TWO = NOW + timedelta(hours=1)
DONE = DueJobState.DONE


async def test_an_idle_scheduler_sleeps_as_long_as_its_lease_allows(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    assert await scene.schedulers[0].leading.tick() == scene.clock.now() + SLEEPS


async def test_it_wakes_when_a_programme_begins(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    await scene.tick_at(AT_TWO - timedelta(seconds=7))
    assert await scene.schedulers[0].leading.tick() == AT_TWO


async def test_after_a_call_it_sleeps_again(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    await scene.tick_at(AT_TWO)
    assert len(scene.desk.rung) == 1
    await scene.tick(seconds=TAKEN_WITHIN + 1)
    assert await scene.schedulers[0].leading.tick() == scene.clock.now() + SLEEPS


async def test_who_does_not_lead_sleeps_and_finds_a_lease_that_is_over(scene: Scene) -> None:
    second = scene.start()
    leader = scene.schedulers.pop(0)
    passed = timedelta()
    following = await second.leading.tick()
    while not second.leading.leads:
        slept = following - scene.clock.now()
        passed += slept
        assert timedelta() < slept and passed <= TTL + SLEEPS
        scene.run(_ages, slept)
        following = await second.leading.tick()
    await leader.leading.stop()


def _ages(db, by: timedelta) -> None:
    """Leases go by the machine's clock, which no test moves."""
    row = db.get_one(leadership.Leadership, SCHEDULER)
    row.lease_until -= by


async def test_a_clock_that_was_set_back_by_hours_silences_nobody(scene: Scene) -> None:
    """What rang by the wrong clock does not ring again; what did not, does."""
    ada = scene.person()
    scene.programme(ada, time(13, 30))
    scene.clock.noon += timedelta(hours=5)
    await scene.tick()
    scene.programme(ada, TWO)
    scene.clock.noon -= timedelta(hours=5)
    await scene.tick(seconds=1)
    await scene.tick_at(AT_TWO - timedelta(minutes=29))
    assert len(scene.jobs()) == 1
    await scene.tick_at(AT_TWO)
    assert [job.key for job in scene.jobs() if job.state is DONE] == ["14:00"]


async def test_who_moves_to_another_zone_is_rung_by_the_clock_there(scene: Scene) -> None:
    ada = scene.person()
    scene.programme(ada, TWO)
    await scene.tick(seconds=1)
    scene.run(users.change, ada, time_zone="Europe/London")
    await scene.tick_at(AT_TWO)
    assert scene.jobs() == []
    await scene.tick(hours=1)
    assert [job.due for job in scene.jobs()] == [AT_TWO + timedelta(hours=1)]


class Costly:
    """NextTimes of calendars that take `seconds` each; meanwhile others write to the store."""

    def __init__(self, store: Store, seconds: float) -> None:
        self.computed = 0
        self._store, self._seconds = store, seconds

    async def __call__(
        self, source: Scheduled, zone: ZoneInfo, after: datetime, until: datetime
    ) -> Upcoming:
        self.computed += 1
        with self._store.begin() as db:  # fails where somebody else is writing
            leadership.guard(db, SCHEDULER, 1)
        await asyncio.sleep(self._seconds)
        return schedules.upcoming(schedules.of_programme(source), zone, after, until, AHEAD)


async def test_a_member_whose_calendars_are_costly_costs_nobody_else(scene: Scene) -> None:
    eve, ada = scene.person("Eve"), scene.person()
    for _ in range(25):
        scene.programme(eve, calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    scene.programme(ada, TWO)
    await asyncio.sleep((AT_TWO - scene.clock.now()).total_seconds())
    costly = Costly(scene.store, BUDGET / 4)
    rounds = 0
    while costly.computed < 25:
        leader = scene.run(leadership.lead, SCHEDULER, _owner(scene), TTL)
        before, begun = costly.computed, scene.clock.now()
        await look(scene.store, leader, scene.clock.now(), costly)
        assert scene.clock.now() - begun <= timedelta(seconds=1.5 * BUDGET)
        assert costly.computed > before, "those that waited have their turn"
        assert [job.user_id for job in scene.jobs()] == [ada]
        rounds += 1
    assert rounds >= 5
    leader = scene.run(leadership.lead, SCHEDULER, _owner(scene), TTL)
    await look(scene.store, leader, scene.clock.now(), costly)
    assert costly.computed == 25, "what is known is not computed again"


def _owner(scene: Scene) -> str:
    with scene.store.reading() as db:
        return db.get_one(leadership.Leadership, SCHEDULER).owner


async def test_a_programme_that_changes_while_it_is_computed_is_looked_at_again(
    scene: Scene,
) -> None:
    ada = scene.person()
    programme = scene.programme(ada, cron="0 14 * * *")
    await asyncio.sleep((AT_TWO - scene.clock.now()).total_seconds())

    async def changed(
        source: Scheduled, zone: ZoneInfo, after: datetime, until: datetime
    ) -> Upcoming:
        found = schedules.upcoming(schedules.of_programme(source), zone, after, until, AHEAD)
        with scene.store.begin() as db:
            programmes.change(db, ada, programme, weekdays=frozenset(range(7)), at=time(15))
        return found

    leader = scene.run(leadership.lead, SCHEDULER, _owner(scene), TTL)
    await look(scene.store, leader, scene.clock.now(), changed)
    assert scene.jobs() == []
    await scene.tick(hours=1)
    assert [job.key for job in scene.jobs()] == ["15:00"]


async def test_a_bell_wakes_whoever_sleeps_and_keeps_awake_who_missed_it(scene: Scene) -> None:
    bell, clock = ScheduleBell(), asyncio.get_running_loop().time
    begun = clock()
    asyncio.get_running_loop().call_later(5, bell.ring)
    await bell.sleep(60)
    assert clock() - begun == 5
    await bell.sleep(60, heard=0)
    assert clock() - begun == 5
    await bell.sleep(60, heard=1)
    assert clock() - begun == 65
