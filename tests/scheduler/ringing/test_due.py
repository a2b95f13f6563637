"""Every time that comes gets one job, whatever happens to schedulers and clocks."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from bridge.api.listening_views import Medium, Playing, Times
from bridge.errors import NotAllowed
from bridge.schedules import Upcoming
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER, Leader
from bridge.store.listening import episodes, programmes, subscriptions
from bridge.store.listening.due_jobs import GRACE
from bridge.store.listening.stations import Programme
from bridge.terms import DueJobState, Pick, RingRule
from scheduler.due import look
from tests.bridge.store.conftest import NOW
from tests.scheduler.ringing.stage import Scene

TWO = time(14)
"""In Berlin, in winter: an hour after the scene begins."""
AT_TWO = NOW + timedelta(hours=1)
DONE, MISSED = DueJobState.DONE, DueJobState.MISSED


async def test_a_programme_rings_when_it_begins_and_once(scene: Scene) -> None:
    programme = scene.programme(scene.person(), TWO)
    await scene.tick_at(AT_TWO - timedelta(seconds=1))
    assert scene.jobs() == []
    for _ in range(4):
        await scene.tick(seconds=1)
    [job] = scene.jobs()
    assert (job.source_id, job.key, job.due) == (programme, "14:00", AT_TWO)
    assert (job.local_date, job.state) == (AT_TWO.date(), DONE)
    assert scene.desk.rung == [job.id]
    await scene.tick(days=1)
    assert len(scene.desk.rung) == 2 and scene.told() == []


async def test_on_other_days_it_does_not(scene: Scene) -> None:
    scene.programme(scene.person(), TWO, weekdays=frozenset({1}))
    await scene.tick_at(AT_TWO)
    assert scene.jobs() == []
    await scene.tick(days=1)
    assert scene.states() == [DONE]


async def test_the_first_start_ever_rings_for_nothing_that_was(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    scene.run(leadership.looked, SCHEDULER, leadership.NEVER)
    await scene.tick_at(AT_TWO + timedelta(minutes=1))
    assert scene.jobs() == []


async def test_a_house_that_comes_back_within_the_grace_rings(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    await scene.tick_at(AT_TWO + GRACE)
    assert scene.states() == [DONE] and scene.told() == []


async def test_what_is_older_is_missed_and_told_once(scene: Scene) -> None:
    ada = scene.person()
    programme = scene.programme(ada, TWO)
    await scene.tick_at(AT_TWO + GRACE + timedelta(seconds=1))
    await scene.tick(seconds=2)
    assert scene.states() == [MISSED] and scene.desk.asked == []
    [event] = scene.told()
    station = scene.run(programmes.get, ada, programme).station_id
    assert event.playing == Playing(
        medium=Medium.RADIO, name="Radio", title="News", station=station, programme=programme
    )
    assert (event.user, event.due, event.reason) == (ada, AT_TWO, "house_was_down")


async def test_of_many_that_were_missed_the_latest_is_told(scene: Scene) -> None:
    scene.programme(scene.person(), cron="0 * * * *")
    await scene.tick_at(AT_TWO + timedelta(hours=3, minutes=45))
    assert scene.states() == [MISSED] * 4
    assert [event.due for event in scene.told()] == [AT_TWO + timedelta(hours=3)]


async def test_of_many_within_the_grace_the_latest_rings(scene: Scene) -> None:
    scene.programme(scene.person(), cron="*/10 14 * * *")
    await scene.tick_at(AT_TWO + timedelta(minutes=25))
    assert scene.states() == [MISSED, MISSED, DONE] and scene.told() == []


async def test_after_a_holiday_only_the_last_day_is_spoken_of(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    await scene.tick_at(AT_TWO + timedelta(days=20, hours=2))
    assert scene.states() == [MISSED] and len(scene.told()) == 1


async def test_a_programme_that_cannot_be_read_keeps_no_other_from_ringing(scene: Scene) -> None:
    ada = scene.person()
    broken, fine = scene.programme(ada, cron="0 14 * * *"), scene.programme(ada, TWO)
    scene.run(lambda db: setattr(db.get_one(Programme, broken), "cron", "at tea"))
    await scene.tick_at(AT_TWO)
    assert [job.source_id for job in scene.jobs()] == [fine]


async def test_what_came_before_a_programme_was_made_does_not_ring(scene: Scene) -> None:
    await asyncio.sleep((AT_TWO - scene.clock.now()).total_seconds() + 30)
    scene.programme(scene.person(), TWO)
    await scene.tick(seconds=30)
    assert scene.jobs() == []


@pytest.mark.parametrize(
    ("zone", "at", "first"),
    [
        ("Europe/Berlin", time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("Europe/Berlin", time(2, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(1, 45), datetime(2027, 4, 3, 14, 45, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(2, 15), datetime(2027, 10, 2, 15, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", time(7), datetime(2027, 1, 1, 1, 15, tzinfo=UTC)),
        ("America/Lima", time(7), datetime(2027, 1, 1, 12, 0, tzinfo=UTC)),
    ],
)
async def test_by_the_users_clock_it_rings_once_a_day_when_the_clocks_change_too(
    scene: Scene, zone: str, at: time, first: datetime
) -> None:
    scene.clock.noon = first - timedelta(minutes=5)
    scene.run(leadership.looked, SCHEDULER, scene.clock.now())
    scene.programme(scene.person(zone=zone), at)
    await scene.tick_at(first - timedelta(seconds=1))
    assert scene.jobs() == []
    for _ in range(10):
        await scene.tick(minutes=15)
    assert [(job.due, job.state) for job in scene.jobs()] == [(first, DONE)]


async def test_a_clock_that_jumps_an_hour_rings_nothing_twice(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    hour = timedelta(hours=1)
    await scene.tick_at(AT_TWO)
    scene.clock.noon -= hour
    for _ in range(5):  # it is two once more
        await scene.tick(minutes=20)
    scene.clock.noon += hour
    await scene.tick()
    scene.clock.noon -= hour
    await scene.tick(hours=1)
    assert scene.states() == [DONE] and len(scene.desk.asked) == 1 and scene.told() == []


async def test_a_clock_that_jumps_over_a_time_offers_it_within_the_grace(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    await scene.tick_at(AT_TWO - timedelta(minutes=40))
    scene.clock.noon += timedelta(hours=1)
    await scene.tick(seconds=2)
    assert scene.states() == [DONE]


async def test_a_clock_that_was_years_ahead_silences_nobody(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    scene.clock.noon += timedelta(days=4000)
    await scene.tick(seconds=2)
    scene.clock.noon -= timedelta(days=4000)
    await scene.tick(seconds=2)
    told = len(scene.told())
    await scene.tick_at(AT_TWO)
    assert len(scene.desk.rung) == 1 and len(scene.told()) == told


async def _computes_nothing(*_: object) -> Upcoming:
    raise AssertionError("a weekly time was computed elsewhere")


async def test_who_does_not_lead_any_more_adds_nothing(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    with pytest.raises(NotAllowed, match="lease_lost"):
        await look(scene.store, Leader(0, NOW), AT_TWO, _computes_nothing)
    assert scene.jobs() == []


# --- podcasts ------------------------------------------------------------------------------------


def at_times(*times: time) -> dict[str, object]:
    return {"rings": RingRule.AT_TIMES, "times": [Times(at=at) for at in times]}


async def test_at_its_times_a_podcast_rings_if_there_is_something_new(scene: Scene) -> None:
    podcast, feed = scene.podcast(scene.person(), **at_times(TWO, time(15)))
    await scene.tick_at(AT_TWO)
    assert scene.jobs() == []
    scene.publish(feed, 1)
    await scene.tick(minutes=1)
    assert scene.jobs() == []
    await scene.tick(minutes=59)
    assert [(one.source_id, one.key, one.state) for one in scene.jobs()] == [
        (podcast, "15:00", DONE)
    ]


async def test_a_new_episode_rings_once_on_whatever_day(scene: Scene) -> None:
    podcast, feed = scene.podcast(scene.person())
    await scene.tick(minutes=1)
    assert scene.jobs() == []  # never for what was there before
    [episode] = scene.publish(feed, 1)
    for _ in range(10):
        await scene.tick(hours=3)
    [job] = scene.jobs()
    assert (job.source_id, job.episode_id, job.state) == (podcast, episode, DONE)
    assert job.key == f"episode {episode}" and len(scene.desk.asked) == 1


async def test_the_next_episode_rings_again(scene: Scene) -> None:
    _, feed = scene.podcast(scene.person())
    await scene.tick(minutes=1)
    first = scene.publish(feed, 2)
    await scene.tick(minutes=1)
    second = scene.publish(feed, 1)
    await scene.tick(minutes=1)
    assert [job.episode_id for job in scene.jobs()] == first + second
    assert len(scene.desk.rung) == 2


@pytest.mark.parametrize("pick", list(Pick))
async def test_two_that_come_together_ring_once(scene: Scene, pick: Pick) -> None:
    ada = scene.person()
    _, feed = scene.podcast(ada, pick=pick)
    await scene.tick(minutes=1)
    _, newest = scene.publish(feed, 2, 1)
    await scene.tick(minutes=1)
    assert [job.episode_id for job in scene.jobs()] == [newest]
    scene.run(episodes.note, ada, newest, 0.0, True, scene.clock.now())
    await scene.tick(minutes=1)
    assert len(scene.jobs()) == 1


async def test_what_was_asked_for_does_not_ring_by_itself_too(scene: Scene) -> None:
    ada = scene.person()
    podcast, feed = scene.podcast(ada)
    await scene.tick(minutes=1)
    [episode] = scene.publish(feed, 1)
    scene.ask_for(ada, podcast, episode)
    await scene.tick(minutes=1)
    assert len(scene.desk.rung) == 1


async def test_for_podcasts_that_only_list_nobody_is_called(scene: Scene) -> None:
    ada = scene.person()
    podcast, feed = scene.podcast(ada)
    scene.run(subscriptions.change, ada, podcast, rings=RingRule.NEVER)
    await scene.tick(minutes=1)
    scene.publish(feed, 1)
    await scene.tick(minutes=1)
    assert scene.jobs() == []
