"""Who is joined to whom at pjmedia's conference bridge: samples stay in C from socket to socket.

A call's place there changes whenever its media is negotiated anew (hold, a re-INVITE), so what is
joined is remembered here between `Slot`s, and put back whenever a slot's medium changes.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pjsua2 as pj

from bridge.audio.pjmedia.endpoint import clock_rate
from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.pcm import PORTS, PcmPort
from bridge.audio.port import AudioPort

log = logging.getLogger(__name__)


class Slot(AudioPort):
    """A place at the conference bridge; `medium` is the pj.AudioMedia there, None while there is
    none.

    With `wants_silence` the slot is fed silence whenever nothing else feeds it, so that RTP keeps
    flowing: without it NAT doors close and providers and phones take the call for dead.
    """

    def __init__(self, bay: "PatchBay", wants_silence: bool = False) -> None:
        self.bay = bay
        self.medium: Any = None
        self.wants_silence = wants_silence

    def changed(self, medium: Any) -> None:
        """On the pjsua2 thread: the leg's medium was negotiated (again), or is gone."""
        self.medium = medium
        if medium is not None:
            self.bay.rewire(self)


class PatchBay:
    """There is one in a process. All but `listening` is for the pjsua2 thread."""

    def __init__(self, engine: PjsuaEngine) -> None:
        self.engine = engine
        self.rate = clock_rate(engine.settings.wideband)
        self._links: set[tuple[Slot, Slot]] = set()

    @asynccontextmanager
    async def listening(self, slot: Slot, sink: Callable[[bytes], None]) -> AsyncIterator[None]:
        """`sink` gets every frame that comes out of `slot`, on the thread of the clock."""
        ear = Slot(self)

        def listen() -> None:
            self.lend(ear, None, sink)
            self.join((slot, ear))

        try:  # even if we are cancelled while it is being done
            await self.engine.do(listen)
            yield
        finally:
            self.engine.post(lambda: self.remove(ear))

    def lend(
        self,
        slot: Slot,
        source: Callable[[], bytes] | None,
        sink: Callable[[bytes], None] | None = None,
    ) -> None:
        """Give `slot` a port for sound in Python (see PcmPort)."""
        self.occupy(slot, PORTS.borrow(source, self.rate, sink))

    def occupy(self, slot: Slot, medium: Any) -> None:
        """Give `slot` a medium of ours, until it is removed."""
        self.engine.lent.add(slot)
        slot.changed(medium)

    def remove(self, slot: Slot) -> None:
        """Part a slot with a medium of ours from all others, and let go of the medium here: its
        destructor calls into pjsua2, and a port is going to be lent to somebody else.
        """
        self.part(*[link for link in self._links if slot in link])
        medium, slot.medium = slot.medium, None
        if slot.wants_silence and medium is not None:
            with suppress(pj.Error):
                self.engine.silence.stopTransmit(medium)
        self.engine.lent.discard(slot)
        if isinstance(medium, PcmPort):
            PORTS.give_back(medium)

    def join(self, *links: tuple[Slot, Slot]) -> None:
        self._links.update(links)
        for source, sink in links:
            _transmit(source, sink)
            self._feed_silence(sink)

    def part(self, *links: tuple[Slot, Slot]) -> None:
        for source, sink in links:
            self._links.discard((source, sink))
            if source.medium is not None and sink.medium is not None:
                with suppress(pj.Error):  # one of the two ended meanwhile
                    source.medium.stopTransmit(sink.medium)
            self._feed_silence(sink)

    def rewire(self, slot: Slot) -> None:
        """Its medium is another one."""
        for link in self._links:
            if slot in link:
                _transmit(*link)
        self._feed_silence(slot)

    def _feed_silence(self, sink: Slot) -> None:
        if not sink.wants_silence or sink.medium is None:
            return
        fed = any(to is sink and source.medium is not None for source, to in self._links)
        with suppress(pj.Error):
            if fed:
                self.engine.silence.stopTransmit(sink.medium)
            else:
                self.engine.silence.startTransmit(sink.medium)


def _transmit(source: Slot, sink: Slot) -> None:
    if source.medium is not None and sink.medium is not None:
        try:
            source.medium.startTransmit(sink.medium)
        except pj.Error as why:  # the far end went while we were joining
            log.debug("not joined: %s", why.reason)
