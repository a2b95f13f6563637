"""The "virtual computer" of one user, put together; steered by its supervisor."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any
from uuid import UUID

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
from bridge.switchboard import Switchboard
from bridge.workers.accounts.open_addresses import OpenAddresses
from bridge.workers.accounts.sessions import Sessions
from bridge.workers.accounts.sign_in import SignIns
from bridge.workers.asked.directory import AccountDirectory
from bridge.workers.asked.kept import KeepsAsking
from bridge.workers.asked.mailbox import PlayableMailbox
from bridge.workers.asked.subscriber import ProfiledSubscriber
from bridge.workers.ipc import spool, wire
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import Body, remote
from bridge.workers.ipc.replying import Replying
from bridge.workers.ipc.spool import Spool
from bridge.workers.media.media_stack import MediaStack
from bridge.workers.ports.account_book import AccountBook
from bridge.workers.ports.contact_book import ContactBook
from bridge.workers.process.live_commands import LiveCommands

log = logging.getLogger(__name__)

MOST_COMMANDS = 64
"""At a time; nobody presses so many buttons."""


class Worker:
    """Everything of one user. `leaving` is called once, with the seconds its calls may go on."""

    def __init__(
        self,
        user: UUID,
        settings: Settings,
        link: wire.WorkerLink,
        stack: MediaStack,
        leaving: Callable[[float], None],
    ) -> None:
        self._user = user
        self._link = link
        self._stack = stack
        self._announce_leaving = leaving
        self._settings = settings
        folder = files.folder(settings.data_dir, user)
        self._house = Asking(0.0, "house_unreachable")  # who is gone does not come back
        self._house.open(link)
        self._spool = Spool(folder)
        self._keeps = KeepsAsking(self._house, self._spool)
        ask = self._keeps.ask
        self._subscriber = ProfiledSubscriber(remote(SubscriberRecord, ask))
        self._accounts = remote(AccountBook, ask)
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
            self._accounts, user, self._switchboard, stack.connector, self._tell, self._use_trunk
        )
        self._sign_ins = SignIns(user, self._tell, self._keep)
        self._commands = LiveCommands(
            self._switchboard, directory, self._sign_ins, self._sessions, stack.connector
        )
        commands = {name: partial(self._carry_out, kind) for name, kind in COMMANDS.items()}
        self._replying = Replying(link, commands, MOST_COMMANDS)
        self._reading = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._patience: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._orphaned = False

    async def serve(self) -> None:
        """Until the supervisor says drain, or is gone."""
        listening = asyncio.create_task(self._listen())
        await _until_done(self._subscriber.refresh)
        watching = asyncio.create_task(self._sessions.leases.watch())
        self._link.send(wire.Hello())
        self._start(self._refresh())
        patience = await self._patience
        self._announce_leaving(patience)
        await self._sign_ins.close()
        await self._switchboard.drain(patience)
        await self._sessions.close()
        await self._stack.close()
        watching.cancel()
        await self._keeps.close()
        listening.cancel()
        await self._link.close()

    async def _listen(self) -> None:
        async for message in self._link.messages():
            match message:
                case wire.Ping(valid_until=valid_until):
                    self._sessions.leases.renewed(valid_until)
                    self._start(self._pong())
                case wire.Do():
                    self._replying.take(message)
                case wire.Done():
                    self._house.settle(message)
                case wire.Refresh():
                    self._start(self._refresh())
                case wire.Drain(seconds=seconds):
                    self._leave(seconds)
        self._orphaned = True
        self._keeps.leave()
        self._house.close()
        self._leave(0.0)

    def _leave(self, patience: float) -> None:
        # the supervisor does not wait until a store that is away comes back
        asyncio.get_running_loop().call_later(patience, self._keeps.leave)
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
        kept = await self._accounts.keep(network, found, account)
        await self._sessions.refresh(signed_in=kept.id)
        return kept

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
        if not self._orphaned:
            return self._link.send(wire.Told(event=event))
        try:
            self._spool.leave(spool.EVENT, event.model_dump(mode="json"))
        except OSError as why:
            log.error("an event is lost: %s", why)

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
