"""Feeds on a real server, polled into a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.api.events import PodcastChanged
from bridge.errors import NetworkDown
from bridge.store import Store
from bridge.store.listening import podcasts, subscriptions
from bridge.store.listening.feeds import Episode, Feed
from bridge.terms import FeedState
from scheduler.feeds.poller import Poller
from scheduler.feeds.reading import FeedReader
from scheduler.web import Web
from tests.peers.hostile_web import redirects, says
from tests.peers.programs import until
from tests.peers.web import Page, WebServer
from tests.scheduler.feeds import shapes
from tests.scheduler.feeds.stage import NOW, Clock, FakeDesk, feed_of, person, subscribed

FEED = "/feed.xml"
Rounds = Callable[[], Awaitable[None]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def poll(store: Store, desk: FakeDesk, web: Web, reading: FeedReader, clock: Clock) -> Rounds:
    """Every feed that is due is asked once."""

    async def rounds() -> None:
        poller = Poller(store, desk, web, reading, clock, looks_every=0.02)
        running = asyncio.create_task(poller.run())

        def nothing_is_due() -> bool:
            if running.done():
                running.result()
            with store.reading() as db:
                due = Feed.next_poll <= clock.at, Feed.state != FeedState.GONE
                return poller.idle and db.scalar(select(Feed.id).where(*due).limit(1)) is None

        try:
            await until(nothing_is_due, "all feeds to be polled", 60)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    return rounds


def episodes(store: Store) -> list[Episode]:
    """Newest first."""
    with store.reading() as db:
        return list(db.scalars(select(Episode).order_by(Episode.published.desc(), Episode.id)))


def changes(desk: FakeDesk) -> list[tuple[FeedState, FeedState]]:
    return [(event.was, event.podcast.state) for event in desk.told]


async def test_a_feed_is_fetched_kept_and_told_of(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds
) -> None:
    server.put(FEED, shapes.rss(*(shapes.item(number) for number in (1000, 999, 998))))
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    assert [row.title for row in episodes(store)] == ["Episode 1000", "Episode 999", "Episode 998"]
    feed = feed_of(store, mine)
    assert (feed.title, feed.state) == ("The Daily", FeedState.FINE)
    assert feed.next_poll > NOW
    (event,) = desk.told
    assert (event.was, event.podcast.title) == (FeedState.LOOKING, "The Daily")


async def test_everybody_who_listens_is_told_and_the_feed_is_fetched_once(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds
) -> None:
    server.put(FEED, shapes.rss(shapes.item(1000)))
    people = {person(store, "Ada"), person(store, "Bob")}
    for user in people:
        subscribed(store, user, server.address(FEED))
    await poll()
    assert {event.user for event in desk.told} == people
    assert server.times(FEED) == 1


async def test_an_unchanged_feed_is_not_sent_again(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds, clock: Clock
) -> None:
    told = 'W/"a \\"b"'
    server.put(FEED, shapes.rss(shapes.item(1000)), etag=told, modified="Tue, 03 Mar 2026 06:00 X")
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    clock.passes(days=1)
    await poll()
    second = server.asked[1].headers
    assert second["if-none-match"] == told
    assert second["if-modified-since"] == "Tue, 03 Mar 2026 06:00 X"
    assert feed_of(store, mine).checked == clock.at
    assert len(desk.told) == 1


async def test_a_new_episode_is_found(
    store: Store, server: WebServer, poll: Rounds, clock: Clock
) -> None:
    server.put(FEED, shapes.rss(shapes.item(1000)), etag='"1"')
    subscribed(store, person(store), server.address(FEED))
    await poll()
    clock.passes(days=1)
    server.put(FEED, shapes.rss(shapes.item(1001), shapes.item(1000)), etag='"2"')
    await poll()
    newest, before = episodes(store)
    assert (newest.title, newest.seen) == ("Episode 1001", clock.at)
    assert before.seen == NOW


@pytest.mark.parametrize(
    "later",
    [
        shapes.item(1000).replace("guid-1000", "other-guid"),
        shapes.item(1000, shapes.NEWEST + timedelta(days=400)),
        shapes.item(1000).replace("Show", "Shown"),
    ],
    ids=["guid", "date", "notes"],
)
async def test_an_episode_that_was_only_edited_is_not_new(
    store: Store, server: WebServer, poll: Rounds, clock: Clock, later: str
) -> None:
    server.put(FEED, shapes.rss(shapes.item(1000)))
    subscribed(store, person(store), server.address(FEED))
    await poll()
    clock.passes(days=1)
    server.put(FEED, shapes.rss(later))
    await poll()
    (row,) = episodes(store)
    assert row.seen == NOW and row.published <= clock.at


async def test_five_thousand_episodes(store: Store, server: WebServer, poll: Rounds) -> None:
    server.put(FEED, shapes.rss(*(shapes.item(number) for number in range(5000, 0, -1))))
    server.pages[FEED] = Page(server.pages[FEED].body, "text/xml", packed=True)  # type: ignore[union-attr]
    subscribed(store, person(store), server.address(FEED))
    await poll()
    assert len(episodes(store)) == 5000


async def test_a_feed_that_never_answers_is_told_of_at_once(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds
) -> None:
    server.script(FEED, says(404))
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    (event,) = desk.told
    assert (event.podcast.state, event.podcast.reason) == (FeedState.FAILING, "feed_refused")
    assert event.podcast.facts == {"host": "127.0.0.1", "why": "HTTP 404"}
    assert feed_of(store, mine).next_poll > NOW


async def test_trouble_is_told_of_once_after_a_day_and_its_end_once(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds, clock: Clock
) -> None:
    page = shapes.rss(shapes.item(1000))
    server.put(FEED, page)
    subscribed(store, person(store), server.address(FEED))
    await poll()
    desk.told.clear()
    server.script(FEED, says(404))
    for _ in range(14):
        assert changes(desk) == [] or clock.at - NOW >= timedelta(days=1)
        clock.passes(hours=3)
        await poll()
    assert changes(desk) == [(FeedState.FINE, FeedState.FAILING)]
    server.put(FEED, page)
    for _ in range(3):
        clock.passes(days=1, hours=3)
        await poll()
    assert changes(desk)[1:] == [(FeedState.FAILING, FeedState.FINE)]


async def test_failures_are_asked_about_less_and_less(
    store: Store, server: WebServer, poll: Rounds, clock: Clock
) -> None:
    server.script(FEED, says(404))
    mine = subscribed(store, person(store), server.address(FEED))
    pauses = []
    for _ in range(4):
        await poll()
        pauses.append(feed_of(store, mine).next_poll - clock.at)
        clock.at = feed_of(store, mine).next_poll
    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    for found, expected in zip(minutes, (15, 30, 60, 120), strict=True):
        assert 0.9 * expected <= found <= 1.1 * expected


async def test_gone_is_gone(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds, clock: Clock
) -> None:
    server.put(FEED, shapes.rss(shapes.item(1000)))
    subscribed(store, person(store), server.address(FEED))
    await poll()
    server.script(FEED, says(410))
    for _ in range(3):
        clock.passes(days=2)
        await poll()
    assert changes(desk)[1:] == [(FeedState.FINE, FeedState.GONE)]
    assert desk.told[-1].podcast.reason == "feed_gone"
    assert server.times(FEED) == 2
    assert len(episodes(store)) == 1


async def test_a_pause_that_was_asked_for_is_kept(
    store: Store, server: WebServer, poll: Rounds
) -> None:
    server.script(FEED, says(429, Retry_After="7200"))
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    assert feed_of(store, mine).next_poll - NOW >= timedelta(hours=1.75)


async def test_what_the_server_calls_fresh_is_not_asked_for(
    store: Store, server: WebServer, poll: Rounds
) -> None:
    more = {"Cache-Control": "public, max-age=36000"}
    server.put(FEED, shapes.rss(shapes.item(1000)), headers=more)
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    assert feed_of(store, mine).interval_seconds == 36000


async def test_a_feed_that_moved_for_good_has_its_new_address(
    store: Store, server: WebServer, poll: Rounds, clock: Clock
) -> None:
    new = server.put("/new.xml", shapes.rss(shapes.item(1000)))
    server.script(FEED, redirects("/new.xml", 301))
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    assert feed_of(store, mine).address == new
    clock.passes(days=1)
    await poll()
    assert server.times(FEED) == 1


async def test_a_feed_that_is_elsewhere_for_now_keeps_its_address(
    store: Store, server: WebServer, poll: Rounds
) -> None:
    server.put("/new.xml", shapes.rss(shapes.item(1000)))
    server.script(FEED, redirects("/new.xml", 302))
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    assert feed_of(store, mine).address == server.address(FEED)
    assert feed_of(store, mine).title == "The Daily"


async def test_who_finds_a_known_feed_by_its_old_address_is_told(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds
) -> None:
    server.put("/new.xml", shapes.rss(shapes.item(1000)))
    server.script(FEED, redirects("/new.xml", 301))
    ada, bob = person(store, "Ada"), person(store, "Bob")
    subscribed(store, ada, server.address("/new.xml"))
    await poll()
    subscribed(store, bob, server.address(FEED))
    await poll()
    assert [event.user for event in desk.told] == [ada, bob]
    assert desk.told[1].was is FeedState.LOOKING
    with store.reading() as db:
        assert len(list(db.scalars(select(Feed)))) == 1


async def test_a_web_page_leads_to_its_feed(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    page = server.put("/", f"<html><head>{link}</head>".encode(), "text/html")
    server.put(FEED, shapes.rss(shapes.item(1000)))
    mine = subscribed(store, person(store), page)
    await poll()
    assert feed_of(store, mine).address == server.address(FEED)
    assert changes(desk) == [(FeedState.LOOKING, FeedState.FINE)]


@pytest.mark.parametrize(
    "link", ["", '<link rel="alternate" type="application/rss+xml" href="/page">'], ids=["", "own"]
)
async def test_a_web_page_that_leads_nowhere_is_no_podcast(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds, link: str
) -> None:
    page = server.put("/page", f"<html><head>{link}</head>".encode(), "text/html")
    subscribed(store, person(store), page)
    await poll()
    (event,) = desk.told
    assert (event.podcast.state, event.podcast.reason) == (FeedState.GONE, "no_feed_there")
    assert server.times("/page") <= 2


async def test_a_web_page_that_is_a_feed_later_on_rings_for_nothing_it_had(
    store: Store, server: WebServer, poll: Rounds, clock: Clock
) -> None:
    page = server.put("/page", b"<html><body>Soon", "text/html")
    ada = person(store)
    mine = subscribed(store, ada, page)
    await poll()
    clock.passes(days=1)
    server.put("/page", shapes.rss(shapes.item(1000)))
    with store.begin() as db:
        subscriptions.look_again(db, ada, mine, clock.at)
    await poll()
    with store.reading() as db:
        assert podcasts.summary(db, ada, mine, clock.at).unheard == 0
        assert db.scalars(select(Episode)).one().title == "Episode 1000"


async def test_a_feed_that_turns_into_a_web_page_for_a_while_is_not_given_up(
    store: Store, server: WebServer, poll: Rounds, clock: Clock
) -> None:
    server.put(FEED, shapes.rss(shapes.item(1000)))
    mine = subscribed(store, person(store), server.address(FEED))
    await poll()
    clock.passes(hours=2)
    server.put(FEED, b"<html><body>We are being repaired", "text/html")
    await poll()
    feed = feed_of(store, mine)
    assert (feed.state, feed.reason, feed.title) == (FeedState.FINE, "feed_broken", "The Daily")
    assert len(episodes(store)) == 1


async def test_inside_the_house_nothing_is_asked(
    store: Store, server: WebServer, desk: FakeDesk, reading: FeedReader, clock: Clock, poll: Rounds
) -> None:
    server.script(FEED, redirects("http://10.1.2.3/"))
    subscribed(store, person(store), server.address(FEED))
    await poll()
    assert desk.told[0].podcast.reason == "private_address"


async def test_a_house_that_is_away_is_told_later(
    store: Store, server: WebServer, desk: FakeDesk, poll: Rounds
) -> None:
    desk.faults = [NetworkDown("house_unreachable")]
    server.put(FEED, shapes.rss(shapes.item(1000)))
    subscribed(store, person(store), server.address(FEED))
    await poll()
    assert [type(event) for event in desk.told] == [PodcastChanged]


async def test_one_feed_that_makes_trouble_holds_up_no_other(
    store: Store, server: WebServer, poll: Rounds
) -> None:
    server.put("/laughs.xml", shapes.laughs())
    server.put("/nothing.xml", b"")
    server.put("/fine.xml", shapes.rss(shapes.item(1000)))
    ada = person(store)
    every = [subscribed(store, ada, server.address(path)) for path in server.pages]
    await poll()
    assert feed_of(store, every[2]).title == "The Daily"


async def test_two_pollers_on_one_database_ask_once(
    store: Store, server: WebServer, desk: FakeDesk, web: Web, reading: FeedReader, clock: Clock
) -> None:
    ada = person(store)
    for number in range(30):
        server.put(f"/{number}.xml", shapes.rss(shapes.item(1000)))
        subscribed(store, ada, server.address(f"/{number}.xml"))
    pollers = [Poller(store, desk, web, reading, clock, looks_every=0.02) for _ in range(2)]
    running = [asyncio.create_task(poller.run()) for poller in pollers]
    await until(lambda: len(desk.told) == 30, "all to be told", 30)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert len(server.asked) == 30
