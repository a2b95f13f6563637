"""Xvfb: a screen in memory, which only who has its cookie reaches."""

import os
import secrets
import socket
import struct
from pathlib import Path
from typing import Self

from bridge.connectors.desktop.agent.child import SessionChild

SIZE = (1280, 800)
_SOCKETS = Path("/tmp/.X11-unix")
_TRIED = 5
_LOCAL, _WILD = 256, 65535
"""Families of an Xauthority entry (Xau(3))."""


class XServer:
    """`async with XServer(run) as server:`; OSError when X does not start."""

    def __init__(self, run: Path) -> None:
        self._authority = run / "xauthority"
        self.display = ""

    @property
    def environment(self) -> dict[str, str]:
        return {"DISPLAY": self.display, "XAUTHORITY": str(self._authority)}

    async def __aenter__(self) -> Self:
        cookie = secrets.token_bytes(16)
        self._authority.touch(mode=0o600)
        for number in range(*_numbers()):
            self._files = (_SOCKETS / f"X{number}", Path(f"/tmp/.X{number}-lock"))
            if self._taken():
                continue
            self._authority.write_bytes(_entries(str(number), cookie))
            self.display = f":{number}"
            self._child = await SessionChild.start(
                "Xvfb",
                *(self.display, "-auth", str(self._authority), "-noreset"),
                *("-nolisten", "tcp", "-nolisten", "local"),
                *("-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24"),
            )
            try:
                await self._child.made(self._files[0])
                return self
            except OSError:
                continue
            except BaseException:
                await self._child.end()
                raise
        raise OSError("X did not start")

    async def __aexit__(self, *_: object) -> None:
        await self._child.end()
        for file in self._files:  # one that was killed leaves them
            file.unlink(missing_ok=True)

    def _taken(self) -> bool:
        return any(file.exists() for file in self._files)

    async def lost(self) -> None:
        """Returns when it has died."""
        await self._child.ended()


def _numbers() -> tuple[int, int]:
    """Displays that are tried. Behind walls all are free; else every agent begins with another, for
    an X server that listens to no abstract socket takes a number from one that was there before.
    """
    begin = 100 + os.getpid() % 20_000
    return begin, begin + _TRIED


def _entries(number: str, cookie: bytes) -> bytes:
    """An Xauthority file for this display, by the machine's name and for any name."""
    file = b""
    for family, name in ((_LOCAL, socket.gethostname().encode()), (_WILD, b"")):
        file += struct.pack(">H", family)
        for field in (name, number.encode(), b"MIT-MAGIC-COOKIE-1", cookie):
            file += struct.pack(">H", len(field)) + field
    return file
