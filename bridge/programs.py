"""The chat and the clock: programs of the house that may come and go without it.

Each begins as a fork of the house, made before that has a thread or an open file: what all of them
import is then in memory once. One that failed is started anew by its name, without that advantage,
as a house with threads must not be forked.
"""

import asyncio
import gc
import logging
import os
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn, Protocol

from tenacity import wait_exponential

from bridge.backoff import Backoff
from bridge.kernel import end_with_parent
from bridge.logs import pass_on

log = logging.getLogger(__name__)

LEAVES_WITHIN = 4.0
STEADY = 60.0
BAD_SETTING = 2
"""The exit code of a program that cannot begin: trying again would not mend it."""
_GATE = 3
"""The descriptor at which a fork waits for its turn."""


class Running(Protocol):
    """A program, whoever started it."""

    @property
    def returncode(self) -> int | None: ...
    @property
    def stderr(self) -> asyncio.StreamReader | None: ...
    async def wait(self) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


_OF_ALL = (
    *("bridge.api.client", "bridge.api.commands", "bridge.api.events", "bridge.logs"),
    *("anyio._backends._asyncio", "apscheduler.schedulers.asyncio"),
)
_OF_HOUSE_AND_CLOCK = ("bridge.store.tables", "bridge.store")


@dataclass(frozen=True)
class HousePrograms:
    """Both, waiting until they are run."""

    chat: "HouseProgram"
    clock: "HouseProgram"
    on_telegram: bool

    @classmethod
    def forked(cls, on_telegram: bool) -> "HousePrograms":
        """The chat is in our terminal where it is not `on_telegram`."""
        _preload(*_OF_ALL)
        chat = HouseProgram("bot", "--child") if on_telegram else HouseProgram("bot", terminal=True)
        _preload(*_OF_HOUSE_AND_CLOCK)
        return cls(chat, HouseProgram("scheduler", "--child"), on_telegram)


def _preload(*modules: str) -> None:
    """Import what the forks made from now on share with us."""
    for module in modules:
        import_module(module)
    gc.collect()
    gc.freeze()  # a collection would touch, and so copy, every shared page


class HouseProgram:
    """`python -m MODULE ARGUMENTS`, of which the first start is a fork of us, made here and now.

    It imports what it needs, and waits until it is run; it goes when we do. To be made by the main
    thread, before there is another one. With `terminal` it has ours, and nobody reads its log.
    """

    def __init__(self, module: str, *arguments: str, terminal: bool = False) -> None:
        self._command = (module, *arguments)
        self._errors: int | None
        self._errors, errors = (None, None) if terminal else os.pipe()
        gate, self._gate = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            _become(module, arguments, gate, errors)
        os.close(gate)
        if errors is not None:
            os.close(errors)

    async def once(self) -> int:
        """Run it; its exit code."""
        return await self._ended(await self._begun())

    async def kept_running(self) -> int:
        """Run it, again whenever it fails; its exit code if that cannot help."""
        loop = asyncio.get_running_loop()
        pauses = Backoff(wait_exponential(multiplier=0.5, max=30))
        program: Running = await self._begun()
        while True:
            began = loop.time()
            code = await self._ended(program)
            if code == BAD_SETTING:
                log.error("%s cannot begin; the lines above say why", self._command[0])
                return code
            log.error("%s ended with exit code %d; it is started again", self._command[0], code)
            if loop.time() - began >= STEADY:
                pauses.reset()
            await asyncio.sleep(pauses.pause())
            program = await _started_by_name(*self._command)

    async def _begun(self) -> "Fork":
        stderr = None
        if self._errors is not None:
            stderr = asyncio.StreamReader()
            await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(stderr), os.fdopen(self._errors, "rb")
            )
        os.write(self._gate, b"1")
        os.close(self._gate)
        return Fork(self.pid, stderr)

    async def _ended(self, program: Running) -> int:
        """Its exit code; what it prints becomes lines of our log. When we are cancelled it is told
        to go.
        """
        reading = asyncio.create_task(_log_lines(self._command[0], program.stderr))
        try:
            return await program.wait()
        finally:
            if program.returncode is None:
                program.terminate()
                try:
                    async with asyncio.timeout(LEAVES_WITHIN):
                        await program.wait()
                except TimeoutError:
                    program.kill()
                    await program.wait()
            await asyncio.wait({reading}, timeout=1)
            reading.cancel()


class Fork:
    """A process that we forked; to be made by the event loop, which is told of its end."""

    def __init__(self, pid: int, stderr: asyncio.StreamReader | None) -> None:
        self.pid = pid
        self.stderr = stderr
        self.returncode: int | None = None
        self._over = asyncio.Event()
        self._descriptor = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(self._descriptor, self._note_end)

    async def wait(self) -> int:
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, one: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, one)

    def _note_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self._descriptor)
        self._over.set()


async def _started_by_name(module: str, *arguments: str) -> Running:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us: we tell it when to go
        preexec_fn=_end_with_us,
    )


def _become(module: str, arguments: tuple[str, ...], gate: int, errors: int | None) -> NoReturn:
    """In the fork: never returns into what the parent was doing."""
    code = 1
    try:
        _end_with_us()
        if errors is not None:
            os.setsid()  # Ctrl-C is for the house: it tells us when to go
            nowhere = os.open(os.devnull, os.O_RDWR)
            for standard, instead in enumerate((nowhere, nowhere, errors)):
                os.dup2(instead, standard)
        os.dup2(gate, _GATE)
        os.closerange(_GATE + 1, os.sysconf("SC_OPEN_MAX"))
        program = import_module(f"{module}.__main__")
        if os.read(_GATE, 1):  # else there will be no house
            os.close(_GATE)
            sys.argv = [module, *arguments]
            code = program.main()
    except KeyboardInterrupt:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        logging.shutdown()
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(code)


async def _log_lines(module: str, lines: asyncio.StreamReader | None) -> None:
    while lines is not None:
        try:
            line = await lines.readline()
        except ValueError:  # longer than any of ours
            continue
        if not line:
            return
        text = line.decode(errors="replace").rstrip("\n")
        if not pass_on(text, module):
            log.warning("%s: %s", module, text)


def _end_with_us() -> None:
    """A second chat with the same token would be one too many."""
    end_with_parent(signal.SIGTERM)
