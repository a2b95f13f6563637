"""Who hears which podcast; one row a feed, however many hear it."""

from collections.abc import Callable
from datetime import UTC, date, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from bridge.api.listening_views import Times
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.store import Store
from bridge.store.listening import episodes, feeds, next_times, podcasts, subscriptions
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.feeds import Episode, Feed
from bridge.store.listening.subscriptions import EpisodeProgress, Subscription
from bridge.terms import DueJobState, FeedState, Pick, RingRule
from tests.bridge.store.conftest import NOW
from tests.bridge.store.crowd import at_once
from tests.bridge.store.publisher import (
    ADDRESS,
    HOUR,
    episode_of,
    feed_of,
    item,
    publish,
    subscribe,
)


def on(weekdays: set[int], at: time) -> Times:
    return Times(weekdays=frozenset(weekdays), at=at)


def count(store: Store, table: type) -> int:
    with store.reading() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


def test_two_who_hear_the_same_share_its_feed(store: Store, ada: UUID, bob: UUID) -> None:
    one, feed = subscribe(store, ada)
    other, same = subscribe(store, bob, "FEED://Pods.Example:443/daily.xml")
    assert (feed, count(store, Feed)) == (same, 1) and one != other
    row = feed_of(store, feed)
    assert (row.address, row.state, row.next_poll) == (ADDRESS, FeedState.LOOKING, NOW)
    with store.reading() as db:
        assert {row.user_id for row in subscriptions.of_feed(db, feed)} == {ada, bob}


def test_what_one_has_already_stays_as_it_is(store: Store, ada: UUID) -> None:
    first = subscribe(store, ada, pick=Pick.ALL)
    assert subscribe(store, ada, now=NOW + HOUR) == first
    with store.reading() as db:
        row = subscriptions.get(db, ada, first[0])
        assert (row.created, row.pick, row.rings) == (NOW, Pick.ALL, RingRule.AT_ONCE)


def test_an_address_that_is_none_is_refused(store: Store, ada: UUID) -> None:
    with pytest.raises(BadInput, match="bad_feed_address"), store.begin() as db:
        subscriptions.add(db, ada, "the daily", NOW)
    assert count(store, Feed) == 0


def test_there_is_room_for_so_many(store: Store, ada: UUID, bob: UUID) -> None:
    with store.begin() as db:
        for number in range(subscriptions.MOST):
            subscriptions.add(db, ada, f"https://pods.example/{number}", NOW)
    with pytest.raises(NotAllowed, match="too_many_podcasts"):
        subscribe(store, ada, "https://pods.example/more")
    assert count(store, Feed) == subscriptions.MOST
    subscribe(store, ada, "https://pods.example/0")
    subscribe(store, bob, "https://pods.example/more")


def _subscribe(meet: Callable[[], object], url: str, users: list[UUID]) -> UUID:
    with Store.open(url) as store:
        meet()
        return subscribe(store, users[uuid4().int % 2])[1]


def test_two_who_add_the_same_at_once_share_it(
    url: str, store: Store, ada: UUID, bob: UUID
) -> None:
    assert len(set(at_once(3, _subscribe, url, [ada, bob]))) == 1


def test_only_what_is_given_changes(store: Store, ada: UUID) -> None:
    subscription, _ = subscribe(store, ada, least_minutes=10, oldest_days=7)
    with store.begin() as db:
        row = subscriptions.change(db, ada, subscription, pick=Pick.ALL, least_minutes=0)
        assert (row.rings, row.pick) == (RingRule.AT_ONCE, Pick.ALL)
        assert (row.least_minutes, row.oldest_days) == (None, 7)


def test_ring_times_come_in_the_place_of_those_before(store: Store, ada: UUID) -> None:
    subscription, _ = subscribe(store, ada, times=[on({0}, time(9)), Times(at=time(7, 30, 5))])
    with store.begin() as db:
        assert [row.at for row in subscriptions.times_of(db, subscription)] == [
            time(7, 30),
            time(9),
        ]
        assert next_times.open_sources(db, NOW) == []  # it rings at once
        chosen = [on({5, 6}, time(18))]
        subscriptions.change(db, ada, subscription, rings=RingRule.AT_TIMES, times=chosen)
    with store.begin() as db:
        [(ring, _)] = next_times.open_sources(db, NOW)
        assert (ring.subscription_id, ring.at, ring.weekdays) == (
            subscription,
            time(18),
            frozenset({5, 6}),
        )


@pytest.mark.parametrize(
    "times",
    [
        [on(set(), time(7))],
        [on({7}, time(7))],
        [on({0}, time(7, tzinfo=UTC))],
        [on({0}, time(number)) for number in range(21)],
    ],
)
def test_ring_times_without_sense_are_refused(store: Store, ada: UUID, times: list[Times]) -> None:
    subscription, _ = subscribe(store, ada, times=[on({0}, time(7))])
    with pytest.raises(BadInput, match="bad_ring_time"), store.begin() as db:
        subscriptions.change(db, ada, subscription, times=times)
    with store.reading() as db:
        assert len(subscriptions.times_of(db, subscription)) == 1


def test_nobody_reaches_another_ones(store: Store, ada: UUID, bob: UUID) -> None:
    subscription, feed = subscribe(store, ada)
    publish(store, feed, item(0))
    episode = episode_of(store, feed, "Episode 0").id
    tries: list[Callable[..., object]] = [
        lambda db: subscriptions.get(db, bob, subscription),
        lambda db: subscriptions.change(db, bob, subscription, pick=Pick.ALL),
        lambda db: subscriptions.remove(db, bob, subscription),
        lambda db: subscriptions.look_again(db, bob, subscription, NOW),
        lambda db: podcasts.summary(db, bob, subscription, NOW),
        lambda db: episodes.page(db, bob, subscription, 8),
        lambda db: episodes.to_play(db, bob, subscription, NOW),
        lambda db: episodes.get(db, bob, episode),
        lambda db: episodes.notes(db, bob, episode),
        lambda db: episodes.note(db, bob, episode, 1.0, True, NOW),
        lambda db: episodes.mark(db, bob, episode, True, NOW),
        lambda db: episodes.want(db, bob, episode, NOW),
    ]
    for attempt in tries:
        with pytest.raises(UnknownTarget, match="no_such_"), store.begin() as db:
            attempt(db)


def test_the_feed_goes_with_the_last_who_hears_it(store: Store, ada: UUID, bob: UUID) -> None:
    of_ada, feed = subscribe(store, ada)
    of_bob, _ = subscribe(store, bob)
    publish(store, feed, item(0))
    with store.begin() as db:
        episodes.note(db, ada, episode_of(store, feed, "Episode 0").id, 9.0, False, NOW)
        subscriptions.remove(db, ada, of_ada)
    assert (count(store, Feed), count(store, Episode), count(store, Subscription)) == (1, 1, 1)
    with store.begin() as db:
        subscriptions.remove(db, bob, of_bob)
    assert [count(store, table) for table in (Feed, Episode, EpisodeProgress)] == [0, 0, 0]


def test_what_was_due_for_a_removed_one_is_called_off(store: Store, ada: UUID) -> None:
    subscription, feed = subscribe(store, ada)
    publish(store, feed, item(0))
    with store.begin() as db:
        for key, state in (("a", DueJobState.PENDING), ("b", DueJobState.DIALLING)):
            job = DueJob(
                user_id=ada,
                source_id=subscription,
                local_date=date(2026, 11, 23),
                key=key,
                due=NOW,
                state=state,
                episode_id=episode_of(store, feed, "Episode 0").id,
                changed=NOW,
            )
            db.add(job)
    with store.begin() as db:
        subscriptions.remove(db, ada, subscription)
    with store.reading() as db:
        [left] = db.scalars(select(DueJob))
        assert (left.key, left.episode_id) == ("b", None)  # its phone is ringing


def test_a_feed_can_be_asked_again_but_not_all_the_time(store: Store, ada: UUID) -> None:
    subscription, feed = subscribe(store, ada)
    publish(store, feed, item(0))

    def look(now: timedelta) -> bool:
        with store.begin() as db:
            subscriptions.look_again(db, ada, subscription, NOW + now)
        return feed_of(store, feed).next_poll == NOW + now

    assert not look(timedelta(seconds=9))
    assert look(timedelta(seconds=10))
    with store.begin() as db:
        feeds.gone(db, feed, "feed_gone", {}, now=NOW + HOUR)
    assert look(2 * HOUR) and feed_of(store, feed).state is FeedState.LOOKING
