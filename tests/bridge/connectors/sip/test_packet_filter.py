"""Strangers are not heard, bad input from friends does no harm, floods wear nothing out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.bridge.connectors.sip.kit import call_through
from tests.bridge.connectors.sip.lone import FRIEND
from tests.bridge.connectors.sip.lone_worker import LoneWorker
from tests.bridge.connectors.sip.wire import Registrar, StreamRegistrar, Wire, WireCall
from tests.peers.fixtures import SippFactory
from tests.peers.kamailio import Kamailio
from tests.peers.programs import PeerFailed, until
from tests.peers.torture import VARIANTS, Torturer

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
async def provider() -> AsyncIterator[Registrar]:
    async with Registrar() as registrar:
        yield registrar


@pytest.fixture
async def worker(tmp_path: Path, provider: Registrar) -> AsyncIterator[LoneWorker]:
    async with LoneWorker(tmp_path, provider.address) as worker:
        yield worker


async def a_call_works(provider: Registrar, patience: float = 15.0) -> None:
    """Try until one is answered: after a flood a caller may have to try twice, but not for ever."""
    async with asyncio.timeout(patience):
        while True:
            call = call_through(provider).caller(f'"{FRIEND}" <sip:1@provider.test>')
            call.invite()
            with suppress(PeerFailed):  # it was dropped by the filter
                answer = await provider.receives_any(call.call_id, "200", "486", timeout=1.5)
                call.acknowledge(answer)
                if answer.kind == "200":
                    return await call.hang_up()


async def test_strangers_get_no_answer_and_friends_do(
    worker: LoneWorker, provider: Registrar
) -> None:
    port = (await worker.figures())["sip_port"]
    async with Wire("127.0.0.99") as stranger:
        for method in ("INVITE", "OPTIONS", "REGISTER", "BYE", "INFO"):
            WireCall(stranger, ("127.0.0.1", port)).request(method)
        friend = WireCall(provider, ("127.0.0.1", port))
        friend.request("OPTIONS")
        await provider.receives("200")  # so the stranger's came before, and nothing came back
        assert stranger.received == []
    assert (await worker.figures())["offered"] == 0


async def test_a_scanner_is_not_even_noticed(worker: LoneWorker, provider: Registrar) -> None:
    port = (await worker.figures())["sip_port"]
    for host in ("127.0.0.90", "127.0.0.91"):
        async with Torturer("127.0.0.1", port, host) as scanner:
            for _ in range(200):
                for variant in ("scanner options", "scanner register", "emoji name"):
                    scanner.send(variant)
            await a_call_works(provider)
            assert scanner.replies == []
    figures = await worker.figures()
    assert figures["offered"] == 2
    assert worker.warnings == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.98"], ids=["a friend", "a stranger"])
async def test_bad_input_does_no_harm(worker: LoneWorker, provider: Registrar, host: str) -> None:
    port = (await worker.figures())["sip_port"]
    async with Torturer("127.0.0.1", port, host) as torturer:
        for variant in VARIANTS:
            torturer.send(variant)
            assert await worker.is_alive(), variant
    await a_call_works(provider)
    assert not [line for line in worker.warnings if line.startswith("ERROR")]


async def test_a_hundred_calls_a_second(worker: LoneWorker, provider: Registrar) -> None:
    for number in range(300):
        call_through(provider).invite()
        if number % 10 == 9:
            await asyncio.sleep(0.1)  # the pace of the flood, nothing is waited for
    await a_call_works(provider)
    assert len(worker.warnings) == 1


async def test_a_burst_of_calls_that_are_cancelled_at_once(
    worker: LoneWorker, provider: Registrar
) -> None:
    for _ in range(10):
        for _ in range(20):
            call = call_through(provider)
            call.invite()
            call.request("CANCEL")
        await asyncio.sleep(0.1)  # the pace of the flood, nothing is waited for
    assert await worker.is_alive()
    await a_call_works(provider)
    assert len(worker.warnings) == 1


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_flood_through_a_real_provider(
    tmp_path: Path, kamailio: Kamailio, sipp_factory: SippFactory, transport: str
) -> None:
    registrar = kamailio.account("ada", transport=transport).registrar
    async with LoneWorker(tmp_path, registrar, transport=transport) as worker:
        await kamailio.registered("ada")
        flood = await sipp_factory(
            "flood", "give_up", target=kamailio.address, service="ada", calls=200, rate=100, ring=0
        )
        await flood.finished()
        assert await worker.is_alive()
        assert len(worker.warnings) == 1
        await until(lambda: no_call(worker), "the lines to be free", 10)


async def test_nobody_connects_to_us(tmp_path: Path, kamailio: Kamailio) -> None:
    """Not even friends: every connection would use up one of the library's few sockets."""
    registrar = kamailio.account("ada", transport="tcp").registrar
    async with LoneWorker(tmp_path, registrar, transport="tcp") as worker:
        port = (await worker.figures())["tcp_port"]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.open_connection("127.0.0.1", port)


async def test_a_burst_on_our_own_connection(tmp_path: Path) -> None:
    """No filter can tell one segment of a stream from another: the connection is cut off, and the
    next registration makes a new one.
    """
    async with (
        StreamRegistrar() as provider,
        LoneWorker(tmp_path, provider.address, transport="tcp") as worker,
    ):
        for _ in range(4):
            for _ in range(150):
                call = call_through(provider)
                call.invite()
                call.request("CANCEL")
            assert await worker.is_alive()
            await until(lambda: no_call(worker), "the lines to be free", 15)
        assert len(worker.warnings) == 1
        await provider.connected()


@pytest.mark.parametrize("word", ["stop", "drop"])
async def test_the_end_is_clean_whatever_goes_on(
    worker: LoneWorker, provider: Registrar, word: str
) -> None:
    """One call answered, one ringing: both are told, and the process ends as it should."""
    talking = call_through(provider).caller(f'"{FRIEND}" <sip:1@provider.test>')
    talking.invite()
    await talking.becomes("200")
    ringing = call_through(provider)
    ringing.invite()
    await ringing.becomes("180")
    assert await worker.stop(word) == 0
    assert provider.count("BYE") >= 1
    final = await provider.receives_any(ringing.call_id, "480", "486", "487", "500", "603")
    assert final.method == "INVITE"


async def no_call(worker: LoneWorker) -> bool:
    return bool((await worker.figures())["live"] == 0)
