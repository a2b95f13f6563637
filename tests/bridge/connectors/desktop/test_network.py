"""The way out of a network namespace, made from outside while its owner is not ready yet."""

import asyncio
import os
from collections.abc import AsyncIterator
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from bridge.connectors.desktop.sandbox.network import InternetAccess, connected
from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.peers.programs import Program, until

pytestmark = pytest.mark.real


@pytest.fixture
async def namespace(tmp_path: Path) -> AsyncIterator[int]:
    """A process that has made itself one, and nothing in it."""
    namespaces_are_needed()
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    program = Program("namespace", tmp_path)
    await program.spawn("unshare", *own, "--net", "sleep", "60")
    link, ours = Path(f"/proc/{program.pid}/ns/net"), os.readlink("/proc/self/ns/net")
    await until(lambda: os.readlink(link) != ours, "the namespace")
    yield program.pid
    await program.kill()


async def test_it_leaves_loopback_to_who_made_the_namespace(namespace: int) -> None:
    """bubblewrap gives up when it finds its loopback there before it has made it."""
    assert "198.18.0.100" not in addresses(namespace)
    async with connected(namespace, InternetAccess()):
        assert "198.18.0.100" in addresses(namespace)
        assert "127.0.0.1" not in addresses(namespace)


async def test_an_address_that_the_machine_gets_later_is_closed_too(namespace: int) -> None:
    ours = {IPv4Network("203.0.113.1/32")}

    def own() -> frozenset[IPv4Network]:
        return frozenset(ours)

    way = InternetAccess(("203.0.113.3",))
    async with connected(namespace, way, own, every=0.05):
        assert "203.0.113.1" in await unreachable(namespace)
        ours.update((IPv4Network("203.0.113.2/32"), IPv4Network("203.0.113.3/32")))

        async def is_closed() -> bool:
            return "203.0.113.2" in await unreachable(namespace)

        await until(is_closed, "the new address to be closed")
        assert "203.0.113.3" not in await unreachable(namespace), "the host has allowed it"


async def unreachable(process: int) -> str:
    own = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    shown = await asyncio.create_subprocess_exec(
        *("nsenter", "--target", str(process), "--net", *own),
        *("ip", "route", "show", "type", "unreachable"),
        stdout=asyncio.subprocess.PIPE,
    )
    return (await shown.communicate())[0].decode()


def addresses(process: int) -> str:
    """Its own, among other words."""
    return Path(f"/proc/{process}/net/fib_trie").read_text()
