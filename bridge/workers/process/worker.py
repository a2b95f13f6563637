"""The "virtual computer" of one user, put together; steered by its supervisor."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from tenacity import wait_exponential

from bridge import files
from bridge.api.command import Command, reply
from bridge.api.commands import COMMANDS
from bridge.api.events import Event
from bridge.api.views import AccountView
from bridge.audio.voice.voice_note import to_voice_note
from bridge.backoff import Backoff
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.clock import SystemClock
from bridge.calls.ports.library import Library
from bridge.calls.ports.mailbox import MailboxRecord
from bridge.calls.ports.subscriber import SubscriberRecord
from bridge.connectors.base import Credentials
from bridge.errors import HouseError
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.calls import outbox
from bridge.store.people import accounts
from bridge.switchboard import Switchboard
from bridge.workers.accounts.open_addresses import OpenAddresses
from bridge.workers.accounts.sessions import Sessions
from bridge.workers.accounts.sign_in import SignIns
from bridge.workers.asked.directory import AccountDirectory
from bridge.workers.asked.kept import KeepsAsking
from bridge.workers.asked.mailbox import PlayableMailbox
from bridge.workers.asked.subscriber import ProfiledSubscriber
from bridge.workers.ipc import wire
from bridge.workers.ipc.answering import Answering
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import Body, remote
from bridge.workers.media.media_stack import MediaStack
from bridge.workers.ports.contact_book import ContactBook
from bridge.workers.process.live_commands import LiveCommands

log = logging.getLogger(__name__)

MOST_COMMANDS = 64
"""At a time; nobody presses so many buttons."""
HOUSE_COMES_WITHIN = 1.0
"""Seconds that a question waits; who is gone does not come back."""


class Worker:
    """Everything of one user. `leaving` is called once, with the seconds its calls may go on."""

    def __init__(
        self,
        user: UUID,
        owner: str,
        settings: Settings,
        link: wire.WorkerLink,
        store: Store,
        stack: MediaStack,
        leaving: Callable[[float], None],
    ) -> None:
        self._user = user
        self._link = link
        self._store = store
        self._stack = stack
        self._announce_leaving = leaving
        self._settings = settings
        folder = files.folder(settings.data_dir, user)
        self._house = Asking(HOUSE_COMES_WITHIN, "house_unreachable")
        self._house.open(link)
        ask = KeepsAsking(self._house).ask
        self._subscriber = ProfiledSubscriber(remote(SubscriberRecord, ask))
        book = remote(ContactBook, ask)
        directory = AccountDirectory(book, settings, stack.route, self._open_ways)
        self._switchboard = Switchboard(
            CallServices(
                self._subscriber,
                stack.route,
                stack.mixer,
                stack.speaker,
                self._tell,
                SystemClock(),
                encode=to_voice_note,
                library=remote(Library, ask),
                directory=directory,
                mailbox=PlayableMailbox(remote(MailboxRecord, ask), folder),
                recognizer=stack.recognizer,
                voicemail_seconds=float(settings.voicemail_seconds),
            )
        )
        self._sessions = Sessions(
            store,
            user,
            owner,
            self._switchboard,
            stack.connector,
            self._tell,
            self._use_trunk,
            settings.country,
        )
        self._sign_ins = SignIns(user, self._tell, self._keep)
        self._commands = LiveCommands(
            self._switchboard, directory, self._sign_ins, self._sessions, stack.connector
        )
        commands = {name: partial(self._carry_out, kind) for name, kind in COMMANDS.items()}
        self._answering = Answering(link, commands, MOST_COMMANDS)
        self._reading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._patience: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._orphaned = False
        self._untold: list[Event] = []

    async def serve(self) -> None:
        """Until the supervisor says drain, or is gone."""
        listening = asyncio.create_task(self._listen())
        await _until_done(self._subscriber.refresh)
        renewing = asyncio.create_task(self._sessions.leases.renew())
        self._link.send(wire.Hello())
        self._start(self._refresh())
        patience = await self._patience
        self._announce_leaving(patience)
        await self._sign_ins.close()
        await self._switchboard.drain(patience)
        await self._sessions.close()
        await self._stack.close()
        for task in (renewing, listening):
            task.cancel()
        await self._tell_rest()
        await self._link.close()

    async def _listen(self) -> None:
        async for message in self._link.messages():
            match message:
                case wire.Ping():
                    self._start(self._pong())
                case wire.Do():
                    self._answering.take(message)
                case wire.Done():
                    self._house.settle(message)
                case wire.Refresh():
                    self._start(self._refresh())
                case wire.Drain(seconds=seconds):
                    self._leave(seconds)
        self._orphaned = True
        self._house.close()
        self._leave(0.0)

    def _leave(self, patience: float) -> None:
        if not self._patience.done():
            self._patience.set_result(patience)
        else:  # it is leaving already, but not fast enough
            self._start(self._switchboard.drain(patience))

    async def _pong(self) -> None:
        await self._stack.check()
        leases = self._sessions.leases.healthy
        self._link.send(wire.Pong(leases=leases, leases_lost=self._sessions.leases_lost))

    # --- commands --------------------------------------------------------------------------------

    async def _carry_out(self, kind: type[Command[Any]], body: Body) -> Any:
        async with self._reading:  # a phone that was just added is known
            pass
        done = await self._commands.carry_out(kind.model_validate(body))
        return reply(kind).dump_python(done, mode="json")

    async def _refresh(self) -> None:
        """The store has changed, or is read for the first time."""
        async with self._reading:
            await _until_done(self._subscriber.refresh)
        await _until_done(self._sessions.refresh)

    async def _keep(self, network: str, found: Credentials, account: UUID | None) -> AccountView:
        row = await self._store.run(
            accounts.keep,
            self._user,
            network,
            found.address,
            options=found.options,
            secrets=found.secrets,
            now=datetime.now(UTC),
            account=account,
        )
        await self._sessions.refresh(signed_in=row.id)
        return AccountView.of(row)

    def _use_trunk(self) -> None:
        self._stack.use_trunk(self._sessions.trunk())

    def _open_ways(self) -> OpenAddresses:
        return OpenAddresses(self._sessions.open(), self._trunk())

    def _trunk(self) -> str | None:
        """The label of the user's own; "" for the host's, None when no number can be dialled."""
        chosen = self._sessions.trunk()
        if chosen is None:
            return "" if self._settings.trunk_registrar else None
        own = (one for one in self._sessions.open() if one.session is chosen)
        return next((one.account.label for one in own), None)

    # --- events ----------------------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        if self._orphaned:
            self._untold.append(event)
        else:
            self._link.send(wire.Told(event=event))

    async def _tell_rest(self) -> None:
        """The supervisor died: what is still to be told goes into the outbox by our own hand."""
        if self._untold:
            log.warning("the house is gone: %d events are left for the next one", len(self._untold))
            try:
                await self._store.run(_append, self._untold, datetime.now(UTC))
            except HouseError as why:
                log.error("they could not be left: %s", why)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _until_done(work: Callable[[], Awaitable[None]]) -> None:
    pauses = Backoff(wait_exponential(multiplier=0.5, max=10))
    while True:
        try:
            return await work()
        except HouseError as why:
            log.warning("the store could not be read: %s", why)
            await asyncio.sleep(pauses.pause())


def _append(db: Session, events: list[Event], now: datetime) -> None:
    for event in events:
        outbox.append(db, event.user, event.model_dump(mode="json"), now)
