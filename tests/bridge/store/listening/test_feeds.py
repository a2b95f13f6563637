"""Who is asked when, and what came of it: told once when it changes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from bridge.store import Store
from bridge.store.listening import feeds, podcasts, subscriptions
from bridge.terms import FeedState
from tests.bridge.store.conftest import NOW
from tests.bridge.store.crowd import at_once
from tests.bridge.store.publisher import HOUR, feed_of, item, publish, subscribe

DAY = timedelta(days=1)


def test_a_new_feed_is_due_at_once_and_nobody_else_gets_it(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    with store.begin() as db:
        assert feeds.due(db, NOW - HOUR) == []
    with store.begin() as db:
        assert [row.id for row in feeds.due(db, NOW)] == [feed]
    with store.begin() as db:
        assert feeds.due(db, NOW) == []
    with store.begin() as db:  # whoever took it has crashed
        assert [row.id for row in feeds.due(db, NOW + feeds.CLAIMED_FOR)] == [feed]


def test_the_longest_overdue_come_first(store: Store, ada: UUID) -> None:
    added = [
        subscribe(store, ada, f"https://pods.example/{hour}", NOW + hour * HOUR)[1]
        for hour in (2, 1, 3)
    ]
    with store.begin() as db:
        assert [row.id for row in feeds.due(db, NOW + DAY, 2)] == [added[1], added[0]]


def _claim(meet: Callable[[], object], url: str) -> list[str]:
    with Store.open(url) as store:
        meet()
        with store.begin() as db:
            return [row.address for row in feeds.due(db, NOW, 10)]


def test_two_pollers_at_once_share_the_work(url: str, store: Store, ada: UUID) -> None:
    for number in range(20):
        subscribe(store, ada, f"https://pods.example/{number}")
    taken = at_once(2, _claim, url)
    assert len({address for some in taken for address in some}) == 20


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.real)], indirect=True)
def test_nobody_waits_for_a_feed_that_is_being_written(store: Store, ada: UUID) -> None:
    """In SQLite there is one writer at a time anyway."""
    _, busy = subscribe(store, ada)
    _, idle = subscribe(store, ada, "https://pods.example/idle")
    with store.begin() as db:
        feeds.locked(db, busy)
        with store.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = 1000"))
            assert [row.id for row in feeds.due(other, NOW)] == [idle]


def test_the_first_answer_is_told(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    assert publish(store, feed, item(0)) is FeedState.LOOKING
    assert publish(store, feed, item(0)) is None
    row = feed_of(store, feed)
    assert (row.title, row.state, row.checked) == ("The Daily", FeedState.FINE, NOW)
    assert (row.validators, row.next_poll) == ({"ETag": '"x"'}, NOW + HOUR)


def fail(store: Store, feed: UUID, hours: float) -> FeedState | None:
    now = NOW + hours * HOUR
    with store.begin() as db:
        return feeds.failed(
            db, feed, "feed_unreachable", {"host": "h"}, now=now, next_poll=now + HOUR
        )


def test_trouble_is_told_after_a_day_and_once(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    publish(store, feed, item(0))
    told = [fail(store, feed, hours) for hours in (1, 12, 23.9, 24, 25, 48)]
    assert told == [None, None, None, FeedState.FINE, None, None]
    row = feed_of(store, feed)
    assert (row.failures, row.reason, row.facts) == (6, "feed_unreachable", {"host": "h"})
    assert publish(store, feed, now=NOW + 3 * DAY) is FeedState.FAILING
    row = feed_of(store, feed)
    assert (row.failures, row.reason, row.facts) == (0, "", {})


def test_trouble_at_the_first_look_is_told_at_once(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    assert fail(store, feed, 0) is FeedState.LOOKING
    assert fail(store, feed, 30) is None


def test_an_unchanged_feed_was_checked_all_the_same(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    publish(store, feed, item(0))
    fail(store, feed, 25)
    later = NOW + 2 * DAY
    with store.begin() as db:
        was = feeds.unchanged(
            db, feed, now=later, next_poll=later + DAY, validators={"ETag": '"y"'}
        )
    row = feed_of(store, feed)
    assert was is FeedState.FAILING
    assert (row.checked, row.changed, row.next_poll) == (later, NOW, later + DAY)
    assert row.validators == {"ETag": '"y"'}


def test_a_feed_that_is_gone_is_not_asked_until_somebody_hopes(
    store: Store, ada: UUID, bob: UUID
) -> None:
    _, feed = subscribe(store, ada)
    publish(store, feed, item(0))
    with store.begin() as db:
        assert feeds.gone(db, feed, "feed_gone", {}, now=NOW) is FeedState.FINE
        assert feeds.gone(db, feed, "feed_gone", {}, now=NOW) is None
    with store.begin() as db:
        assert feeds.due(db, NOW + 9 * DAY) == []
    subscribe(store, bob, now=NOW + 9 * DAY)
    with store.begin() as db:
        [row] = feeds.due(db, NOW + 9 * DAY)
        assert (row.state, row.reason) == (FeedState.LOOKING, "")


def test_what_was_no_feed_at_first_is_first_seen_later_on(store: Store, ada: UUID) -> None:
    """Or all that it has by then would be new."""
    subscription, feed = subscribe(store, ada)
    with store.begin() as db:
        feeds.gone(db, feed, "no_feed_there", {}, now=NOW)
        subscriptions.look_again(db, ada, subscription, NOW + DAY)
    publish(store, feed, item(0), now=NOW + DAY)
    with store.reading() as db:
        assert podcasts.summary(db, ada, subscription, NOW + DAY).unheard == 0


def test_a_feed_that_was_removed_meanwhile_is_nobodys_business(store: Store) -> None:
    feed = UUID(int=7)
    assert publish(store, feed, item(0)) is None
    assert fail(store, feed, 0) is None
    with store.begin() as db:
        assert feeds.gone(db, feed, "feed_gone", {}, now=NOW) is None
        assert feeds.unchanged(db, feed, now=NOW, next_poll=NOW) is None
