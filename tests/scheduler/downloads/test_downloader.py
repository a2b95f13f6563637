"""Real sound on a real server, downloaded for somebody who subscribed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bridge import files
from bridge.audio.decoder.track import Track
from bridge.store import Store
from bridge.store.listening import fetched
from bridge.store.listening.feeds import Episode
from bridge.store.listening.fetched import FeedItem, Fetched
from bridge.store.listening.subscriptions import Subscription
from bridge.terms import Pick
from scheduler.downloads.downloader import AT_ONCE, HOPELESS_FOR, Downloader
from scheduler.web import Web
from tests.peers.hostile_web import breaks_off, redirects, says
from tests.peers.ladder import encoded, ladder
from tests.peers.programs import until
from tests.peers.web import WebServer
from tests.scheduler.feeds.stage import NOW, Clock, person, subscribed

SECONDS = 5
MEGABYTE = 1_000_000


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """episode.mp3, episode.m4a, ... and episode.m3u8 with its segments."""
    directory = tmp_path_factory.mktemp("sounds")
    for kind in ("mp3", "m4a", "aac", "ogg", "opus", "m3u8"):
        encoded(ladder(SECONDS), directory / f"episode.{kind}")
    return directory


@pytest.fixture
async def server(sounds: Path) -> AsyncIterator[WebServer]:
    async with WebServer(sounds) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Stage:
    """One subscriber; what is published is new to him."""

    def __init__(self, store: Store, web: Web, directory: Path, clock: Clock) -> None:
        self.store, self.web, self.directory, self.clock = store, web, directory, clock
        self.megabytes = 100
        self.subscription = subscribed(
            store, person(store), "https://daily.example/rss", pick=Pick.ALL
        )
        self._items: list[FeedItem] = []
        self.publish()

    def publish(self, *enclosures: str, **told: Any) -> None:
        """Each is the sound of one more episode, newer than those before."""
        for enclosure in enclosures:
            number = len(self._items)
            date = NOW + timedelta(minutes=number)
            self._items.append(FeedItem(f"guid-{number}", f"{number}", date, enclosure, **told))
        self.clock.passes(minutes=1)
        now = self.clock()
        with self.store.begin() as db:
            feed = db.get_one(Subscription, self.subscription).feed_id
            document = Fetched("The Daily", items=self._items[::-1])
            later = now + timedelta(hours=1)
            fetched.found(db, feed, document, now=now, next_poll=later, interval_seconds=3600)

    def episode(self, number: int = 0) -> Episode:
        with self.store.reading() as db:
            return db.scalars(select(Episode).where(Episode.title == f"{number}")).one()

    def change(self, number: int, **columns: Any) -> None:
        with self.store.begin() as db:
            row = db.scalars(select(Episode).where(Episode.title == f"{number}")).one()
            for name, value in columns.items():
                setattr(row, name, value)

    def is_stored(self, number: int = 0) -> bool:
        return self.episode(number).stored is not None

    def path(self, number: int = 0) -> Path:
        return files.episode(self.directory, self.episode(number).id)

    def left(self) -> set[str]:
        return {path.name for path in files.episodes(self.directory)}

    @asynccontextmanager
    async def downloading(self) -> AsyncIterator[Downloader]:
        downloader = Downloader(
            self.store, self.web, self.directory, self.megabytes, self.clock, looks_every=0.02
        )
        running = asyncio.create_task(downloader.run())
        try:
            yield downloader
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def becomes(self, check: Callable[[], Any], what: str) -> None:
        async with self.downloading():
            await until(check, what, 20)


@pytest.fixture
def stage(store: Store, web: Web, tmp_path: Path, clock: Clock) -> Stage:
    return Stage(store, web, tmp_path / "house", clock)


@pytest.mark.parametrize("kind", ["mp3", "m4a", "aac", "ogg", "opus", "m3u8"])
async def test_an_episode_is_brought_here_and_can_be_played(
    stage: Stage, server: WebServer, kind: str
) -> None:
    stage.publish(server.address(f"/episode.{kind}"), seconds=9999.0)
    await stage.becomes(stage.is_stored, "the episode to be here")
    row = stage.episode()
    assert row.seconds == pytest.approx(SECONDS, abs=0.2)
    assert row.size == stage.path().stat().st_size
    assert stage.left() == {str(row.id)}
    assert _can_be_played(stage.path())


async def test_what_nobody_is_called_for_stays_where_it_is(stage: Stage, server: WebServer) -> None:
    stage.publish(server.address("/episode.mp3"), server.address("/episode.m4a"))
    stage.change(0, seen=NOW - timedelta(days=1))
    await stage.becomes(lambda: stage.is_stored(1), "the newer one to be here")
    assert not stage.is_stored(0)
    assert server.times("/episode.mp3") == 0


async def test_what_somebody_waits_for_comes_first(stage: Stage, server: WebServer) -> None:
    stage.publish(*[server.put(f"/{number}.mp3", b"x") for number in range(5)])
    stage.change(0, wanted=stage.clock(), seen=NOW - timedelta(days=1))
    await stage.becomes(lambda: len(server.asked) >= AT_ONCE, "somebody to be asked")
    assert "/0.mp3" in [asked.path for asked in server.asked[:AT_ONCE]]  # they begin together


async def test_a_broken_line_is_mended_where_it_broke(
    stage: Stage, server: WebServer, sounds: Path
) -> None:
    whole = (sounds / "episode.mp3").read_bytes()
    where = server.script("/a.mp3", breaks_off(whole, 15_000, ETag='"1"'))
    stage.publish(where)
    await stage.becomes(lambda: _size(stage) >= 15_000, "the first half to come")
    server.put("/a.mp3", whole, "audio/mpeg", etag='"1"')
    await stage.becomes(stage.is_stored, "the rest to come")  # after a restart, too
    assert server.asked[-1].headers["range"] == "bytes=15000-"
    assert server.asked[-1].headers["if-range"] == '"1"'
    assert stage.path().read_bytes() == whole


@pytest.mark.parametrize("etag", ['"2"', ""], ids=["another version", "no version"])
async def test_a_file_that_changed_meanwhile_is_begun_anew(
    stage: Stage, server: WebServer, sounds: Path, etag: str
) -> None:
    whole = (sounds / "episode.mp3").read_bytes()
    where = server.script("/a.mp3", breaks_off(b"other" * 10_000, 15_000, ETag='"1"'))
    stage.publish(where)
    await stage.becomes(lambda: _size(stage) >= 15_000, "the first half to come")
    server.put("/a.mp3", whole, "audio/mpeg", etag=etag)
    await stage.becomes(stage.is_stored, "all of it to come")
    assert stage.path().read_bytes() == whole


@pytest.mark.parametrize("headers", [{"ETag": 'W/"1"'}, {}], ids=["weak", "none"])
async def test_without_a_strong_validator_nothing_is_resumed(
    stage: Stage, server: WebServer, sounds: Path, headers: dict[str, str]
) -> None:
    whole = (sounds / "episode.mp3").read_bytes()
    where = server.script("/a.mp3", breaks_off(whole, 15_000, **headers))
    stage.publish(where)
    await stage.becomes(lambda: _size(stage) >= 15_000, "the first half to come")
    server.put("/a.mp3", whole, "audio/mpeg")
    await stage.becomes(stage.is_stored, "all of it to come")
    assert not any("range" in asked.headers for asked in server.asked)


async def test_a_server_that_lies_about_the_range_is_not_believed(
    stage: Stage, server: WebServer, sounds: Path
) -> None:
    whole = (sounds / "episode.mp3").read_bytes()
    where = server.script("/a.mp3", breaks_off(whole, 15_000, ETag='"1"'))
    stage.publish(where)
    await stage.becomes(lambda: _size(stage) >= 15_000, "the first half to come")
    odd = says(206, whole[9:], Content_Range=f"bytes 9-{len(whole) - 1}/{len(whole)}")
    server.script("/a.mp3", odd)
    await stage.becomes(lambda: _size(stage) == 0, "the lie to be noticed")
    server.put("/a.mp3", whole, "audio/mpeg", etag='"1"')
    await stage.becomes(stage.is_stored, "all of it to come")
    assert stage.path().read_bytes() == whole


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"<html>Please sign in</html>" * 100, "text/html"),
        (b"\xff\xfb" + b"\x00" * 5000, "audio/mpeg"),
        (b"", "audio/mpeg"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", ""),
        (b"#EXTM3U\n#EXTINF:2,\nhttp://10.0.0.1/a.ts\n#EXT-X-ENDLIST\n", "audio/mpegurl"),
        (b"#EXTM3U\n#EXTINF:2,\nepisode.mp3\n", "application/x-mpegurl"),
    ],
    ids=["page", "silence", "nothing", "file", "inside", "live"],
)
async def test_what_is_no_sound_is_not_kept_and_not_asked_for_again(
    stage: Stage, server: WebServer, body: bytes, mime: str
) -> None:
    stage.publish(server.put("/a", body, mime))
    stage.change(0, wanted=stage.clock())
    async with stage.downloading() as downloader:
        await until(lambda: stage.episode().wanted is None, "it to be given up", 20)
        asked, rounds = len(server.asked), downloader.rounds
        await until(lambda: downloader.rounds >= rounds + 3, "it to look again")
    assert len(server.asked) == asked
    assert stage.left() == set() and not stage.is_stored()


async def test_a_file_that_is_not_there_is_given_up_for_half_a_day(
    stage: Stage, server: WebServer, sounds: Path
) -> None:
    stage.publish(server.script("/a.mp3", says(404)))
    async with stage.downloading() as downloader:
        await until(lambda: len(server.asked) == 1, "it to be asked for")
        rounds = downloader.rounds
        await until(lambda: downloader.rounds >= rounds + 3, "it to look again")
        assert len(server.asked) == 1
        server.put("/a.mp3", (sounds / "episode.mp3").read_bytes(), "audio/mpeg")
        stage.clock.passes(seconds=HOPELESS_FOR.total_seconds() + 1)
        await until(stage.is_stored, "it to be asked for again", 20)


async def test_what_is_too_large_is_refused_before_it_comes(
    stage: Stage, server: WebServer
) -> None:
    stage.publish(server.script("/a.mp3", breaks_off(b"x" * 100, 100, Content_Length="600000000")))
    stage.change(0, wanted=stage.clock())
    await stage.becomes(lambda: stage.episode().wanted is None, "it to be given up")
    assert stage.left() == set()


async def test_redirects_into_the_house_are_not_followed(stage: Stage, server: WebServer) -> None:
    stage.publish(server.script("/a.mp3", redirects("http://10.0.0.1/a.mp3")))
    stage.change(0, wanted=stage.clock())
    await stage.becomes(lambda: stage.episode().wanted is None, "it to be given up")


async def test_a_busy_server_gets_its_pause(stage: Stage, server: WebServer, sounds: Path) -> None:
    stage.publish(server.script("/a.mp3", says(503, Retry_After="300")))
    async with stage.downloading() as downloader:
        await until(lambda: len(server.asked) == 1, "it to be asked for")
        rounds = downloader.rounds
        stage.clock.passes(seconds=290)
        await until(lambda: downloader.rounds >= rounds + 3, "it to look again")
        assert len(server.asked) == 1


async def test_the_least_recently_used_make_room(
    stage: Stage, server: WebServer, sounds: Path
) -> None:
    for number in range(3):
        stage.publish(server.address("/episode.mp3") + f"?{number}")
    await stage.becomes(lambda: all(map(stage.is_stored, range(3))), "all to be here")
    # 40 MB each, as far as the house knows; the first was heard last
    for number, used in enumerate([2, 48, 30]):
        ago = stage.clock() - timedelta(hours=used)
        stage.change(number, size=40 * MEGABYTE, used=ago, seen=NOW - timedelta(days=9))
    stage.megabytes = 130
    stage.publish(server.address("/episode.m4a"), size=40 * MEGABYTE)
    await stage.becomes(lambda: stage.is_stored(3), "the new one to be here")
    assert [stage.is_stored(number) for number in range(3)] == [True, False, True]
    assert not stage.path(1).exists() and stage.path(0).exists()


@pytest.mark.parametrize("used", [timedelta(minutes=3), None], ids=["listening", "fresh"])
async def test_what_is_in_use_or_fresh_makes_no_room(
    stage: Stage, server: WebServer, used: timedelta | None
) -> None:
    stage.publish(server.address("/episode.mp3"))
    await stage.becomes(stage.is_stored, "it to be here")
    stage.change(0, size=90 * MEGABYTE, used=used and stage.clock() - used)
    stage.publish(server.address("/episode.m4a"), size=40 * MEGABYTE)
    async with stage.downloading() as downloader:
        await until(lambda: downloader.rounds >= 3, "it to look")
    assert stage.is_stored(0) and not stage.is_stored(1)
    assert server.times("/episode.m4a") == 0


async def test_for_somebody_who_waits_fresh_ones_make_room(stage: Stage, server: WebServer) -> None:
    stage.publish(server.address("/episode.mp3"))
    await stage.becomes(stage.is_stored, "it to be here")
    stage.change(0, size=90 * MEGABYTE, seen=NOW - timedelta(days=1))  # and it is not wanted again
    stage.publish(server.address("/episode.m4a"), size=40 * MEGABYTE)
    stage.change(1, wanted=stage.clock())
    await stage.becomes(lambda: stage.is_stored(1), "the wanted one to be here")
    assert not stage.path(0).exists()


async def test_what_nobody_used_for_a_month_goes(stage: Stage, server: WebServer) -> None:
    stage.publish(server.address("/episode.mp3"))
    await stage.becomes(stage.is_stored, "it to be here")
    stage.clock.passes(days=31)
    stage.change(0, seen=NOW - timedelta(days=1))  # and nobody shall be called for it
    await stage.becomes(lambda: not stage.path().exists(), "it to go")
    assert not stage.is_stored()


async def test_files_of_nobody_go(stage: Stage, tmp_path: Path) -> None:
    orphan = files.episode(stage.directory, UUID(int=7))
    orphan.write_bytes(b"x")
    await stage.becomes(lambda: not orphan.exists(), "it to go")


async def test_a_file_that_was_complete_when_we_were_ended_is_not_fetched_again(
    stage: Stage, server: WebServer, sounds: Path
) -> None:
    stage.publish(server.put("/a.mp3", b"never asked for"))
    stage.path().write_bytes((sounds / "episode.mp3").read_bytes())
    await stage.becomes(stage.is_stored, "it to be noticed")
    assert server.asked == []


def _size(stage: Stage) -> int:
    part = stage.path().with_name(f"{stage.path().name}.part")
    return part.stat().st_size if part.exists() else 0


def _can_be_played(path: Path) -> bool:
    track = Track(path.open("rb"), 16000)
    try:
        track.go(0.0, 1.0)
        pcm = b"".join(portion for _, portion in track.portions())
        return len(pcm) / 32000 == pytest.approx(SECONDS, abs=0.3)
    finally:
        track.close()
