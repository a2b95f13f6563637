"""What is downloaded before a phone rings for it, and what makes room for what."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bridge import files
from bridge.store import Store
from bridge.store.listening import downloads, episodes, subscriptions
from bridge.terms import Pick, RingRule
from tests.bridge.store.conftest import NOW
from tests.bridge.store.publisher import HOUR, episode_of, item, publish, subscribe

LATER = NOW + HOUR


def fresh(store: Store, feed: UUID, *numbers: int) -> list[UUID]:
    """Published after the first sight of the feed."""
    publish(store, feed, item(99))
    publish(store, feed, *map(item, numbers), item(99), now=LATER)
    return [episode_of(store, feed, f"Episode {number}").id for number in numbers]


def wanted(store: Store, limit: int = 50) -> list[str]:
    with store.reading() as db:
        return [row.title for row in downloads.wanted(db, LATER, limit)]


@pytest.mark.parametrize(
    ("rings", "pick", "titles"),
    [
        (RingRule.AT_ONCE, Pick.NEWEST, ["Episode 0"]),
        (RingRule.AT_TIMES, Pick.NEWEST, ["Episode 0"]),
        (RingRule.NEVER, Pick.NEWEST, []),
        (RingRule.AT_ONCE, Pick.ALL, ["Episode 1", "Episode 2", "Episode 3"]),
    ],
)
def test_what_will_ring_is_wanted(
    store: Store, ada: UUID, rings: RingRule, pick: Pick, titles: list[str]
) -> None:
    _, feed = subscribe(store, ada, rings=rings, pick=pick)
    fresh(store, feed, 0, 1, 2, 3)
    assert wanted(store) == titles


def test_what_is_there_or_heard_or_skipped_is_not_wanted(
    store: Store, ada: UUID, bob: UUID
) -> None:
    subscription, feed = subscribe(store, ada)
    [newest, _] = fresh(store, feed, 0, 1)
    with store.begin() as db:
        downloads.stored(db, newest, size=1, now=LATER)
    assert wanted(store) == []
    with store.begin() as db:
        episodes.mark(db, ada, newest, True, LATER)
    assert wanted(store) == ["Episode 1"]
    with store.begin() as db:
        subscriptions.change(db, ada, subscription, least_minutes=60)
    assert wanted(store) == []
    with store.begin() as db:
        downloads.unstored(db, newest)
    subscribe(store, bob, now=NOW)
    assert wanted(store) == ["Episode 0"]  # by the other one


def test_one_file_for_all_who_hear_it(store: Store, ada: UUID, bob: UUID) -> None:
    _, feed = subscribe(store, ada)
    subscribe(store, bob, pick=Pick.ALL)
    fresh(store, feed, 0)
    assert wanted(store) == ["Episode 0"]


def test_who_waits_comes_first_and_is_waited_for_once(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    fresh(store, feed, 0, 1)
    old = episode_of(store, feed, "Episode 99").id
    other = episode_of(store, feed, "Episode 1").id
    with store.begin() as db:
        episodes.want(db, ada, old, NOW)
        episodes.want(db, ada, other, LATER)
        episodes.want(db, ada, old, LATER)
    assert wanted(store) == ["Episode 99", "Episode 1", "Episode 0"]
    assert wanted(store, 2) == ["Episode 99", "Episode 1"]
    with store.begin() as db:
        downloads.stored(db, old, size=1, now=LATER)
        downloads.given_up(db, other)
        episodes.want(db, ada, old, LATER)  # it is there
    assert wanted(store) == ["Episode 0"]
    assert episode_of(store, feed, "Episode 99").wanted is None


def test_what_is_measured_is_kept(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    [episode] = fresh(store, feed, 0)
    with store.begin() as db:
        downloads.stored(db, episode, size=5, now=LATER)
        downloads.stored(db, uuid4(), size=5, now=LATER)  # removed meanwhile
    row = episode_of(store, feed, "Episode 0")
    assert (row.size, row.seconds, row.mime, row.stored) == (5, 1800.0, "", LATER)
    with store.begin() as db:
        downloads.stored(db, episode, size=6, seconds=7.5, mime="audio/mpeg", now=LATER)
    row = episode_of(store, feed, "Episode 0")
    assert (row.size, row.seconds, row.mime) == (6, 7.5, "audio/mpeg")


def test_what_nobody_used_for_longest_makes_room(store: Store, ada: UUID) -> None:
    _, feed = subscribe(store, ada)
    first, second, third, _ = fresh(store, feed, 1, 2, 3, 4)
    with store.begin() as db:
        for hours, episode in enumerate((first, second, third)):
            downloads.stored(db, episode, size=1, now=NOW + timedelta(hours=hours))
        episodes.note(db, ada, first, 1.0, False, NOW + timedelta(hours=9))
    with store.reading() as db:
        assert [row.id for row in downloads.by_use(db)] == [second, third, first]


def test_files_without_an_episode_go(store: Store, ada: UUID, tmp_path: Path) -> None:
    _, feed = subscribe(store, ada)
    [episode] = fresh(store, feed, 0)
    gone = uuid4()
    kept = files.episode(tmp_path, episode)
    for path in (kept, kept.with_suffix(".part"), kept.with_name("README")):
        path.touch()
    for name in (f"{gone}", f"{gone}.part"):
        kept.with_name(name).touch()
    with store.reading() as db:
        assert downloads.remove_orphans(db, tmp_path) == 2
    assert {path.name for path in kept.parent.iterdir()} == {
        f"{episode}",
        f"{episode}.part",
        "README",
    }


def test_a_file_that_went_behind_our_back_is_noticed(
    store: Store, ada: UUID, tmp_path: Path
) -> None:
    _, feed = subscribe(store, ada)
    [episode] = fresh(store, feed, 0)
    files.episode(tmp_path, episode).touch()
    for there in (True, False):
        with store.begin() as db:
            downloads.stored(db, episode, size=1, now=LATER)
            row = episodes.get(db, ada, episode).episode
            assert downloads.present(db, tmp_path, row) is there
        files.episode(tmp_path, episode).unlink(missing_ok=True)
    assert episode_of(store, feed, "Episode 0").stored is None
    with store.begin() as db:
        assert not downloads.present(db, tmp_path, episodes.get(db, ada, episode).episode)
