"""However many schedulers there are, one leads, rings and fetches; and the next one goes on."""

from datetime import time, timedelta

from bridge.errors import NetworkDown
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER
from bridge.terms import DueJobState
from scheduler.leading import SLEEPS, TTL
from tests.bridge.store.conftest import NOW
from tests.fake_clock import settled
from tests.scheduler.ringing.stage import Scene

TWO = time(14)
AT_TWO = NOW + timedelta(hours=1)


def forget_lease(scene: Scene) -> None:
    """The leader has slept for longer than TTL; its row tells nobody who it was."""

    def succeed(db) -> None:
        db.get_one(leadership.Leadership, SCHEDULER).lease_until = leadership.NEVER

    scene.run(succeed)


async def test_two_schedulers_on_one_database_ring_once(scene: Scene) -> None:
    other = scene.start()
    scene.programme(scene.person(), TWO)
    for _ in range(3):
        await scene.tick_at(max(AT_TWO, scene.clock.now()))
    assert len(scene.desk.asked) == 1
    assert [one.leading.leads for one in scene.schedulers] == [True, False]
    assert not other.fetching.begun


async def test_who_stops_is_succeeded_at_once_and_fetches_no_more(scene: Scene) -> None:
    first, second = scene.schedulers[0], scene.start()
    await settled()
    assert first.fetching.running == 1
    scene.programme(scene.person(), TWO)
    await first.leading.stop()
    assert first.fetching.running == 0
    scene.schedulers.remove(first)
    await scene.tick_at(AT_TWO)
    await settled()
    assert second.leading.leads and second.fetching.running == 1
    assert len(scene.desk.rung) == 1


async def test_a_leader_that_slept_finds_that_it_is_not_one_any_more(scene: Scene) -> None:
    first, second = scene.schedulers[0], scene.start()
    scene.programme(scene.person(), TWO)
    forget_lease(scene)
    await second.tick()
    await scene.tick_at(AT_TWO)
    await settled()
    assert not first.leading.leads and second.leading.leads
    assert (first.fetching.running, second.fetching.running) == (0, 1)
    assert len(scene.desk.asked) == 1


async def test_what_the_dead_leader_had_claimed_is_rung_by_the_next(scene: Scene) -> None:
    ada = scene.person()
    scene.programme(ada, TWO)
    first = scene.schedulers[0]
    scene.desk.slow = {ada: 30.0}
    scene.clock.noon += AT_TWO - scene.clock.now()
    await first.leading.tick()
    await settled()
    assert scene.states() == [DueJobState.CLAIMED]
    scene.schedulers.remove(first)
    second = scene.start()
    forget_lease(scene)
    await second.tick()
    await first.ringer.settled()  # it was not dead, only slow
    await first.leading.stop()
    assert len(scene.desk.asked) == 2 and len(scene.desk.rung) == 1
    assert scene.states() == [DueJobState.DONE]


async def test_fetching_that_dies_begins_anew_after_growing_pauses(scene: Scene) -> None:
    fetching = scene.schedulers[0].fetching
    await scene.schedulers[0].leading.stop()
    fetching.begun.clear()
    fetching.faults = [RuntimeError("out of order"), ExceptionGroup("both", [OSError()])]
    await scene.tick()
    await scene.tick(minutes=1)
    first, second, third = fetching.begun
    assert 1 <= second - first <= 2 <= third - second <= 3
    assert fetching.running == 1


class Unreachable(Store):
    """Until it is `there`."""

    there = False

    async def run(self, *args, **options):
        if not self.there:
            raise NetworkDown("store_unreachable")
        return await super().run(*args, **options)


async def test_a_store_that_is_away_for_a_while_is_waited_for(scene: Scene) -> None:
    away = Unreachable(scene.store.engine, scene.store.keys)
    scene.programme(scene.person(), TWO)
    await scene.schedulers.pop().leading.stop()
    scene.store = away
    scene.start()
    await scene.tick_at(AT_TWO)
    assert scene.desk.asked == []
    away.there = True
    await scene.tick(seconds=2)
    assert len(scene.desk.rung) == 1


def test_the_lease_outlives_some_ticks() -> None:
    """Or leaders would change without need."""
    assert TTL > 2 * SLEEPS
