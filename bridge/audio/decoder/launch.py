"""The worker's side of a decoder: its process, and what it says."""

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

from bridge.audio.decoder import wire
from bridge.children.launch import Child

log = logging.getLogger(__name__)

Hear = Callable[[wire.Message | None], None]


class Decoder:
    """A process that decodes, from now on until `end`; it may be told something at once. `hear`
    gets what it says, in order, and None when it is gone by itself; while reading is paused, it
    waits. `rate` is in samples a second.
    """

    def __init__(self, rate: int, hear: Hear) -> None:
        self._hear = hear
        self._reading = self._over = self._spent = False
        self._child = Child(__package__, str(rate), kind=socket.SOCK_SEQPACKET)
        self._end = self._child.socket
        self._end.setblocking(False)
        self.resume_reading()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def free(self) -> bool:
        """It can load something: a decoder that has begun to play a station can do nothing else."""
        return not self._over and not self._spent

    def tell(self, message: wire.Message) -> bool:
        """Whether somebody is there to hear it."""
        self._spent = self._spent or (isinstance(message, wire.Load) and message.live)
        self.resume_reading()
        with suppress(OSError):  # it is going; that will be heard
            self._end.send(wire.pack(message))
        return not self._over

    def pause_reading(self) -> None:
        if self._reading:
            self._reading = False
            asyncio.get_running_loop().remove_reader(self._end)

    def resume_reading(self) -> None:
        if not self._reading and not self._over:
            self._reading = True
            asyncio.get_running_loop().add_reader(self._end, self._read)

    async def end(self) -> None:
        """Returns when nothing is left of it."""
        self._part()
        await self._child.end()

    def _read(self) -> None:
        try:
            datagram = self._end.recv(wire.LARGEST)
            message = wire.unpack(datagram) if datagram else None
        except BlockingIOError:
            return
        except (OSError, ValueError) as why:
            log.warning("a decoder is given up: %s", why)
            message = None
        if message is None:
            self._part()
        self._hear(message)

    def _part(self) -> None:
        self.pause_reading()
        self._over = True
        self._end.close()
