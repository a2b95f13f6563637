"""Podcasts by the front desk: added, listed, imported, and their sound fetched."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import files
from bridge.api.commands.housekeeping import SweepHistory
from bridge.api.commands.podcasts import (
    AddPodcast,
    ChangePodcast,
    ExportPodcasts,
    GetPodcast,
    ImportPodcasts,
    ListEpisodes,
    ListPodcasts,
    LookAgain,
    MarkEpisode,
    RemovePodcast,
    ShowNotes,
)
from bridge.api.listening_views import PodcastView, Times
from bridge.errors import BadInput, NetworkDown, NotAllowed
from bridge.store.listening import downloads, episodes, fetched, subscriptions
from bridge.store.listening.feeds import Episode, Feed
from bridge.terms import FeedState, Pick, RingRule
from tests.bridge.desk.conftest import Office

ADDRESS = "https://pods.example/daily.xml"


@pytest.fixture
async def ada(office: Office) -> UUID:
    return (await office.member(1, "Ada")).id


def publish(db: Session, *titles: str, address: str = ADDRESS) -> None:
    """As of now; the last title is the oldest."""
    now = datetime.now(UTC)
    items = [
        fetched.FeedItem(
            guid=title,
            title=title,
            published=now - timedelta(hours=age),
            enclosure=f"https://pods.example/{title}.mp3",
            seconds=60.0,
            link=f"https://pods.example/{title}",
            notes=f"About {title}",
        )
        for age, title in enumerate(titles)
    ]
    feed = db.scalars(select(Feed.id).where(Feed.address == address)).one()
    told = fetched.Fetched(title="The Daily", link="https://daily.example/", items=items)
    fetched.found(db, feed, told, now=now, next_poll=now, interval_seconds=900)


async def followed(office: Office, user: UUID) -> PodcastView:
    """A podcast with one episode from before and one that is new."""
    podcast = await office.client.ask(AddPodcast(user=user, address="pods.example/daily.xml"))
    await office.store.run(publish, "Bees")
    await office.store.run(publish, "Ants", "Bees")
    return await office.client.ask(GetPodcast(user=user, podcast=podcast.id))


async def store_sound(office: Office, title: str, sound: bytes = b"ID3") -> UUID:
    def store(db: Session) -> UUID:
        row = db.scalars(select(Episode).where(Episode.title == title)).one()
        downloads.stored(db, row.id, size=len(sound), now=datetime.now(UTC))
        return row.id

    episode = await office.store.run(store)
    files.episode(office.settings.data_dir, episode).write_bytes(sound)
    return episode


async def test_what_was_just_added_is_being_looked_at(office: Office, ada: UUID) -> None:
    view = await office.client.ask(AddPodcast(user=ada, address="pods.example/daily.xml"))
    assert (view.address, view.title, view.state) == (ADDRESS, "", FeedState.LOOKING)
    assert (view.latest, view.unheard, view.rings) == (None, 0, RingRule.AT_ONCE)
    with pytest.raises(BadInput, match="bad_feed_address"):
        await office.client.ask(AddPodcast(user=ada, address="my podcast"))


async def test_a_podcast_shows_what_is_new(office: Office, ada: UUID) -> None:
    view = await followed(office, ada)
    assert (view.title, view.state, view.unheard) == ("The Daily", FeedState.FINE, 1)
    assert view.latest is not None and view.latest.title == "Ants"
    assert (view.latest.podcast, view.latest.podcast_title) == (view.id, "The Daily")
    assert (view.latest.seconds, view.latest.ready) == (60.0, False)
    await store_sound(office, "Ants")
    [listed] = await office.client.ask(ListPodcasts(user=ada))
    assert listed.latest is not None and (listed.latest.ready, listed.latest.size) == (True, 3)


async def test_choices_stay(office: Office, ada: UUID) -> None:
    podcast = (await followed(office, ada)).id
    times = (Times(weekdays=frozenset({5, 6}), at=time(9, 30)),)
    change = ChangePodcast(user=ada, podcast=podcast, times=times, pick=Pick.ALL, oldest_days=7)
    view = await office.client.ask(change)
    assert view.times == ()  # it rings at once
    change = ChangePodcast(user=ada, podcast=podcast, rings=RingRule.AT_TIMES, oldest_days=0)
    view = await office.client.ask(change)
    assert (view.times, view.pick, view.oldest_days) == (times, Pick.ALL, None)
    with pytest.raises(BadInput, match="bad_ring_time"):
        never = (Times(weekdays=frozenset(), at=time(9)),)
        await office.client.ask(ChangePodcast(user=ada, podcast=podcast, times=never))


async def test_an_episode_is_read_about_and_marked(office: Office, ada: UUID) -> None:
    podcast = (await followed(office, ada)).id
    newest, oldest = await office.client.ask(ListEpisodes(user=ada, podcast=podcast))
    page = ListEpisodes(user=ada, podcast=podcast, limit=1, offset=1)
    assert await office.client.ask(page) == [oldest]
    notes = await office.client.ask(ShowNotes(user=ada, episode=newest.id))
    assert (notes.notes, notes.link) == ("About Ants", "https://pods.example/Ants")
    marked = await office.client.ask(MarkEpisode(user=ada, episode=newest.id, heard=True))
    assert marked == newest.model_copy(update={"heard": True})
    view = await office.client.ask(GetPodcast(user=ada, podcast=podcast))
    assert view.unheard == 0


async def test_a_removed_podcast_leaves_no_file(office: Office, ada: UUID) -> None:
    podcast = (await followed(office, ada)).id
    path = files.episode(office.settings.data_dir, await store_sound(office, "Ants"))
    assert path.exists()
    await office.client.ask(RemovePodcast(user=ada, podcast=podcast))
    assert await office.client.ask(ListPodcasts(user=ada)) == [] and not path.exists()


async def test_the_nightly_sweep_takes_files_that_belong_to_nothing(
    office: Office, ada: UUID
) -> None:
    await followed(office, ada)
    kept = files.episode(office.settings.data_dir, await store_sound(office, "Ants"))
    orphan = files.episode(office.settings.data_dir, UUID(int=7))
    orphan.touch()
    await office.client.ask(SweepHistory())
    assert kept.exists() and not orphan.exists()


async def test_a_list_comes_in_and_goes_out(office: Office, ada: UUID) -> None:
    await followed(office, ada)
    text = "".join(
        f'<outline type="rss" xmlUrl="{address}"/>'
        for address in (ADDRESS, "https://pods.example/other", "nonsense", "feed://third.example")
    )
    imported = await office.client.ask(
        ImportPodcasts(user=ada, opml=f"<opml><body>{text}</body></opml>")
    )
    assert {view.address for view in imported} == {
        "https://pods.example/other",
        "https://third.example/",
    }
    exported = await office.client.ask(ExportPodcasts(user=ada))
    assert exported.count("<outline") == 3 and 'text="The Daily"' in exported
    again = await office.client.ask(ImportPodcasts(user=ada, opml=exported))
    assert again == []


async def test_a_list_that_is_too_long_is_taken_as_far_as_there_is_room(
    office: Office, ada: UUID
) -> None:
    def listed(numbers: range) -> ImportPodcasts:
        entry = '<outline type="rss" xmlUrl="https://pods.example/{}"/>'
        text = "".join(map(entry.format, numbers))
        return ImportPodcasts(user=ada, opml=f"<opml><body>{text}</body></opml>")

    imported = await office.client.ask(listed(range(5000)))
    assert len(imported) == subscriptions.MOST
    with pytest.raises(NotAllowed, match="too_many_podcasts"):
        await office.client.ask(listed(range(5000, 5010)))


async def test_a_feed_is_looked_at_again_on_request(office: Office, ada: UUID) -> None:
    podcast = (await followed(office, ada)).id

    def due(db: Session, *, checked: timedelta) -> None:
        row = db.scalars(select(Feed)).one()
        row.checked, row.next_poll = datetime.now(UTC) - checked, datetime.max.replace(tzinfo=UTC)

    def is_due(db: Session) -> bool:
        return db.scalars(select(Feed.next_poll)).one() <= datetime.now(UTC)

    for minutes, expected in ((0, False), (1, True)):
        await office.store.run(due, checked=timedelta(minutes=minutes))
        await office.client.ask(LookAgain(user=ada, podcast=podcast))
        assert await office.store.read(is_due) is expected


async def test_the_sound_of_an_episode_is_handed_out(office: Office, ada: UUID) -> None:
    await followed(office, ada)
    sound = bytes(range(256)) * 4000
    episode = await store_sound(office, "Ants", sound)
    assert await office.client.episode(ada, episode) == sound
    async with office.http() as http:
        answer = await http.get(f"/episodes/{ada}/{episode}")
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["content-length"] == str(len(sound))


async def test_a_sound_that_is_not_there_is_fetched(office: Office, ada: UUID) -> None:
    podcast = (await followed(office, ada)).id
    [ants, _] = await office.client.ask(ListEpisodes(user=ada, podcast=podcast))

    def waited_for(db: Session) -> list[str]:
        wanted = select(Episode.title).where(Episode.wanted.is_not(None))
        return list(db.scalars(wanted))

    assert await office.store.read(waited_for) == []
    for _ in range(2):
        with pytest.raises(NetworkDown, match="not_downloaded"):
            await office.client.episode(ada, ants.id)
        assert await office.store.read(waited_for) == ["Ants"]
    files.episode(office.settings.data_dir, await store_sound(office, "Ants")).unlink()
    with pytest.raises(NetworkDown, match="not_downloaded"):
        await office.client.episode(ada, ants.id)
    entry = await office.store.read(episodes.get, ada, ants.id)
    assert entry.episode.stored is None and entry.episode.wanted is not None
