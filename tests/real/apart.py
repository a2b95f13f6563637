"""The service as systemd starts it: the house for itself, and the chat as a program beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bridge.api.client import Client
from bridge.api.commands.access import OpenClaim
from bridge.errors import NetworkDown
from bridge.settings import Settings
from tests.peers.programs import Program, until
from tests.real.service import REPOSITORY, Service


class ChatApart(Service):
    """`restart()`, `signal()` and `alive` are about the chat; the house goes on meanwhile."""

    command = ("bot",)

    def __init__(self, directory: Path, **settings: Any) -> None:
        super().__init__(directory, **settings)
        self.house = Program("house", directory)

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__()
        await self.house.end(patience=10)

    async def _start(self) -> None:
        if not self.house.alive:
            await self.house.spawn(
                sys.executable,
                *("-m", "bridge", "run", "--alone"),
                env={**self.environment, "PYTHONPATH": str(REPOSITORY), "DRAIN_SECONDS": "0"},
            )
            await until(self._is_open, "the house to open")
        await super()._start()

    async def _is_open(self) -> bool:
        try:
            await Client(Settings(data_dir=self.directory)).ask(OpenClaim())
        except NetworkDown:
            return False
        return True
