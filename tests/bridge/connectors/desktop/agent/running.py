"""The agent, as a plain child in a private folder, or behind whatever its browser needs; and what
it told.
"""

import asyncio
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import psutil

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import Reply, Told, Up
from bridge.connectors.desktop.protocol.requests import Request
from bridge.errors import NetworkDown
from tests.peers.programs import PeerFailed, Program, until

RATE = 16000
ROOT = Path(__file__).parents[5]
Fact = TypeVar("Fact")


class Agent(Program):
    """`async with Agent(tmp_path, "--screen") as agent:` and it has said that it is up."""

    def __init__(self, directory: Path, *flags: str, before: tuple[str, ...] = ()) -> None:
        super().__init__("agent", directory)
        self.home, self.run = directory / "home", directory / "run"
        for folder in (self.home, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)
        self.facts: list[Told] = []
        self.over = ""
        """Why the link ended, by its code."""
        self._flags, self._before = flags, before

    async def __aenter__(self) -> "Agent":
        control, its_control = socket.socketpair()
        sound, its_sound = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its_control, its_sound, self.log.open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                *(*self._before, sys.executable, "-m", "bridge.connectors.desktop.agent"),
                *("--control", str(its_control.fileno()), "--sound", str(its_sound.fileno())),
                *("--rate", str(RATE), *self._flags),
                env=self._environment(),
                pass_fds=[its_control.fileno(), its_sound.fileno()],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.link = await AgentLink.over(control, sound)
        self._listening = asyncio.create_task(self._listen())
        try:
            await self.told(Up)
        except BaseException:
            await self.link.close()
            await self.end()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """The worker is gone: that is how a session ends that nobody ends."""
        await self.link.close()
        await self._listening
        try:
            await self.ended(15)
        finally:
            await self.end()

    async def ask(self, request: Request, timeout: float = 20) -> Reply:
        return await self.link.ask(request, timeout)

    async def told(
        self,
        kind: type[Fact],
        check: Callable[[Fact], object] = lambda _: True,
        timeout: float = 10,
    ) -> Fact:
        """The latest fact of this kind for which `check` holds, however old it is."""
        return await self._first(kind, lambda facts: next(filter(check, facts), None), timeout)

    async def stands(
        self, kind: type[Fact], check: Callable[[Fact], object], timeout: float = 10
    ) -> Fact:
        """The latest fact of this kind, once `check` holds for it."""
        return await self._first(kind, lambda facts: next(filter(check, facts[:1]), None), timeout)

    async def _first(
        self, kind: type[Fact], choose: Callable[[list[Fact]], Fact | None], timeout: float
    ) -> Fact:
        try:
            return await self.until(
                lambda: choose(self.all_told(kind)[::-1]), kind.__name__, timeout
            )
        except PeerFailed as why:
            raise PeerFailed(f"{why}\n--- told so far\n{self.facts}") from None

    def all_told(self, kind: type[Fact]) -> list[Fact]:
        return [one for one in self.facts if isinstance(one, kind)]

    def parts(self, name: str) -> list[psutil.Process]:
        """The processes of the session whose program is called so."""
        return [one for one in self.processes() if _program_of(one) == name]

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)

    async def _listen(self) -> None:
        try:
            async for fact in self.link.told():
                self.facts.append(fact)
        except NetworkDown as why:
            self.over = why.code

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.run),
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
        }


def kill(processes: list[psutil.Process]) -> None:
    """Each of them; some end by themselves when the others do."""
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def _program_of(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):  # a zombie is none either
        return Path(process.exe()).name
    return ""


async def until_gone(processes: list[psutil.Process], timeout: float = 10) -> None:
    """A zombie is nobody's any more."""

    def left() -> list[psutil.Process]:
        return [
            one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE
        ]

    await until(lambda: not left(), f"the end of {processes}", timeout)
