"""What is due rings; what cannot ring now rings later, or its user learns why it did not."""

from datetime import time, timedelta

import pytest

from bridge.api.listening_views import Medium, Times
from bridge.errors import HouseError, NetworkDown, NotAllowed
from bridge.store.listening import episodes, programmes, subscriptions
from bridge.store.listening.due_jobs import GRACE
from bridge.store.listening.feeds import Episode
from bridge.store.people import users
from bridge.store.preferences import quiet_hours
from bridge.terms import DueJobState, RingRule
from tests.bridge.store.conftest import NOW
from tests.fake_clock import settled
from tests.scheduler.ringing.stage import EVERY_DAY, Scene

TWO = time(14)
AT_TWO = NOW + timedelta(hours=1)
PENDING, CLAIMED = DueJobState.PENDING, DueJobState.CLAIMED
DIALLING, DONE = DueJobState.DIALLING, DueJobState.DONE
FAILED, MISSED = DueJobState.FAILED, DueJobState.MISSED
QUIET = [(EVERY_DAY, time(13, 30), time(16))]


def reasons(scene: Scene) -> list[str]:
    return [event.reason for event in scene.told()]


async def test_who_is_on_the_phone_is_called_a_minute_later(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    scene.desk.faults = [NotAllowed("already_calling")] * 3
    await scene.tick_at(AT_TWO)
    assert scene.states() == [PENDING]
    await scene.tick(seconds=50)
    assert len(scene.desk.asked) == 1
    for _ in range(3):
        await scene.tick(seconds=61)
    assert scene.states() == [DONE] and len(scene.desk.asked) == 4 and scene.told() == []


@pytest.mark.parametrize("fault", [NotAllowed("already_calling"), NetworkDown("worker_restarting")])
async def test_who_cannot_be_called_within_the_grace_is_told_why(
    scene: Scene, fault: HouseError
) -> None:
    scene.programme(scene.person(), TWO)
    scene.desk.faults = [fault] * 100
    await scene.tick_at(AT_TWO)
    while scene.clock.now() - AT_TWO < GRACE:
        await scene.tick(seconds=61)
    assert scene.states() == [FAILED] and reasons(scene) == [fault.code]
    assert len(scene.desk.asked) > 25
    await scene.tick(minutes=5)
    assert len(scene.told()) == 1


async def test_a_house_that_restarts_rings_as_soon_as_it_is_back(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    scene.desk.faults = [NetworkDown("house_unreachable")] * 2
    await scene.tick_at(AT_TWO)
    await scene.tick(seconds=11)
    await scene.tick(seconds=11)
    assert scene.states() == [DONE] and len(scene.desk.rung) == 1


async def test_what_a_rule_forbids_is_told_at_once(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    scene.desk.faults = [NotAllowed("no_phone")]
    await scene.tick_at(AT_TWO)
    await scene.tick(minutes=2)
    assert scene.states() == [FAILED] and reasons(scene) == ["no_phone"]
    assert len(scene.desk.asked) == 1


async def test_an_answer_that_was_lost_rings_no_second_time(scene: Scene) -> None:
    """The worker dials, and the word of it does not come back."""
    scene.programme(scene.person(), TWO)
    scene.desk.listened = None
    dial = scene.desk.dial

    async def dial_and_be_lost(command) -> None:
        await dial(command)
        raise NetworkDown("house_unreachable")

    scene.desk.dial = dial_and_be_lost
    await scene.tick_at(AT_TWO)
    for _ in range(40):
        await scene.tick(minutes=1)
    assert scene.states() == [DIALLING] and len(scene.desk.rung) == 1 and scene.told() == []


async def test_what_a_worker_took_and_forgot_is_asked_again(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    dial, forgotten = scene.desk.dial, []

    async def forget(command) -> None:
        forgotten.append(command)

    scene.desk.dial = forget
    await scene.tick_at(AT_TWO)
    assert scene.states() == [CLAIMED]
    scene.desk.dial = dial
    await scene.tick(seconds=80)
    assert scene.states() == [CLAIMED]
    await scene.tick(seconds=20)
    assert scene.states() == [DONE] and len(scene.desk.rung) == 1


async def test_a_fault_of_ours_lets_the_others_ring(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    scene.programme(scene.person("Bob"), TWO)
    scene.desk.faults = [RuntimeError("a fault of ours")]
    await scene.tick_at(AT_TWO)
    assert sorted(scene.states()) == [CLAIMED, DONE]
    await scene.tick(minutes=2)
    assert scene.states() == [DONE, DONE]


async def test_a_slow_worker_holds_up_only_its_own(scene: Scene) -> None:
    ada, bob = scene.person(), scene.person("Bob")
    scene.programme(ada, TWO)
    scene.programme(bob, time(14, 1))
    scene.desk.slow = {ada: 70.0}
    [scheduler] = scene.schedulers
    await scene.tick_at(AT_TWO - timedelta(seconds=1))
    scene.clock.noon += timedelta(seconds=1)
    await scheduler.leading.tick()
    scene.clock.noon += timedelta(minutes=1)
    for _ in range(2):
        await scheduler.leading.tick()
    await scheduler.ringer.settled()
    bobs, adas = (
        next(job.id for job in scene.jobs() if job.user_id == user) for user in (bob, ada)
    )
    assert scene.desk.rung == [bobs, adas]


async def test_one_user_is_called_for_one_thing_at_a_time(scene: Scene) -> None:
    ada = scene.person()
    scene.programme(ada, TWO)
    scene.programme(ada, TWO)
    [scheduler] = scene.schedulers
    scene.desk.slow = {ada: 30.0}
    scene.clock.noon += AT_TWO - scene.clock.now()
    for _ in range(3):
        await scheduler.leading.tick()
        await settled()
    assert sorted(scene.states()) == [CLAIMED, PENDING]
    await scheduler.ringer.settled()
    await scene.tick(seconds=2)
    assert scene.states() == [DONE, DONE]


async def test_who_did_not_listen_is_called_once_more(scene: Scene) -> None:
    scene.programme(scene.person(), TWO)
    scene.desk.listened = False
    await scene.tick_at(AT_TWO)
    assert scene.states() == [PENDING]
    await scene.tick(minutes=9)
    assert len(scene.desk.rung) == 1
    await scene.tick(minutes=1)
    await scene.tick(minutes=30)
    assert scene.states() == [FAILED] and len(scene.desk.rung) == 2


# --- podcasts ------------------------------------------------------------------------------------


async def test_quiet_hours_hold_back_a_new_episode_until_they_end(scene: Scene) -> None:
    ada = scene.person()
    scene.run(quiet_hours.replace, ada, QUIET)
    _, feed = scene.podcast(ada)
    await scene.tick_at(AT_TWO)
    scene.publish(feed, 1)
    await scene.tick(minutes=1)
    [job] = scene.jobs()
    assert (job.state, job.due) == (PENDING, NOW + timedelta(hours=3))
    await scene.tick_at(job.due - timedelta(seconds=1))
    assert scene.states() == [PENDING]
    await scene.tick(seconds=1)
    assert scene.states() == [DONE]


async def test_quiet_hours_that_are_suspended_hold_nothing_back(scene: Scene) -> None:
    ada = scene.person()
    scene.run(quiet_hours.replace, ada, QUIET)
    scene.run(users.prefer, ada, {"keeps_quiet": False})
    _, feed = scene.podcast(ada)
    await scene.tick_at(AT_TWO)
    scene.publish(feed, 1)
    await scene.tick(minutes=1)
    assert scene.states() == [DONE]


async def test_times_that_the_user_chose_ring_in_quiet_hours_too(scene: Scene) -> None:
    ada = scene.person()
    scene.run(quiet_hours.replace, ada, QUIET)
    scene.programme(ada, TWO)
    podcast, feed = scene.podcast(ada, rings=RingRule.AT_TIMES, times=[Times(at=TWO)])
    await scene.tick(minutes=1)
    [episode] = scene.publish(feed, 1)
    await scene.tick_at(AT_TWO)
    await scene.tick(seconds=2)
    scene.ask_for(ada, podcast, episode)
    await scene.tick(seconds=2)
    assert scene.states() == [DONE] * 3


async def test_who_is_always_quiet_is_never_called_and_not_told(scene: Scene) -> None:
    ada = scene.person()
    always = [(EVERY_DAY, time(0), time(12)), (EVERY_DAY, time(12), time(0))]
    scene.run(quiet_hours.replace, ada, always)
    _, feed = scene.podcast(ada)
    await scene.tick(minutes=1)
    scene.publish(feed, 1)
    await scene.tick(minutes=1)
    assert scene.states() == [DONE] and scene.desk.asked == [] and scene.told() == []


async def test_a_call_waits_for_its_episode(scene: Scene) -> None:
    ada = scene.person()
    _, feed = scene.podcast(ada, rings=RingRule.AT_TIMES, times=[Times(at=TWO)])
    await scene.tick(minutes=1)
    [episode] = scene.publish(feed, 1, stored=False)
    await scene.tick_at(AT_TWO)
    await scene.tick(minutes=20)
    assert scene.states() == [PENDING]
    assert scene.run(lambda db: db.get_one(Episode, episode).wanted) == AT_TWO
    scene.bring(episode)
    await scene.tick(seconds=2)
    assert scene.states() == [DONE]


async def test_an_episode_that_does_not_come_in_time_is_told(scene: Scene) -> None:
    ada = scene.person()
    podcast, feed = scene.podcast(ada)
    await scene.tick(minutes=1)
    [episode] = scene.publish(feed, 1, stored=False)
    scene.ask_for(ada, podcast, episode)
    await scene.tick(minutes=30)
    assert scene.states() == [PENDING]
    await scene.tick(seconds=2)
    await scene.tick(seconds=2)
    assert scene.states() == [FAILED] and reasons(scene) == ["not_downloaded"]
    playing = scene.told()[0].playing
    assert (playing.medium, playing.podcast, playing.episode) == (Medium.PODCAST, podcast, episode)
    assert (playing.name, playing.title, playing.seconds) == ("The Daily", "Episode 1", 1800)


async def test_a_file_that_went_is_fetched_again_before_it_rings(scene: Scene) -> None:
    _, feed = scene.podcast(scene.person())
    await scene.tick(minutes=1)
    [episode] = scene.publish(feed, 1)
    for path in (scene.data_dir / "episodes").rglob("*"):
        if path.is_file():
            path.unlink()
    await scene.tick(minutes=1)
    assert scene.states() == [PENDING] and scene.desk.asked == []
    scene.bring(episode)
    await scene.tick(seconds=2)
    assert scene.states() == [DONE]


async def test_what_was_heard_meanwhile_does_not_ring_unless_it_was_asked_for(scene: Scene) -> None:
    ada = scene.person()
    scene.run(quiet_hours.replace, ada, QUIET)
    podcast, feed = scene.podcast(ada)
    await scene.tick_at(AT_TWO)
    [episode] = scene.publish(feed, 1)
    await scene.tick(minutes=1)
    scene.run(episodes.mark, ada, episode, True, scene.clock.now())
    await scene.tick(hours=2)
    assert scene.states() == [DONE] and scene.desk.asked == [] and scene.told() == []
    scene.ask_for(ada, podcast, episode)
    await scene.tick(minutes=1)
    assert len(scene.desk.rung) == 1


async def test_who_does_not_want_to_be_called_any_more_is_not(scene: Scene) -> None:
    ada = scene.person()
    scene.run(quiet_hours.replace, ada, QUIET)
    podcast, feed = scene.podcast(ada)
    await scene.tick_at(AT_TWO)
    scene.publish(feed, 1)
    await scene.tick(minutes=1)
    scene.run(subscriptions.change, ada, podcast, rings=RingRule.NEVER)
    await scene.tick(hours=2)
    assert scene.states() == [DONE] and scene.desk.asked == []


async def test_what_was_removed_is_over(scene: Scene) -> None:
    ada = scene.person()
    programme = scene.programme(ada, TWO)
    scene.desk.faults = [RuntimeError("lost while it was claimed")]
    await scene.tick_at(AT_TWO)
    scene.run(programmes.remove, ada, programme)
    await scene.tick(minutes=2)
    assert scene.states() == [DONE] and len(scene.desk.asked) == 1 and scene.told() == []


async def test_an_hour_of_sleep_before_the_end_of_the_quiet_hours_is_missed(scene: Scene) -> None:
    ada = scene.person()
    scene.run(quiet_hours.replace, ada, QUIET)
    _, feed = scene.podcast(ada)
    await scene.tick_at(AT_TWO)
    scene.publish(feed, 1)
    await scene.tick(minutes=1)
    await scene.tick_at(NOW + timedelta(hours=4))
    assert scene.states() == [MISSED] and reasons(scene) == ["house_was_down"]
