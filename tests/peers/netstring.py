"""The control connection of baresip (module ctrl_tcp): JSON in netstrings, `12:{"event":...},`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from tests.peers.programs import PeerFailed


class ControlConnection:
    """Sends commands, pairs the answers by token, hands every event to `on_event`."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_event: Callable[[dict[str, Any]], None],
    ) -> None:
        self._reader, self._writer, self._on_event = reader, writer, on_event
        self._asked = 0
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    async def ask(self, command: str, params: str = "", timeout: float = 5.0) -> str:
        """Run one of baresip's long commands; its text answer.  Refusals raise PeerFailed."""
        self._asked += 1
        token = str(self._asked)
        question = {"command": command, "params": params, "token": token}
        raw = json.dumps(question, ensure_ascii=False).encode()
        answer = self._waiting[token] = asyncio.get_running_loop().create_future()
        self._writer.write(b"%d:%s," % (len(raw), raw))
        try:
            said = await asyncio.wait_for(answer, timeout)
        except TimeoutError:
            raise PeerFailed(f"baresip gave no answer to {command} {params}") from None
        finally:
            del self._waiting[token]
        if not said["ok"]:
            raise PeerFailed(f"baresip refused {command} {params}: {said['data']}")
        return str(said["data"])

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._writer.close()

    async def _read(self) -> None:
        try:
            while True:
                size = int((await self._reader.readuntil(b":"))[:-1])
                raw = (await self._reader.readexactly(size + 1))[:-1]
                # baresip passes on whatever bytes the other side sent as its name
                said = json.loads(raw.decode(errors="replace"), strict=False)
                if said.get("event"):
                    self._on_event(said)
                elif (waiting := self._waiting.get(said.get("token", ""))) and not waiting.done():
                    waiting.set_result(said)
        except (asyncio.IncompleteReadError, ConnectionError):
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(PeerFailed("baresip has gone"))
