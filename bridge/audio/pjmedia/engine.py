"""The one thread that owns pjsua2: every call into the library runs here, every callback starts
here.

pjsua2 is not made for many threads, and the wheel aborts the process on a failed assertion, so the
rules are strict (docs/decisions/0002-one-thread-for-pjsua2.md): work comes in through a queue,
facts go out with `call_soon_threadsafe`, and no Python callback ever raises into C.

The thread sleeps in one long poll. Anything that puts work into the queue rings a doorbell: an RFC
5626 keep-alive datagram to our own SIP socket, which ends the poll at once and costs an idle worker
nothing.
"""

import asyncio
import contextlib
import gc
import logging
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from queue import SimpleQueue
from typing import Any, TypeVar

import pjsua2 as pj

from bridge.audio.pjmedia.endpoint import codec_priorities, endpoint_config, transport_config
from bridge.audio.pjmedia.pjsua import guarded
from bridge.errors import SetupFault

log = logging.getLogger(__name__)
T = TypeVar("T")

MAX_ACCOUNTS = 8  # compiled into the wheel; the ninth aborts the process
_POLL_MS = 1000
_POLL_AT_THE_END_MS = 20


@dataclass(frozen=True)
class EngineSettings:
    """Where SIP and RTP live: `address` is bound for both, `rtp_ports` is an inclusive range."""

    address: IPv4Address
    rtp_ports: tuple[int, int]
    user_agent: str = "Skype2SIP"
    stun_server: str = ""
    wideband: bool = False


class PjsuaEngine:
    """pjsua2 in one process. Everything public may be used from the event loop's thread only."""

    def __init__(self, settings: EngineSettings) -> None:
        self.settings = settings
        self.live_calls = 0  # counted here because the library must never be asked for one too many
        self.calls: dict[int, Any] = {}  # who has which of the library's call numbers
        self.lent: set[Any] = set()  # slots with a player or a recorder
        self.accounts = 0
        self.sip_port = 0
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._bell = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._endpoint: Any = None
        self._transports: dict[str, int] = {}
        self._ports: set[int] = set()
        self._sounding = 0
        self._stopping = self._stopped = False
        self._awaited: set[asyncio.Future[Any]] = set()
        self._thread = threading.Thread(target=self._run, name="pjsua2", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._started: asyncio.Future[None]

    @property
    def bell_port(self) -> int:
        """The UDP source port of the doorbell; a filter before the SIP socket must let it pass."""
        return int(self._bell.getsockname()[1])

    async def start(self) -> None:
        """Raises SetupFault when the address or the ports cannot be used."""
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.create_future()
        try:
            self._bell.bind((str(self.settings.address), 0))
        except OSError as why:
            self._bell.close()
            raise self._unusable(why.strerror or str(why)) from None
        self._thread.start()
        await self._started
        # objects of the library belong to its thread; should one ever be collected here, pjlib must
        # know this thread, or it aborts the process
        self._endpoint.libRegisterThread("asyncio")

    async def do(self, work: Callable[[], T]) -> T:
        """Run `work` on the pjsua2 thread and give its result; pj.Error comes through as it is, and
        is raised when the engine has stopped.
        """
        if self._stopped:
            raise _gone()
        done: asyncio.Future[T] = self._loop.create_future()
        self._awaited.add(done)
        done.add_done_callback(self._awaited.discard)

        def run() -> None:
            try:
                result = work()
            except BaseException as why:
                self.tell(_settle, done, None, why.with_traceback(None))
            else:
                self.tell(_settle, done, result, None)

        self.post(run)
        return await done

    def post(self, work: Callable[[], None]) -> None:
        """Run `work` on the pjsua2 thread, soon and in order; nobody waits for it. Any thread."""
        self._work.put(work)
        with contextlib.suppress(OSError):  # closed while stopping: the poll is short then
            self._bell.sendto(b"\r\n", (str(self.settings.address), self.sip_port))

    def tell(self, hear: Callable[..., Any], *facts: Any) -> None:
        """From the pjsua2 thread: have the event loop call `hear`."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(hear, *facts)

    def transport(self, kind: str) -> int:
        """On the pjsua2 thread: the id of the "udp", "tcp" or "tls" transport, opened on use."""
        if kind not in self._transports:
            config = transport_config(str(self.settings.address))
            types = {
                "udp": pj.PJSIP_TRANSPORT_UDP,
                "tcp": pj.PJSIP_TRANSPORT_TCP,
                "tls": pj.PJSIP_TRANSPORT_TLS,
            }
            number = self._endpoint.transportCreate(types[kind], config)
            name = self._endpoint.transportGetInfo(number).localName
            self._ports.add(int(name.rsplit(":", 1)[1]))
            self._transports[kind] = number
        return self._transports[kind]

    def listening_ports(self) -> set[int]:
        """The local ports of all open SIP transports. Any thread."""
        return set(self._ports)

    def sound_on(self) -> None:
        """On the pjsua2 thread: one more call needs the clock that moves samples."""
        self._sounding += 1
        if self._sounding == 1:
            self._endpoint.audDevManager().setNullDev()

    def sound_off(self) -> None:
        """On the pjsua2 thread: one call less; without any the clock stops, the worker sleeps."""
        self._sounding -= 1
        if self._sounding == 0:
            self._endpoint.audDevManager().setNoDev()

    @property
    def silence(self) -> Any:
        """The source that keeps RTP flowing to a call that nobody is talking to."""
        return self._endpoint.audDevManager().getCaptureDevMedia()

    async def stop(self) -> None:
        """Hang up everything, sign out and end the library; the process should exit soon
        afterwards.
        """
        if self._thread.is_alive():
            self._stopping = True
            self.post(lambda: None)
            await asyncio.to_thread(self._thread.join, 5.0)
        self._stopped = True
        self._bell.close()
        await asyncio.sleep(0)  # what was done in time is told first
        for done in tuple(self._awaited):
            _settle(done, None, _gone())

    # --- the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        # a Python thread that computes may hold the others up for this long; sound cannot wait 5 ms
        sys.setswitchinterval(0.0005)
        try:
            self._open()
        except pj.Error as why:
            self.tell(_settle, self._started, None, self._unusable(why.reason))
            return
        self.tell(_settle, self._started, None, None)
        poll = self._endpoint.libHandleEvents
        while not self._stopping:  # in a call 100 times a second: few lines, nothing looked up
            self._do_work()
            poll(_POLL_MS)
        self._close()

    def _unusable(self, why: str) -> SetupFault:
        return SetupFault(
            "sip_socket",
            why=f"SIP cannot be spoken at {self.settings.address} ({why}).",
            remedy="Set SIP_ADDRESS in .env to an address of this machine.",
        )

    def _do_work(self) -> None:
        while not self._work.empty():  # nobody else takes from it
            guarded(self._work.get_nowait())()

    def _open(self) -> None:
        self._endpoint = pj.Endpoint()
        self._endpoint.libCreate()
        settings = self.settings
        config = endpoint_config(settings.user_agent, settings.stun_server, settings.wideband)
        self._endpoint.libInit(config)
        self.transport("udp")
        (self.sip_port,) = self._ports
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNoDev()
        for codec in self._endpoint.codecEnum2():
            self._endpoint.codecSetPriority(codec.codecId, 0)
        for name, priority in codec_priorities(settings.wideband).items():
            self._endpoint.codecSetPriority(name, priority)

    def _close(self) -> None:
        self._do_work()  # what was parted must be parted before its calls end
        for call in tuple(self.calls.values()):
            call.quiet()
        self._endpoint.hangupAllCalls()
        for _ in range(15):  # BYE and un-REGISTER go out, and their answers come in
            self._do_work()
            self._endpoint.libHandleEvents(_POLL_AT_THE_END_MS)
        for slot in tuple(self.lent):  # players and recorders; at exit nobody may end them any more
            slot.medium = None
        self._endpoint.libHandleEvents(_POLL_AT_THE_END_MS)
        self._endpoint.audDevManager().setNoDev()  # no frame is asked of Python any more
        sys.last_traceback = sys.last_value = sys.last_type = None
        gc.collect()


_CANCELLED = 70014  # PJ_ECANCELLED


def _gone() -> pj.Error:
    return pj.Error(_CANCELLED, "engine", "the telephone engine has stopped", "", 0)


def _settle(future: "asyncio.Future[Any]", result: Any, why: BaseException | None) -> None:
    if future.done():  # the one who waited was cancelled
        return
    if why is not None:
        future.set_exception(why)
    else:
        future.set_result(result)
