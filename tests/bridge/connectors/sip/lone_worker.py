"""The test's side of `lone`: start it, ask it, see whether it is still alive."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[4]


class LoneWorker:
    """`async with LoneWorker(directory, "127.0.0.1:5060") as worker:`"""

    def __init__(self, directory: Path, registrar: str, *, transport: str = "udp") -> None:
        self.log = directory / "lone.log"
        self._words = (registrar, transport)
        self._child: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        with self.log.open("wb") as log:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.bridge.connectors.sip.lone", *self._words),
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(self.log.parent)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        await self._hears("ready")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._child.returncode is None:
            self._child.kill()
        await self._child.wait()
        self._child._transport.close()  # type: ignore[attr-defined]  # its pipes with it

    @property
    def warnings(self) -> list[str]:
        """What it logged that is more than chatter."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if line.startswith(("WARNING", "ERROR"))]

    async def figures(self) -> dict[str, Any]:
        self._say("figures")
        return await self._hears("figures")

    async def is_alive(self) -> bool:
        return bool(await self.figures())

    async def stop(self, word: str = "stop") -> int:
        """End it; its exit code. `drop` leaves the session as it is."""
        self._say(word)
        await self._hears("stopped")
        async with asyncio.timeout(10):
            return await self._child.wait()

    def _say(self, word: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(f"{word}\n".encode())

    async def _hears(self, word: str) -> dict[str, Any]:
        assert self._child.stdout is not None
        async with asyncio.timeout(20):
            while line := await self._child.stdout.readline():
                if line.startswith(b"{") and (said := json.loads(line))["word"] == word:
                    return dict(said)
        code = await self._child.wait()
        raise AssertionError(
            f"it ended with {code}:\n{self.log.read_text(errors='replace')[-2000:]}"
        )
