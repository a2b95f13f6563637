"""A radio station: a real Icecast, and the source that feeds it as fast as it is heard."""

from __future__ import annotations

import asyncio
import base64
import os
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from tests.peers.programs import PeerFailed, Program, free_port, program_path, until

_PASSWORD = "source-secret"
_TYPES = {
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "ogg": "application/ogg",
    "opus": "application/ogg",
}
_TICK = 0.05
# Icecast 2.4.4 dies in one start of forty (measured), soon after its first request: threads race
_TRIES, _QUESTIONS = 5, 10
_CONFIG = """\
<icecast>
  <limits>
    <sources>8</sources><source-timeout>5</source-timeout><burst-size>{burst}</burst-size>
  </limits>
  <authentication>
    <source-password>{password}</source-password>
    <admin-user>admin</admin-user><admin-password>{password}</admin-password>
  </authentication>
  <hostname>127.0.0.1</hostname>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <mount type="default"><charset>{charset}</charset></mount>
  <paths>
    <logdir>{directory}</logdir><webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot>
  </paths>
  <logging><accesslog>-</accesslog><errorlog>-</errorlog><loglevel>3</loglevel></logging>
  <security>{security}</security>
</icecast>
"""
_UNPRIVILEGED = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"


class Icecast:
    """`async with Icecast(directory) as radio:`, then `async with radio.on_air(file): ...`

    `burst` is how many bytes a listener gets at once; `charset` is that of titles in mp3 streams.
    """

    def __init__(self, directory: Path, *, burst: int = 32768, charset: str = "UTF-8") -> None:
        self.port = free_port()
        self.burst = burst
        self.charset = charset
        self.program = Program("icecast", directory)

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.program.end()

    async def start(self) -> None:
        """Start it and wait until it answers."""
        config = self.program.directory / "icecast.xml"
        config.write_text(
            _CONFIG.format(
                burst=self.burst,
                password=_PASSWORD,
                port=self.port,
                charset=self.charset,
                directory=self.program.directory,
                security=_UNPRIVILEGED if os.geteuid() == 0 else "",
            )
        )
        # as an unprivileged user it must find its way through the test's own directory
        os.chmod(self.program.directory, 0o755)
        for tries_left in reversed(range(_TRIES)):
            await self.program.spawn(program_path("icecast2"), "-c", str(config))
            try:
                await self.program.until(self._answers, f"icecast on port {self.port}")
            except PeerFailed:
                if self.program.alive or not tries_left:
                    raise
            else:
                return

    def address(self, mount: str = "live") -> str:
        return f"http://127.0.0.1:{self.port}/{mount}"

    def on_air(self, file: Path, seconds: float, mount: str = "live") -> Broadcast:
        """`file`, `seconds` long, again and again."""
        return Broadcast(self, file, seconds, mount)

    async def title(self, title: str, mount: str = "live") -> None:
        """What listeners are told from now on."""
        path = f"/admin/metadata?mount=/{mount}&mode=updinfo&charset=UTF-8&song={quote(title)}"
        answer = await self.ask("GET", path)
        if " 200 " not in answer:
            raise PeerFailed(f"icecast took no title: {answer}")

    async def ask(self, method: str, path: str) -> str:
        """The first line of the answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(_request(method, path, "Connection: close"))
            return (await reader.readline()).decode()
        finally:
            await _closed(writer)

    async def _answers(self) -> bool:
        """Again and again: it is not always the first request that kills it."""
        try:
            answers = [await self.ask("GET", "/nothing") for _ in range(_QUESTIONS)]
        except OSError:
            return False
        return all(" 404 " in answer for answer in answers)


class Broadcast:
    """A source. `async with` it, or `begin` and `stop` it as often as you like."""

    def __init__(self, radio: Icecast, file: Path, seconds: float, mount: str) -> None:
        self._radio = radio
        self._sound = file.read_bytes()
        self._pace = len(self._sound) / seconds
        self._mount = mount
        self._type = _TYPES[file.suffix[1:]]
        self._sending: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def begin(self) -> None:
        """On air when this returns."""
        # a source that has just gone holds its place for a moment: 403
        writer: asyncio.StreamWriter = await until(self._accepted, "icecast to want a source", 5)
        self._sending = asyncio.create_task(self._send(writer))

    async def _accepted(self) -> asyncio.StreamWriter | None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._radio.port)
        writer.write(_request("PUT", f"/{self._mount}", f"Content-Type: {self._type}"))
        if b" 200 " in await reader.readline():
            return writer
        await _closed(writer)
        return None

    async def stop(self) -> None:
        """The cable is pulled."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.wait([self._sending])
            self._sending = None

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        began, sent = loop.time() - 1.0, 0
        try:
            while True:
                due = round((loop.time() - began) * self._pace)
                while sent < due:
                    at = sent % len(self._sound)
                    piece = self._sound[at : at + due - sent]
                    writer.write(piece)
                    sent += len(piece)
                await writer.drain()
                await asyncio.sleep(_TICK)
        finally:
            await _closed(writer)


def _request(method: str, path: str, *headers: str) -> bytes:
    user = "source" if method == "PUT" else "admin"
    token = base64.b64encode(f"{user}:{_PASSWORD}".encode()).decode()
    lines = [f"{method} {path} HTTP/1.0", f"Authorization: Basic {token}", *headers, "", ""]
    return "\r\n".join(lines).encode()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
