"""Lines in, lines out."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from bridge.connectors.desktop.agent.control import Control, Refused
from bridge.connectors.desktop.protocol.messages import TOLD, Reply
from bridge.connectors.desktop.protocol.requests import Fill, Look, Request


class Worker:
    """At the other end; it writes what it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer

    async def reply(self, line: bytes) -> Reply:
        self.writer.write(line + b"\n")
        async with asyncio.timeout(5):
            told = TOLD.validate_json(await self._reader.readline())
        assert isinstance(told, Reply)
        return told


async def serve(request: Request) -> Reply | None:
    if isinstance(request, Fill):
        raise ValueError(request.text.get_secret_value())
    if isinstance(request, Look):
        raise Refused("desktop_no_screen")
    return None


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    async with Control(theirs) as control:
        serving = asyncio.create_task(control.serve(serve))
        yield Worker(reader, writer)
        writer.close()
        async with asyncio.timeout(5):
            await serving  # whose end is that of the line


async def test_every_reply_has_the_number_of_its_request(worker: Worker) -> None:
    assert await worker.reply(b'{"kind": "flow", "id": 7, "on": true}') == Reply(id=7)


async def test_what_cannot_be_done_is_said_by_its_code(worker: Worker) -> None:
    assert (await worker.reply(b'{"kind": "look", "id": 8}')).code == "desktop_no_screen"


async def test_a_line_that_nobody_understands_is_passed_over(worker: Worker) -> None:
    worker.writer.write(b'{"kind": "dance", "id": 1}\nnonsense\n')
    assert (await worker.reply(b'{"kind": "flow", "id": 2, "on": true}')).id == 2


async def test_what_was_to_be_typed_is_never_logged(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.writer.write(b'{"kind": "fill", "id": 1, "text": "countess", "more": "countess"}\n')
    reply = await worker.reply(b'{"kind": "fill", "id": 2, "text": "countess"}')
    assert reply.code == "desktop_failed"
    assert len(caplog.records) == 2
    assert "countess" not in caplog.text
