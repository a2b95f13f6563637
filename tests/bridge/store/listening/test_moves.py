"""A feed moves: nobody loses it, nobody hears anything twice."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from bridge.store import Store
from bridge.store.listening import episodes, moves, podcasts, subscriptions
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.feeds import Feed
from tests.bridge.store.conftest import NOW
from tests.bridge.store.publisher import HOUR, episode_of, feed_of, item, publish, subscribe

NEW = "https://new.example/feed"
LATER = NOW + HOUR


def move(store: Store, feed: UUID, address: str = NEW) -> UUID | None:
    with store.begin() as db:
        return moves.moved(db, feed, address)


def addresses(store: Store) -> list[str]:
    with store.reading() as db:
        return list(db.scalars(select(Feed.address)))


def test_it_gets_its_new_address(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    publish(store, feed, item(0))
    assert move(store, feed) == feed
    assert move(store, feed) == feed
    row = feed_of(store, feed)
    assert (row.address, row.validators, row.title) == (NEW, {}, "The Daily")
    assert move(store, uuid4()) is None


def test_two_feeds_that_are_one_become_one(store: Store, ada: UUID, bob: UUID) -> None:
    of_ada, feed = subscribe(store, ada)
    of_bob, other = subscribe(store, bob, NEW)
    publish(store, feed, item(1), item(2))
    publish(store, other, item(0), item(1), now=LATER)
    with store.begin() as db:
        heard = episode_of(store, feed, "Episode 1").id
        episodes.note(db, ada, heard, 42.0, False, NOW)
        db.add(
            DueJob(
                user_id=ada,
                source_id=of_ada,
                local_date=date(2026, 11, 23),
                key="07:00",
                due=NOW,
                episode_id=heard,
                changed=NOW,
            )
        )
    assert move(store, feed) == other
    assert addresses(store) == [NEW]
    same = episode_of(store, other, "Episode 1").id
    with store.reading() as db:
        assert {row.id for row in subscriptions.of_feed(db, other)} == {of_ada, of_bob}
        assert episodes.get(db, ada, same).position == 42.0
        assert db.scalars(select(DueJob.episode_id)).one() == same
        # what the other feed had already is listed, but rings no phone
        assert podcasts.summary(db, ada, of_ada, LATER).unheard == 0
        assert podcasts.summary(db, bob, of_bob, LATER).unheard == 0


def test_who_heard_both_keeps_one(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    kept, other = subscribe(store, ada, NEW)
    publish(store, feed, item(1))
    publish(store, other, item(1))
    with store.begin() as db:
        episodes.note(db, ada, episode_of(store, feed, "Episode 1").id, 1.0, False, NOW)
        episodes.note(db, ada, episode_of(store, other, "Episode 1").id, 2.0, False, NOW)
    assert move(store, feed) == other
    with store.reading() as db:
        assert [row.id for row in subscriptions.of_feed(db, other)] == [kept]
        same = episode_of(store, other, "Episode 1").id
        assert episodes.get(db, ada, same).position == 2.0


def test_the_one_that_was_read_stays(store: Store, ada: UUID, bob: UUID) -> None:
    """Or its episodes, with what was heard of them, would be lost."""
    subscription, feed = subscribe(store, ada)
    publish(store, feed, item(1))
    publish(store, feed, item(0), now=LATER)
    of_bob, unread = subscribe(store, bob, NEW)
    assert move(store, feed) == feed != unread
    assert addresses(store) == [NEW]
    with store.reading() as db:
        assert podcasts.summary(db, ada, subscription, LATER).unheard == 1
        assert podcasts.summary(db, bob, of_bob, LATER).unheard == 0
