"""The worker's side of a decoder: its process, what it says, and what it is given: files, and
connections to stations.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bridge.audio.decoder import wire
from bridge.children.kinds import DECODER, ChildKind
from bridge.children.launch import Child
from bridge.errors import HouseError
from bridge.guard import dial

log = logging.getLogger(__name__)

Hear = Callable[[wire.Message | None], None]

DIAL_WITHIN = 5.0
"""Seconds until a station's host is connected."""
_RENEWED_EVERY = 5.0
"""Seconds: less often than every piece of sound."""


class Decoder:
    """A process that decodes, from now on until `end`; it may be told something at once. `hear`
    gets what it says, in order, and None when it is gone by itself; while reading is paused, it
    waits. `rate` is in samples a second; `private_hosts` are those of stations that may have a
    private address.
    """

    def __init__(
        self,
        rate: int,
        hear: Hear,
        private_hosts: tuple[str, ...] = (),
        kind: ChildKind = DECODER,
    ) -> None:
        self._hear = hear
        self._private_hosts = private_hosts
        self._reading = self._over = self._spent = False
        self._dialling: asyncio.Task[None] | None = None
        self._renewed = 0.0
        self._child = Child(kind, str(rate), of=socket.SOCK_SEQPACKET)
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
        with _file_of(message) as files, suppress(OSError):  # it is going; that will be heard
            socket.send_fds(self._end, [wire.pack(message)], files)
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
        if self._dialling is not None:
            await asyncio.wait([self._dialling])
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
        match message:
            case wire.ReachStation() if self._dialling is None:
                self._dialling = asyncio.create_task(self._dial(message))
                return
            case wire.ReachStation() | None:  # an honest one waits for what it has asked
                message = None
                self._part()
            case wire.Sound():
                self._renew_time()
        self._hear(message)

    async def _dial(self, asked: wire.ReachStation) -> None:
        with ExitStack() as opened:
            answer, lines = wire.StationReached(asked.tag), list[int]()
            try:
                async with asyncio.timeout(DIAL_WITHIN):
                    line = await dial(asked.host, asked.port, self._private_hosts)
                lines.append(opened.enter_context(line).fileno())
            except HouseError as why:
                answer = wire.StationReached(asked.tag, why.code)
            except (OSError, ValueError, OverflowError):  # ValueError: a name that is none
                answer = wire.StationReached(asked.tag, "stream_down")
            self._dialling = None
            with suppress(OSError):  # it is going
                socket.send_fds(self._end, [wire.pack(answer)], lines)

    def _renew_time(self) -> None:
        """Something came of what it has spent."""
        if (now := asyncio.get_running_loop().time()) >= self._renewed + _RENEWED_EVERY:
            self._renewed = now
            self._child.renew_time()

    def _part(self) -> None:
        self.pause_reading()
        self._over = True
        if self._dialling is not None:
            self._dialling.cancel()
        self._end.close()


@contextmanager
def _file_of(message: wire.Message) -> Iterator[list[int]]:
    """The descriptor that goes along; none when it is not to be opened, which is then told."""
    with suppress(OSError):
        if isinstance(message, wire.Load) and not message.live:
            with Path(message.where).open("rb") as file:
                yield [file.fileno()]
            return
    yield []
