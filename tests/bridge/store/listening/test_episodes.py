"""What is new to a listener, what is played in which order, and how far he is."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from bridge.store import Store
from bridge.store.listening import downloads, episodes, podcasts
from bridge.store.listening.feeds import Episode
from bridge.store.listening.fetched import FeedItem
from bridge.terms import Pick, RingRule
from tests.bridge.store.conftest import NOW, counted
from tests.bridge.store.publisher import (
    HOUR,
    episode_of,
    item,
    publish,
    subscribe,
)

LATER = NOW + HOUR
CATALOGUE = [item(number) for number in range(3, 6)]


def follow(store: Store, user: UUID, *fresh: FeedItem, **chosen: Any) -> tuple[UUID, UUID]:
    """A podcast with a back catalogue, and what came later."""
    subscription, feed = subscribe(store, user, **chosen)
    publish(store, feed, *CATALOGUE)
    publish(store, feed, *fresh, *CATALOGUE, now=LATER)
    return subscription, feed


def played(store: Store, user: UUID, subscription: UUID, **how: Any) -> list[str]:
    with store.reading() as db:
        found = episodes.to_play(db, user, subscription, LATER, **how)
        return [entry.episode.title for entry in found]


def unheard(store: Store, user: UUID, subscription: UUID) -> int:
    with store.reading() as db:
        return podcasts.summary(db, user, subscription, LATER).unheard


def store_sound(store: Store, *rows: Episode) -> None:
    with store.begin() as db:
        for row in rows:
            downloads.stored(db, row.id, size=1, now=LATER)


def test_the_back_catalogue_is_listed_but_not_new(store: Store, ada: UUID) -> None:
    subscription, feed = subscribe(store, ada)
    publish(store, feed, *CATALOGUE)
    assert (played(store, ada, subscription), unheard(store, ada, subscription)) == ([], 0)
    with store.reading() as db:
        listed = episodes.page(db, ada, subscription, 2)
        assert [entry.episode.title for entry in listed] == ["Episode 3", "Episode 4"]
        [last] = episodes.page(db, ada, subscription, 2, 2)
        assert last.episode.title == "Episode 5"
        assert (last.podcast_title, last.podcast, last.heard) == ("The Daily", subscription, False)


def test_what_comes_later_is_new(store: Store, ada: UUID) -> None:
    subscription, _ = follow(store, ada, item(0), item(1))
    assert played(store, ada, subscription) == ["Episode 0"]
    assert unheard(store, ada, subscription) == 2


def test_all_are_played_the_oldest_first(store: Store, ada: UUID) -> None:
    subscription, feed = follow(store, ada, item(0), item(1), item(2), pick=Pick.ALL)
    assert played(store, ada, subscription) == ["Episode 2", "Episode 1", "Episode 0"]
    store_sound(store, episode_of(store, feed, "Episode 1"))
    assert played(store, ada, subscription, stored=True) == ["Episode 1"]


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({"least_minutes": 30}, ["Episode 2", "Episode 0"]),
        ({"least_minutes": 31}, ["Episode 2"]),
        ({"oldest_days": 1}, ["Episode 1", "Episode 0"]),
        ({"oldest_days": 1, "least_minutes": 20}, ["Episode 0"]),
    ],
)
def test_what_is_short_or_old_is_skipped(
    store: Store, ada: UUID, bob: UUID, chosen: dict[str, int], left: list[str]
) -> None:
    fresh = item(0), item(1, seconds=600.0), item(2, seconds=None)
    later_than_a_day = item(1, seconds=600.0, published=LATER - timedelta(hours=23))
    subscription, _ = follow(
        store, ada, fresh[0], later_than_a_day, fresh[2], pick=Pick.ALL, **chosen
    )
    subscribe(store, bob, oldest_days=3650)  # others' limits are others'
    assert played(store, ada, subscription) == left
    assert unheard(store, ada, subscription) == len(left)


def test_what_was_heard_is_not_new_but_only_to_who_heard_it(
    store: Store, ada: UUID, bob: UUID
) -> None:
    of_bob, feed = subscribe(store, bob)
    of_ada, _ = follow(store, ada, item(0))
    episode = episode_of(store, feed, "Episode 0").id
    with store.begin() as db:
        episodes.note(db, ada, episode, 12.5, False, NOW)
    assert unheard(store, ada, of_ada) == 1
    with store.begin() as db:
        episodes.note(db, ada, episode, 1790.0, True, NOW)
    assert (unheard(store, ada, of_ada), unheard(store, bob, of_bob)) == (0, 1)
    assert played(store, ada, of_ada) == []


def test_how_far_one_is_stays(store: Store, ada: UUID, bob: UUID) -> None:
    subscribe(store, bob)
    _, feed = follow(store, ada, item(0))
    episode = episode_of(store, feed, "Episode 0").id
    with store.begin() as db:
        for position in (5.0, 10.0, -3.0, 15.0):
            episodes.note(db, ada, episode, position, False, LATER)
    with store.reading() as db:
        assert episodes.get(db, ada, episode).position == 15.0
        assert episodes.get(db, bob, episode).position == 0.0
        assert db.get_one(Episode, episode).used == LATER


def test_heard_stays_heard_until_it_is_marked_as_new(store: Store, ada: UUID) -> None:
    _, feed = follow(store, ada, item(0))
    episode = episode_of(store, feed, "Episode 0").id
    with store.begin() as db:
        assert episodes.mark(db, ada, episode, True, NOW).heard
        episodes.note(db, ada, episode, 30.0, False, NOW)
        assert episodes.get(db, ada, episode).heard
        entry = episodes.mark(db, ada, episode, False, NOW)
        assert (entry.heard, entry.position) == (False, 0.0)


def test_notes_are_read_when_they_are_asked_for(store: Store, ada: UUID) -> None:
    _, feed = follow(store, ada, item(0, notes="About bees"))
    with store.reading() as db:
        assert episodes.notes(db, ada, episode_of(store, feed, "Episode 0").id) == "About bees"


def test_who_is_called_at_once_and_for_what(store: Store, ada: UUID, bob: UUID) -> None:
    subscribe(store, bob, rings=RingRule.NEVER)
    subscription, feed = follow(store, ada, item(0), item(1), pick=Pick.ALL)

    def ringing(since: timedelta = -HOUR) -> list[tuple[UUID, str]]:
        with store.reading() as db:
            found = episodes.to_ring(db, LATER, LATER + since)
            return [(row.id, episode.title) for row, episode in found]

    assert ringing() == []
    store_sound(store, *(episode_of(store, feed, f"Episode {number}") for number in (1, 3)))
    assert ringing() == [(subscription, "Episode 1")]  # 3 was there before
    store_sound(store, episode_of(store, feed, "Episode 0"))
    assert ringing() == [(subscription, "Episode 0")]
    assert ringing(timedelta()) == []
    with store.begin() as db:
        episodes.mark(db, ada, episode_of(store, feed, "Episode 0").id, True, LATER)
    assert ringing() == [(subscription, "Episode 1")]


def test_podcasts_are_listed_with_the_newest_first(store: Store, ada: UUID) -> None:
    dull, _ = subscribe(store, ada, "https://pods.example/dull")
    early, feed = subscribe(store, ada, "https://pods.example/early")
    publish(store, feed, item(3))
    late, feed = subscribe(store, ada, "https://pods.example/late")
    publish(store, feed, item(1), item(2))
    with store.begin() as db:
        episodes.note(db, ada, episode_of(store, feed, "Episode 1").id, 7.0, False, NOW)
    with store.reading() as db:
        listed = podcasts.of_user(db, ada, NOW)
        assert [one.subscription.id for one in listed] == [late, early, dull]
        assert [one.latest.episode.title if one.latest else "" for one in listed] == [
            "Episode 1",
            "Episode 3",
            "",
        ]
        assert listed[0].latest and listed[0].latest.position == 7.0


def test_two_hundred_podcasts_are_listed_in_a_few_statements(store: Store, ada: UUID) -> None:
    _publish_many(store, ada, podcasts_of_hers=200, episodes_each=20)
    with counted(store) as asked, store.reading() as db:
        listed = podcasts.of_user(db, ada, LATER)
    assert len(listed) == 200
    assert {one.unheard for one in listed} == {5}
    assert len(asked) < 10


def _publish_many(store: Store, user: UUID, podcasts_of_hers: int, episodes_each: int) -> None:
    """Five of each are new."""
    for number in range(podcasts_of_hers):
        _, feed = subscribe(store, user, f"https://pods.example/{number}")
        rows = [
            {
                "id": uuid4(),
                "feed_id": feed,
                "guid": str(place),
                "title": f"Episode {place}",
                "published": NOW - timedelta(days=place),
                "seen": LATER if place < 5 else NOW,
                "enclosure": f"https://pods.example/{place}.mp3",
                "notes": "",
            }
            for place in range(episodes_each)
        ]
        with store.begin() as db:
            db.execute(insert(Episode), rows)
