"""A part of the session that is a program: started, watched, ended."""

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bridge.connectors.desktop.agent.control import Refused

ENDS_WITHIN = 3.0
"""Seconds for a program to end when it is asked to."""
STARTS_WITHIN = 10.0
"""Seconds for a part to be there; this machine may be starting twenty sessions."""


class SessionChild:
    """One program, in a process group of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(
        cls, *argv: str, environment: Mapping[str, str] | None = None
    ) -> "SessionChild":
        """OSError when it is not there. Without `environment` it gets the agent's own."""
        return cls(
            await asyncio.create_subprocess_exec(
                *argv,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ended(self) -> int:
        """Its exit status, once it has one."""
        return await self._process.wait()

    async def end(self) -> None:
        """With everything it has started; twice is harmless."""
        self._signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN):
                await self._process.wait()
        self._signal(signal.SIGKILL)
        await self._process.wait()

    async def made(self, path: Path) -> None:
        """Until `path` exists; OSError when it ends before, or never makes it."""
        try:
            async with asyncio.timeout(STARTS_WITHIN):
                while not self._has_made(path):  # noqa: ASYNC110 - a foreign program makes it
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise OSError(f"it did not make {path.name}") from None

    def _has_made(self, path: Path) -> bool:
        if self._process.returncode is not None:
            raise OSError(f"it ended before it made {path.name}")
        return path.exists()

    def _signal(self, number: int) -> None:
        """The group outlives its first member while others are in it."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


async def finished(
    *argv: str, within: float, environment: Mapping[str, str] | None = None, typed: str = ""
) -> tuple[int | None, bytes]:
    """The exit status and the output of a program that ends by itself `within` so many seconds;
    else it is killed: Refused("desktop_silent"). OSError when it is not there.
    """
    running = await asyncio.create_subprocess_exec(
        *argv,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(within):
            said, _ = await running.communicate(typed.encode())
    except TimeoutError:
        raise Refused("desktop_silent") from None
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    return running.returncode, said
