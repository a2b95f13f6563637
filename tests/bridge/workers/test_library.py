"""The library in the store: what is played for which order, and what becomes of its job."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from bridge import files
from bridge.api.events import EVENT, CallOutMissed
from bridge.api.listening_views import Medium
from bridge.calls.ports.library import CallOutOrder, Playlist
from bridge.errors import HouseError, NetworkDown, UnknownTarget
from bridge.store import Store
from bridge.store.calls import outbox
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER
from bridge.store.listening import (
    downloads,
    due_jobs,
    episodes,
    programmes,
    stations,
    subscriptions,
)
from bridge.store.listening.due_jobs import MOST_TRIES, DueJob
from bridge.terms import DueJobState, Pick
from bridge.workers.stored.library import StoredLibrary
from tests.bridge.store.conftest import (
    NOW,
    ada,
    bob,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)
from tests.bridge.store.publisher import HOUR, episode_of, item, publish, subscribe

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]

TITLES = ["Episode 3", "Episode 2", "Episode 1", "Episode 0"]
"""The oldest first; the first one was there before it was subscribed to."""


class Shelf:
    """A podcast with one old and three new episodes, all of them downloaded."""

    def __init__(self, store: Store, data_dir: Path, user: UUID, **chosen: Any) -> None:
        self.store, self.data_dir, self.user = store, data_dir, user
        self.podcast, feed = subscribe(store, user, **chosen)
        fresh = [item(number) for number in range(3)]
        publish(store, feed, item(3))
        publish(store, feed, *fresh, item(3), now=NOW + HOUR)
        self.episodes = {title: episode_of(store, feed, title).id for title in TITLES}
        for episode in self.episodes.values():
            files.episode(data_dir, episode).write_bytes(b"sound")
            with store.begin() as db:
                downloads.stored(db, episode, size=5, now=NOW)
        self.library = StoredLibrary(store, data_dir, user)

    def lose(self, title: str) -> None:
        files.episode(self.data_dir, self.episodes[title]).unlink()

    def claimed(self, source: UUID, key: str = "07:00", episode: UUID | None = None) -> UUID:
        """A job that the scheduler has claimed."""
        with self.store.begin() as db:
            leader = leadership.lead(db, SCHEDULER, "one", timedelta(seconds=15), NOW)
            row = due_jobs.add(
                db, self.user, source, NOW.date(), key, due=NOW, now=NOW, episode=episode
            )
            assert leader is not None
            assert row is not None
            assert due_jobs.claim(db, row.id, leader.epoch, NOW)
            return row.id

    def job(self, job: UUID) -> DueJob:
        with self.store.reading() as db:
            return db.get_one(DueJob, job)

    def told(self) -> list[CallOutMissed]:
        with self.store.reading() as db:
            kept = [EVENT.validate_python(row.body) for row in outbox.after(db, "chat")]
        return [event for event in kept if isinstance(event, CallOutMissed)]


@pytest.fixture
def shelf(store: Store, tmp_path: Path, ada: UUID) -> Shelf:
    return Shelf(store, tmp_path, ada)


def titles(playlist: Playlist) -> list[str]:
    return [one.title for one in playlist.items]


async def test_the_newest_is_played_and_the_others_are_a_key_away(shelf: Shelf) -> None:
    playlist = await shelf.library.playlist(CallOutOrder(podcast=shelf.podcast))
    assert (playlist.medium, playlist.name) == (Medium.PODCAST, "The Daily")
    assert titles(playlist) == TITLES
    assert playlist.items[playlist.first].title == "Episode 0"
    assert playlist.unheard == 1
    first = playlist.items[playlist.first]
    assert first.source.where == str(files.episode(shelf.data_dir, shelf.episodes["Episode 0"]))
    assert first.seconds == 1800


async def test_all_in_order_are_the_unheard_from_the_oldest(store: Store, shelf: Shelf) -> None:
    with store.begin() as db:
        subscriptions.change(db, shelf.user, shelf.podcast, pick=Pick.ALL)
    await shelf.library.note(shelf.episodes["Episode 1"], 0.0, heard=True)
    playlist = await shelf.library.playlist(CallOutOrder(podcast=shelf.podcast))
    assert titles(playlist) == ["Episode 2", "Episode 0"]
    assert (playlist.first, playlist.unheard) == (0, 2)


async def test_one_that_was_asked_for_goes_on_where_it_was_left(shelf: Shelf) -> None:
    wanted = shelf.episodes["Episode 3"]
    await shelf.library.note(wanted, 321.5, heard=False)
    playlist = await shelf.library.playlist(CallOutOrder(podcast=shelf.podcast, episode=wanted))
    assert playlist.items[playlist.first].episode == wanted
    assert playlist.items[playlist.first].position == 321.5
    assert playlist.unheard == 0


async def test_what_is_not_on_the_disk_is_not_played(shelf: Shelf) -> None:
    shelf.lose("Episode 2")
    playlist = await shelf.library.playlist(CallOutOrder(podcast=shelf.podcast))
    assert titles(playlist) == ["Episode 3", "Episode 1", "Episode 0"]
    shelf.lose("Episode 0")
    with pytest.raises(NetworkDown, match="not_downloaded"):
        await shelf.library.playlist(CallOutOrder(podcast=shelf.podcast))


async def test_when_all_was_heard_there_is_nothing_new(shelf: Shelf) -> None:
    for episode in shelf.episodes.values():
        await shelf.library.note(episode, 0.0, heard=True)
    with pytest.raises(UnknownTarget, match="nothing_new"):
        await shelf.library.playlist(CallOutOrder(podcast=shelf.podcast))


async def offered(library: StoredLibrary) -> list[tuple[str, int]]:
    return [(one.name, one.unheard) for one in await library.offered()]


async def test_what_can_be_listened_to(store: Store, shelf: Shelf) -> None:
    """News first, then other podcasts, then stations; each can be played at once."""
    with store.begin() as db:
        for name in ("Radio Two", "radio one"):
            stations.add(db, shelf.user, name, f"https://radio.example/{name[-3:]}", NOW)
    _, feed = subscribe(store, shelf.user, address="https://pods.example/old.xml")
    publish(store, feed, item(0), title="Old stories", now=NOW - HOUR)
    old = episode_of(store, feed, "Episode 0").id
    files.episode(shelf.data_dir, old).write_bytes(b"sound")
    with store.begin() as db:
        downloads.stored(db, old, size=5, now=NOW)
    await shelf.library.note(old, 0.0, heard=True)
    subscribe(store, shelf.user, address="https://pods.example/empty.xml")
    stations_last = [("radio one", 0), ("Radio Two", 0)]
    assert await offered(shelf.library) == [("The Daily", 3), ("Old stories", 0), *stations_last]
    for one in await shelf.library.offered():
        playlist = await shelf.library.playlist(one.order)
        assert playlist.name == one.name and playlist.medium is one.medium
    for title in ("Episode 0", "Episode 1"):
        await shelf.library.note(shelf.episodes[title], 0.0, heard=True)
    assert (await offered(shelf.library))[0] == ("The Daily", 1)
    await shelf.library.note(shelf.episodes["Episode 2"], 0.0, heard=True)
    assert await offered(shelf.library) == [("The Daily", 0), ("Old stories", 0), *stations_last]
    [daily, *_] = await shelf.library.offered()
    playlist = await shelf.library.playlist(daily.order)
    assert playlist.items[playlist.first].title == "Episode 0"  # the newest, though it was heard


async def test_what_is_offered_is_here(store: Store, shelf: Shelf) -> None:
    shelf.lose("Episode 0")
    [daily] = await shelf.library.offered()
    assert daily.unheard == 2
    playlist = await shelf.library.playlist(daily.order)
    assert playlist.items[playlist.first].title == "Episode 1"
    with store.begin() as db:
        subscriptions.change(db, shelf.user, shelf.podcast, pick=Pick.ALL)
    [daily] = await shelf.library.offered()
    playlist = await shelf.library.playlist(daily.order)
    assert (titles(playlist), daily.unheard) == (["Episode 2", "Episode 1"], 2)
    for title in TITLES[:3]:
        shelf.lose(title)
    assert await shelf.library.offered() == []


async def test_nobody_is_offered_what_another_one_hears(
    store: Store, shelf: Shelf, bob: UUID
) -> None:
    assert await StoredLibrary(store, shelf.data_dir, bob).offered() == []


async def test_the_job_of_a_new_episode_plays_that_one(shelf: Shelf) -> None:
    wanted = shelf.episodes["Episode 1"]
    job = shelf.claimed(shelf.podcast, f"episode {wanted}", wanted)
    playlist = await shelf.library.playlist(CallOutOrder(job=job))
    assert playlist.items[playlist.first].episode == wanted
    assert playlist.unheard == 1


async def test_the_job_of_what_was_asked_for_announces_nothing_new(shelf: Shelf) -> None:
    wanted = shelf.episodes["Episode 3"]
    playlist = await shelf.library.playlist(
        CallOutOrder(job=shelf.claimed(shelf.podcast, "asked 12345678", wanted))
    )
    assert playlist.items[playlist.first].episode == wanted
    assert playlist.unheard == 0


async def test_a_station_and_a_programme(store: Store, shelf: Shelf) -> None:
    with store.begin() as db:
        station = stations.add(db, shelf.user, "Radio One", "https://radio.example/live", NOW)
        programme = programmes.add(
            db, shelf.user, station.id, title="Concert", cron="5 11 * * 0", minutes=90, now=NOW
        )
        endless = programmes.add(db, shelf.user, station.id, cron="5 12 * * 0", now=NOW)
    playlist = await shelf.library.playlist(CallOutOrder(station=station.id))
    assert (playlist.medium, playlist.name) == (Medium.RADIO, "Radio One")
    assert playlist.items[0].source.live
    assert playlist.longest_seconds == 7200
    of_programme = await shelf.library.playlist(CallOutOrder(job=shelf.claimed(programme.id)))
    assert of_programme.items[0].title == "Concert"
    assert of_programme.longest_seconds == 5400
    assert of_programme.programme == programme.id
    of_endless = await shelf.library.playlist(CallOutOrder(job=shelf.claimed(endless.id)))
    assert of_endless.longest_seconds == 7200


@pytest.mark.parametrize("what", ["podcast", "episode", "station", "job"])
async def test_users_never_hear_what_is_not_theirs(
    store: Store, shelf: Shelf, bob: UUID, what: str
) -> None:
    with store.begin() as db:
        station = stations.add(db, shelf.user, "Radio One", "https://radio.example/live", NOW)
    orders = {
        "podcast": CallOutOrder(podcast=shelf.podcast),
        "episode": CallOutOrder(podcast=shelf.podcast, episode=shelf.episodes["Episode 0"]),
        "station": CallOutOrder(station=station.id),
        "job": CallOutOrder(job=shelf.claimed(shelf.podcast)),
    }
    bobs = StoredLibrary(store, shelf.data_dir, bob)
    with pytest.raises(UnknownTarget):
        await bobs.playlist(orders[what])


async def test_a_job_is_dialled_once(shelf: Shelf) -> None:
    job, call = shelf.claimed(shelf.podcast), uuid4()
    assert await shelf.library.dialling(job, call)
    assert await shelf.library.dialling(job, call)  # the answer was lost on its way
    assert not await shelf.library.dialling(job, uuid4())


async def test_what_was_listened_to_is_done(shelf: Shelf) -> None:
    job = shelf.claimed(shelf.podcast)
    await shelf.library.dialling(job, uuid4())
    await shelf.library.settle(job, listened=True)
    assert shelf.job(job).state is DueJobState.DONE
    assert shelf.told() == []


async def test_the_last_try_that_fails_is_told(shelf: Shelf) -> None:
    wanted = shelf.episodes["Episode 0"]
    job = shelf.claimed(shelf.podcast, f"episode {wanted}", wanted)
    for number in range(1, MOST_TRIES + 1):
        await shelf.library.dialling(job, uuid4())
        await shelf.library.settle(job, listened=False, reason="not_accepted")
        if number < MOST_TRIES:
            assert shelf.job(job).state is DueJobState.PENDING
            assert shelf.told() == []
            with shelf.store.begin() as db:
                leader = leadership.lead(db, SCHEDULER, "one", timedelta(seconds=15), NOW)
                assert leader is not None
                assert due_jobs.claim(db, job, leader.epoch, NOW)
    [told] = shelf.told()
    assert shelf.job(job).state is DueJobState.FAILED
    assert (told.reason, told.playing.episode) == ("not_accepted", wanted)


async def test_a_podcast_that_was_removed_while_it_is_heard(store: Store, shelf: Shelf) -> None:
    with store.begin() as db:
        subscriptions.remove(db, shelf.user, shelf.podcast)
    await shelf.library.note(shelf.episodes["Episode 0"], 12.0, heard=False)


async def test_positions_are_kept(store: Store, shelf: Shelf) -> None:
    episode = shelf.episodes["Episode 2"]
    await shelf.library.note(episode, 60.0, heard=False)
    with store.reading() as db:
        assert episodes.get(db, shelf.user, episode).position == 60.0


async def test_an_order_for_nothing(shelf: Shelf) -> None:
    with pytest.raises(HouseError, match="job_over"):
        await shelf.library.playlist(CallOutOrder())
