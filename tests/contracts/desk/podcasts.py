"""Podcasts of a user."""

from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest

from bridge.api.commands.podcasts import (
    AddPodcast,
    CallPodcast,
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
from bridge.api.listening_views import Times
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.terms import FeedState, Pick, RingRule
from tests.contracts.desk.world import FEED, DeskContract, DeskWorld, covers

HOUR = timedelta(hours=1)
NO_PODCAST = UnknownTarget("no_such_podcast")
NO_EPISODE = UnknownTarget("no_such_episode")
FULL = NotAllowed("too_many_podcasts", limit="200")
SEVEN = Times(weekdays=frozenset({0, 4}), at=time(7))


def opml(*feeds: str) -> str:
    outlines = "".join(f'<outline type="rss" text="x" xmlUrl="{feed}"/>' for feed in feeds)
    return f'<opml version="2.0"><head/><body>{outlines}</body></opml>'


class PodcastsContract(DeskContract):
    @covers(AddPodcast, GetPodcast, ListPodcasts)
    async def test_a_podcast_is_added_and_looked_for(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        added = await desk.ask(AddPodcast(user=ada, address=" Pods.Example/daily.xml#top "))
        assert (added.address, added.title) == ("https://pods.example/daily.xml", "")
        assert (added.state, added.rings) == (FeedState.LOOKING, RingRule.AT_ONCE)
        assert (added.pick, added.times, added.unheard) == (Pick.NEWEST, (), 0)
        assert (added.latest, added.least_minutes, added.oldest_days) == (None, None, None)
        assert await desk.ask(AddPodcast(user=ada, address=f"feed:{FEED}")) == added
        assert await desk.ask(GetPodcast(user=ada, podcast=added.id)) == added
        assert await desk.ask(ListPodcasts(user=ada)) == [added]
        assert await desk.ask(ListPodcasts(user=ben)) == []

    @pytest.mark.parametrize(
        "address", ["", "the daily", "daily", "ftp://pods.example", "https://", "a.b:x", "a.b\0"]
    )
    @covers(AddPodcast)
    async def test_what_is_no_address(self, desk: DeskWorld, ada: UUID, address: str) -> None:
        asked = AddPodcast(user=ada, address=address)
        await desk.refuses(asked, BadInput("bad_feed_address"))
        assert await desk.ask(ListPodcasts(user=ada)) == []

    @covers(ImportPodcasts)
    async def test_a_list_of_another_program(self, desk: DeskWorld, ada: UUID) -> None:
        known = await desk.podcast(ada)
        text = opml("https://a.example/", FEED, "daily", "https://a.example/", "b.example")
        added = await desk.ask(ImportPodcasts(user=ada, opml=text))
        assert {one.address for one in added} == {"https://a.example/", "https://b.example/"}
        ids = {one.id for one in await desk.ask(ListPodcasts(user=ada))}
        assert ids == {known, *(one.id for one in added)}
        for podcast in ids:
            await desk.episode(ada, podcast, f"B{podcast}", HOUR)
        assert await desk.ask(ImportPodcasts(user=ada, opml=text)) == []

    @pytest.mark.parametrize(
        "text", ["", "what", "<opml", opml(), "<!DOCTYPE x>" + opml("https://a.example")]
    )
    @covers(ImportPodcasts)
    async def test_a_list_that_is_none(self, desk: DeskWorld, ada: UUID, text: str) -> None:
        await desk.refuses(ImportPodcasts(user=ada, opml=text), BadInput("bad_opml"))

    @covers(ImportPodcasts, AddPodcast)
    async def test_two_hundred_are_enough(self, desk: DeskWorld, ada: UUID) -> None:
        feeds = [f"https://{number}.example/" for number in range(201)]
        added = await desk.ask(ImportPodcasts(user=ada, opml=opml(*feeds)))
        assert {one.address for one in added} == set(feeds[:200])
        await desk.refuses(AddPodcast(user=ada, address=feeds[200]), FULL)
        await desk.refuses(ImportPodcasts(user=ada, opml=opml(feeds[200])), FULL)
        await desk.ask(AddPodcast(user=ada, address=feeds[3]))

    @covers(ExportPodcasts)
    async def test_a_list_for_another_program(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        await desk.podcast(ada)
        text = await desk.ask(ExportPodcasts(user=ada))
        [taken] = await desk.ask(ImportPodcasts(user=ben, opml=text))
        assert taken.address == FEED
        await desk.podcast(ada, "https://a.example/")
        both = await desk.ask(ExportPodcasts(user=ada))
        assert 0 < both.index("https://a.example/") < both.index(FEED)

    @covers(ChangePodcast)
    async def test_only_what_is_given_changes_of_a_podcast(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        podcast = await desk.podcast(ada)
        before = await desk.ask(GetPodcast(user=ada, podcast=podcast))
        for given in (
            {"pick": Pick.ALL},
            {"rings": RingRule.AT_TIMES, "times": (SEVEN,)},
            {"least_minutes": 10},
            {"oldest_days": 7},
        ):
            after = await desk.ask(ChangePodcast(user=ada, podcast=podcast, **given))
            assert after == before.model_copy(update=given)
            before = after
        nothing = ChangePodcast(user=ada, podcast=podcast, rings=None, pick=None, times=None)
        assert await desk.ask(nothing) == before
        limitless = ChangePodcast(user=ada, podcast=podcast, least_minutes=0, oldest_days=0)
        after = await desk.ask(limitless)
        assert (after.least_minutes, after.oldest_days) == (None, None)
        assert await desk.ask(ListPodcasts(user=ada)) == [after]

    @covers(ChangePodcast)
    async def test_times_are_kept_while_it_rings_otherwise(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        podcast = await desk.podcast(ada)

        async def times(**given: object) -> tuple[Times, ...]:
            return (await desk.ask(ChangePodcast(user=ada, podcast=podcast, **given))).times

        assert await times(times=(SEVEN.model_copy(update={"at": time(7, 0, 59)}),)) == ()
        assert await times(rings=RingRule.AT_TIMES) == (SEVEN,)
        assert await times(rings=RingRule.NEVER) == ()
        six = Times(weekdays=frozenset({2}), at=time(6))
        assert await times(rings=RingRule.AT_TIMES, times=(SEVEN, six)) == (six, SEVEN)

    @pytest.mark.parametrize(
        "times",
        [
            (Times(weekdays=frozenset(), at=time(7)),),
            (Times(weekdays=frozenset({7}), at=time(7)),),
            (Times(at=time.fromisoformat("07:00+01:00")),),
            tuple(Times(at=time(7, minute)) for minute in range(21)),
        ],
    )
    @covers(ChangePodcast)
    async def test_times_that_are_none(
        self, desk: DeskWorld, ada: UUID, times: tuple[Times, ...]
    ) -> None:
        podcast = await desk.podcast(ada)
        asked = ChangePodcast(user=ada, podcast=podcast, rings=RingRule.AT_TIMES, times=times)
        await desk.refuses(asked, BadInput("bad_ring_time"))
        assert (await desk.ask(GetPodcast(user=ada, podcast=podcast))).rings is RingRule.AT_ONCE

    @covers(ListEpisodes, GetPodcast, ListPodcasts)
    async def test_episodes_have_pages(self, desk: DeskWorld, ada: UUID) -> None:
        other, podcast = await desk.podcast(ada, "other.example"), await desk.podcast(ada)
        for title, hours in (("B", 2), ("C", 1), ("A", 3)):
            await desk.episode(ada, podcast, title, hours * HOUR)
        for page, titles in (
            ({}, "CBA"),
            ({"limit": 1}, "C"),
            ({"limit": 2, "offset": 1}, "BA"),
            ({"offset": 3}, ""),
        ):
            found = await desk.ask(ListEpisodes(user=ada, podcast=podcast, **page))
            assert "".join(one.title for one in found) == titles
            assert {(one.podcast, one.heard, one.ready) for one in found} <= {
                (podcast, False, True)
            }
        shown = await desk.ask(GetPodcast(user=ada, podcast=podcast))
        assert (shown.state, shown.unheard) == (FeedState.FINE, 3)
        assert shown.latest is not None and shown.latest.title == "C"
        assert [one.id for one in await desk.ask(ListPodcasts(user=ada))] == [podcast, other]

    @covers(ShowNotes, MarkEpisode)
    async def test_an_episode_is_marked(self, desk: DeskWorld, ada: UUID) -> None:
        podcast = await desk.podcast(ada)
        episode = await desk.episode(ada, podcast, "Bees", HOUR)
        shown = await desk.ask(ShowNotes(user=ada, episode=episode))
        assert (shown.episode.title, shown.notes) == ("Bees", "Bees")
        for heard, unheard in ((True, 0), (False, 1)):
            marked = await desk.ask(MarkEpisode(user=ada, episode=episode, heard=heard))
            assert (marked.id, marked.heard, marked.position) == (episode, heard, 0.0)
            now = await desk.ask(GetPodcast(user=ada, podcast=podcast))
            assert now.unheard == unheard and now.latest == marked

    @covers(CallPodcast)
    async def test_a_podcast_is_listened_to(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.serves(ada)
        await desk.has_phone(ada)
        other, podcast = await desk.podcast(ada, "other.example"), await desk.podcast(ada)
        call = CallPodcast(user=ada, podcast=podcast)
        await desk.refuses(call, UnknownTarget("nothing_new"))
        episode = await desk.episode(ada, podcast, "Bees", HOUR)
        elsewhere = await desk.episode(ada, other, "Ants", HOUR)
        assert await desk.ask(call) is None
        await desk.ask(MarkEpisode(user=ada, episode=episode, heard=True))
        await desk.refuses(call, UnknownTarget("nothing_new"))
        assert await desk.ask(call.model_copy(update={"episode": episode})) is None
        for strange in (elsewhere, uuid4()):
            await desk.refuses(call.model_copy(update={"episode": strange}), NO_EPISODE)

    @covers(LookAgain)
    async def test_a_feed_is_looked_at_again(self, desk: DeskWorld, ada: UUID) -> None:
        podcast = await desk.podcast(ada)
        assert await desk.ask(LookAgain(user=ada, podcast=podcast)) is None

    @covers(RemovePodcast)
    async def test_a_podcast_is_removed(self, desk: DeskWorld, ada: UUID) -> None:
        podcast = await desk.podcast(ada)
        episode = await desk.episode(ada, podcast, "Bees", HOUR)
        await desk.ask(RemovePodcast(user=ada, podcast=podcast))
        assert await desk.ask(ListPodcasts(user=ada)) == []
        await desk.refuses(ShowNotes(user=ada, episode=episode), NO_EPISODE)
        await desk.refuses(RemovePodcast(user=ada, podcast=podcast), NO_PODCAST)

    @covers(GetPodcast, ChangePodcast, LookAgain, RemovePodcast, ListEpisodes, CallPodcast)
    @covers(ShowNotes, MarkEpisode)
    async def test_podcasts_of_others(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        await desk.serves(ben)
        podcast = await desk.podcast(ada)
        episode = await desk.episode(ada, podcast, "Bees", HOUR)
        for which in (podcast, uuid4()):
            for kind in (
                GetPodcast,
                ChangePodcast,
                LookAgain,
                RemovePodcast,
                ListEpisodes,
                CallPodcast,
            ):
                await desk.refuses(kind(user=ben, podcast=which), NO_PODCAST)
        for which in (episode, uuid4()):
            await desk.refuses(ShowNotes(user=ben, episode=which), NO_EPISODE)
            await desk.refuses(MarkEpisode(user=ben, episode=which, heard=True), NO_EPISODE)
