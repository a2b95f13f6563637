"""Bad input at the running service: it stays up, says one line, and the next call works."""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bridge.connectors.sip.session import IN_SECONDS
from tests.bench.cost import Processes
from tests.peers.programs import so_long_after
from tests.peers.sipp import Sipp
from tests.peers.torture import VARIANTS, Torturer
from tests.real.household import NUMBER, Household

pytestmark = pytest.mark.asyncio(loop_scope="package")

STRANGER = "127.0.0.66"
"""Nobody whom the house has anything to do with; its provider is at 127.0.0.1."""


@pytest_asyncio.fixture(loop_scope="package")
async def unharmed(home: Household) -> AsyncIterator[Household]:
    """Afterwards the same worker serves the next call."""
    await home.rings()  # no phone rings by what comes in
    processes = Processes(home.service.pid)
    before = processes.workers()
    yield home
    await home.is_quiet(within=40)
    assert processes.workers() == before
    await home.still_works()


async def test_a_hundred_calls_a_second_are_one_line_in_the_log(unharmed: Household) -> None:
    home = unharmed
    host, port = await address(home)
    told, begun = home.service.logged_since(), time.monotonic()
    async with Sipp(
        home.directory,
        "flood",
        "flood",
        target=f"{host}:{port}",
        service=NUMBER,
        calls=200,
        rate=100,
        patience=8,
    ) as flood:
        await flood.finished()
    await it_is_over(begun)
    warnings = [line for line in told() if "warning" in line.lower() or "error" in line.lower()]
    assert len(warnings) == 1, warnings
    assert "a flood of calls" in warnings[0]


async def test_malformed_messages_of_the_provider_do_no_harm(unharmed: Household) -> None:
    host, port = await address(unharmed)
    async with Torturer(host, port) as provider:
        for variant in VARIANTS:
            provider.send(variant)
            await provider.still_there()
        begun = time.monotonic()
    await it_is_over(begun)  # many of them are calls


async def test_a_scanner_gets_no_answer_at_all(unharmed: Household) -> None:
    host, port = await address(unharmed)
    told = unharmed.service.logged_since()
    async with Torturer(host, port, STRANGER) as scanner, Torturer(host, port) as provider:
        for variant in VARIANTS:
            scanner.send(variant)
        await provider.still_there()  # what the scanner sent was looked at before
        assert scanner.replies == []
    assert told() == []


async def it_is_over(flood: float) -> None:
    """So long after the moment in which a flood began, callers are refused."""
    await so_long_after(flood, IN_SECONDS + 1, "callers to be welcome again")


async def address(home: Household) -> tuple[str, int]:
    """Where the house can be reached by SIP, as its provider knows it."""
    [contact] = await home.provider.registered(NUMBER)
    host, _, port = contact.uri.partition("@")[2].partition(";")[0].partition(":")
    return host, int(port)
