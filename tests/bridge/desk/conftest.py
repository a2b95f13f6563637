"""The front desk at a real unix socket, over a real store; only the workers are not there."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bridge.api.client import Client
from bridge.api.command import Command
from bridge.api.commands.access import Claim, Join, MakeInvite, WhoIs
from bridge.api.status_views import WorkerView
from bridge.api.views import UserView
from bridge.calls.policy import tollguard
from bridge.desk.claim import ClaimCode
from bridge.desk.command_registry import CommandRegistry
from bridge.desk.event_relay import EventRelay
from bridge.desk.http import front_desk
from bridge.desk.metrics import Metrics
from bridge.desk.sockets import open_doors, served
from bridge.errors import NetworkDown
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.workers.supervisor.supervision import Tally
from tests.fresh_database import lay_out

NOW = datetime.now(UTC)


class NoWorkers:
    """Remembers what it was asked; nobody is there to do it, unless the tests put `replies`."""

    def __init__(self) -> None:
        self.replies: dict[type[Command[Any]], Any] = {}
        self.placed: list[uuid.UUID] = []
        self.withdrawn: list[uuid.UUID] = []
        self.sent: list[tuple[uuid.UUID, Command[Any]]] = []
        self.refreshed: list[uuid.UUID] = []

    async def place(self, user: uuid.UUID) -> None:
        self.placed.append(user)

    async def forget_programs(self, user: uuid.UUID) -> None:
        """There are none."""

    async def withdraw(self, user: uuid.UUID) -> None:
        self.withdrawn.append(user)

    async def send(self, user: uuid.UUID, command: Command[Any]) -> Any:
        self.sent.append((user, command))
        if type(command) in self.replies:
            return self.replies[type(command)]
        raise NetworkDown("worker_restarting")

    def refresh(self, user: uuid.UUID) -> None:
        self.refreshed.append(user)

    def view(self, user: uuid.UUID) -> WorkerView:
        return WorkerView(running=bool(self.replies), since=None, restarts=0)


@dataclass
class Office:
    """A house without workers, as its clients see it."""

    settings: Settings
    store: Store
    workers: NoWorkers
    claim: ClaimCode
    relay: EventRelay
    metrics: Metrics
    client: Client
    ready: dict[str, bool] = field(default_factory=lambda: {"database": True, "workers": True})

    def http(self) -> httpx.AsyncClient:
        """Raw requests through the same door."""
        transport = httpx.AsyncHTTPTransport(uds=str(self.settings.control_socket))
        return httpx.AsyncClient(transport=transport, base_url="http://house")

    async def member(self, chat: int, name: str) -> UserView:
        """The first one claims the house, the others come by invitation."""
        if self.claim.code:
            owner = Claim(chat=chat, name=name, language="en", code=self.claim.code)
            return await self.client.ask(owner)
        first = await self.client.ask(WhoIs(chat=1))
        assert first is not None, "the owner is chat 1"
        invite = await self.client.ask(MakeInvite(user=first.id))
        joined = Join(chat=chat, name=name, language="de", token=invite.token)
        return await self.client.ask(joined)


def dialable(settings: Settings, typed: str) -> str:
    address = tollguard.normalise(typed, settings.country)
    tollguard.check(address, settings.countries)
    return address


async def as_it_is(audio: bytes, _: int) -> bytes:
    return audio


@asynccontextmanager
async def opened(directory: Path, **settings: Any) -> AsyncIterator[Office]:
    chosen = Settings(_env_file=None, data_dir=directory, **settings)  # type: ignore[call-arg]
    await asyncio.to_thread(directory.mkdir, mode=0o700, exist_ok=True)
    await asyncio.to_thread(lay_out, chosen.database)
    with Store.open(chosen.database, key_ring(chosen)) as store:
        workers, claim, relay = NoWorkers(), ClaimCode(), EventRelay(store)
        metrics = Metrics(Tally())
        office = Office(chosen, store, workers, claim, relay, metrics, Client(chosen))

        async def ready() -> dict[str, bool]:
            return office.ready

        app = front_desk(
            CommandRegistry(
                settings=chosen,
                store=store,
                workers=workers,
                claim=claim,
                networks={"sip": "SIP"},
                dialable=lambda typed: dialable(chosen, typed),
                decode=as_it_is,
                tell=relay.deliver,
                voice_languages=frozenset({"en"}),
            ),
            relay,
            metrics,
            ready,
        )
        carrying = asyncio.create_task(relay.carry())
        try:
            async with AsyncExitStack() as doors:
                await doors.enter_async_context(office.client)
                for door, token in open_doors(chosen):
                    await doors.enter_async_context(served(app, door, token))
                yield office
        finally:
            relay.close()
            carrying.cancel()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(tmp_path / "house") as office:
        office.claim.offer()
        yield office
