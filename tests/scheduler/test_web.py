import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bridge.errors import BadInput, HouseError, NetworkDown, NotAllowed, Throttled, UnknownTarget
from scheduler.web import Web
from tests.peers.hostile_web import bomb, breaks_off, drips, never_ends, redirects, says
from tests.peers.programs import until
from tests.peers.web import WebServer

HERE = "127.0.0.1"
LARGEST = 100_000


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with WebServer() as opened:
        yield opened


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web([HERE]) as opened:
        yield opened


async def body_of(web: Web, address: str, within: float = 10.0) -> bytes:
    _, body = await web.fetched(address, LARGEST, within)
    return body


async def refused(web: Web, address: str, within: float = 10.0) -> HouseError:
    with pytest.raises(HouseError) as why:
        await web.fetched(address, LARGEST, within)
    return why.value


async def test_what_is_there_is_fetched(web: Web, server: WebServer) -> None:
    assert await body_of(web, server.put("/x", b"hello")) == b"hello"
    assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"


async def test_who_we_are_names_no_person(web: Web, server: WebServer) -> None:
    await body_of(web, server.put("/x", b""))
    assert server.asked[0].headers["user-agent"].startswith("skype2sip")
    assert not {"cookie", "referer", "from"} & set(server.asked[0].headers)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"hello " * 1000)),
        ("GZIP", gzip.compress(b"hello " * 1000)),
        ("gzip", gzip.compress(b"hello " * 400) + gzip.compress(b"hello " * 600)),
        ("gzip", gzip.compress(b"hello " * 1000) + b"rubbish"),
        ("deflate", zlib.compress(b"hello " * 1000)),
        ("deflate", zlib.compress(b"hello " * 1000)[2:-4]),
        ("identity", b"hello " * 1000),
    ],
    ids=["gzip", "capitals", "members", "rubbish", "zlib", "bare deflate", "identity"],
)
async def test_every_coding(web: Web, server: WebServer, coding: str, packed: bytes) -> None:
    where = server.script("/x", says(200, packed, Content_Encoding=coding))
    assert await body_of(web, where) == b"hello " * 1000


async def test_a_gzip_bomb_is_refused_before_it_goes_off(web: Web, server: WebServer) -> None:
    where = server.script("/x", bomb(500_000_000))
    tracemalloc.start()
    try:
        why = await refused(web, where)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(why, BadInput) and why.code == "feed_too_large"
    assert peak < 20_000_000


async def test_what_never_ends_is_cut_off(web: Web, server: WebServer) -> None:
    assert (await refused(web, server.script("/x", never_ends(b"x" * 1000)))).code == (
        "feed_too_large"
    )


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"hello" * 1000)[:-20]),
        ("gzip", b"\x1f\x8bnonsense" * 10),
        ("br", b"hello"),
    ],
    ids=["cut off", "nonsense", "not asked for"],
)
async def test_a_damaged_body_is_none(
    web: Web, server: WebServer, coding: str, body: bytes
) -> None:
    where = server.script("/x", says(200, body, Content_Encoding=coding))
    assert isinstance(await refused(web, where), NetworkDown)


async def test_a_body_that_breaks_off_is_none(web: Web, server: WebServer) -> None:
    where = server.script("/x", breaks_off(b"hello" * 100, 100))
    assert isinstance(await refused(web, where), NetworkDown)


@pytest.mark.parametrize("body", [b"x" * 1000, b""], ids=["slowly", "never"])
async def test_a_slow_loris_is_left_in_time(web: Web, server: WebServer, body: bytes) -> None:
    where = server.script("/x", drips(body or b"x", 0.05 if body else 60))
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert isinstance(await refused(web, where, within=0.3), NetworkDown)
    assert loop.time() - began < 5


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (404, UnknownTarget, "feed_refused"),
        (401, UnknownTarget, "feed_refused"),
        (410, UnknownTarget, "feed_gone"),
        (500, NetworkDown, "feed_unreachable"),
        (502, NetworkDown, "feed_unreachable"),
        (429, Throttled, "feed_throttled"),
        (503, Throttled, "feed_throttled"),
    ],
)
async def test_what_servers_say(
    web: Web, server: WebServer, status: int, kind: type[HouseError], code: str
) -> None:
    why = await refused(web, server.script("/x", says(status)))
    assert isinstance(why, kind) and why.code == code
    assert why.facts["host"] == HERE


async def test_a_pause_of_so_many_seconds_holds_for_the_whole_server(
    web: Web, server: WebServer
) -> None:
    why = await refused(web, server.script("/x", says(429, Retry_After="120")))
    assert isinstance(why, Throttled) and why.seconds == 120
    other = await refused(web, server.put("/y"))
    assert isinstance(other, Throttled) and 118 < other.seconds <= 120
    assert server.times("/y") == 0


async def test_a_pause_until_a_date(web: Web, server: WebServer) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    why = await refused(web, server.script("/x", says(503, Retry_After=until)))
    assert isinstance(why, Throttled) and 7190 < why.seconds <= 7200


@pytest.mark.parametrize("wish", ["soon", "-5", "99999999999999999999"])
async def test_an_odd_pause_is_a_sensible_one(web: Web, server: WebServer, wish: str) -> None:
    why = await refused(web, server.script("/x", says(429, Retry_After=wish)))
    assert isinstance(why, Throttled) and 0 < why.seconds <= 86400


async def test_redirects_are_followed_and_those_for_good_remembered(
    web: Web, server: WebServer
) -> None:
    end = server.put("/end", b"here")
    second = server.script("/second", redirects("/end", 308))
    first = server.script("/first", redirects(second, 301))
    answer, body = await web.fetched(first, LARGEST, 10)
    assert (answer.moved, body) == (end, b"here")


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_redirect_for_now_is_not_remembered(
    web: Web, server: WebServer, status: int
) -> None:
    server.put("/end", b"here")
    answer, _ = await web.fetched(server.script("/x", redirects("/end", status)), LARGEST, 10)
    assert answer.moved is None
    assert answer.address == server.address("/end")


async def test_only_what_comes_before_a_redirect_for_now_is_for_good(
    web: Web, server: WebServer
) -> None:
    server.put("/end", b"here")
    server.script("/now", redirects("/other", 302))
    server.script("/other", redirects("/end", 301))
    answer, _ = await web.fetched(server.script("/x", redirects("/now", 301)), LARGEST, 10)
    assert answer.moved == server.address("/now")


async def test_redirects_in_a_circle_end(web: Web, server: WebServer) -> None:
    server.script("/b", redirects("/a"))
    why = await refused(web, server.script("/a", redirects("/b")))
    assert (why.code, why.facts["why"]) == ("feed_refused", "too many redirects")
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://10.0.0.1/", "private_address"),
        ("http://[::ffff:192.168.0.1]/", "private_address"),
        ("http://localhost:8080/", "private_address"),
        ("http://127.0.0.1:25/", "odd_address"),
        ("file:///etc/passwd", "odd_address"),
    ],
)
async def test_redirects_into_the_house_are_not_followed(
    web: Web, server: WebServer, to: str, code: str
) -> None:
    async with Web(["127.0.0.1/32"], resolve=lambda *_: ["10.0.0.1"]) as strict:
        assert (await refused(strict, server.script("/x", redirects(to)))).code == code


async def test_the_body_of_a_redirect_is_not_read(web: Web, server: WebServer) -> None:
    server.put("/end", b"here")
    endless = b"HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n"

    async def script(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(endless)
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    assert await body_of(web, server.script("/x", script), within=2) == b"here"


@pytest.mark.parametrize("address", ["http://", "http://0177.0.0.1/", "nonsense"])
async def test_what_is_no_address(web: Web, address: str) -> None:
    assert (await refused(web, address)).code in ("feed_refused", "odd_address")


async def test_nobody_gets_more_than_two_connections(web: Web, server: WebServer) -> None:
    where = server.script("/x", drips(b"12345", 0.01))
    await asyncio.gather(*(body_of(web, where) for _ in range(10)))
    assert server.most_at_once == 2


async def test_a_server_that_is_down_is_not_asked_again_at_once(server: WebServer) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        raise OSError("no such name")

    async with Web([], resolve=resolve) as web:
        for _ in range(3):
            assert isinstance(await refused(web, "https://pods.example/"), NetworkDown)
    assert asked == ["pods.example"]


async def test_a_slow_server_holds_up_nobody_else(server: WebServer) -> None:
    slow = server.script("/slow", drips(b"x", 30))
    async with WebServer(host="127.0.0.2") as other, Web(["127.0.0.0/8"], total=3) as web:
        quick = other.put("/quick", b"here")
        waiting = [asyncio.create_task(body_of(web, slow, within=60)) for _ in range(20)]
        await until(lambda: len(server.asked) == 2, "the slow one to be asked")
        async with asyncio.timeout(10):
            assert await body_of(web, quick) == b"here"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_by_default_this_machine_is_not_reached(server: WebServer) -> None:
    async with Web([]) as web:
        assert isinstance(await refused(web, server.put("/x")), NotAllowed)
    assert server.asked == []
