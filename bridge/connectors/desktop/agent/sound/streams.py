"""Which programs play and record in the session, as PulseAudio tells; whoever lands elsewhere is
moved to where he belongs.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, Literal, Self

from pulsectl import PulseError, PulseEventInfo, PulseEventTypeEnum
from pulsectl_asyncio import PulseAsync

from bridge.connectors.desktop.agent.sound.late_microphone import LateMicrophone
from bridge.connectors.desktop.agent.sound.sound import SPEAKER
from bridge.connectors.desktop.agent.sound.sound_card import OURS, SOURCE
from bridge.connectors.desktop.protocol.messages import StreamGone, StreamSeen, Told

Kind = Literal["plays", "records"]


class Streams:
    """`async with` it, and from then on none is missed; `watch` tells them."""

    def __init__(self, server: str, tell: Callable[[Told], None]) -> None:
        self._pulse = PulseAsync(OURS, server=server)
        self._tell = tell
        self._known: dict[tuple[Kind, int], StreamSeen] = {}
        self._late: LateMicrophone | None = None

    async def __aenter__(self) -> Self:
        await self._pulse.connect()
        self._events: AsyncIterator[PulseEventInfo] = self._pulse.subscribe_events(
            "sink_input", "source_output"
        )
        self._next = asyncio.ensure_future(anext(self._events))
        await asyncio.sleep(0)  # it asks for the events; what is asked after it is answered later
        self._places = {
            "plays": (await self._pulse.get_sink_by_name(SPEAKER)).index,
            "records": (await self._pulse.get_source_by_name(SOURCE)).index,
        }
        return self

    async def __aexit__(self, *_: object) -> None:
        self._next.cancel()
        await asyncio.gather(self._next, return_exceptions=True)
        if self._late is not None:
            await self._late.close()
        self._pulse.disconnect()

    async def microphone_after(self, seconds: float) -> None:
        """So long after it was opened it gives its first samples; for the session's programs."""
        self._late = LateMicrophone(seconds, self._suspend)
        await self._late.close()

    async def watch(self) -> None:
        """Returns when PulseAudio is gone."""
        with suppress(PulseError, StopAsyncIteration):
            while True:
                event = await self._next
                self._next = asyncio.ensure_future(anext(self._events))
                await self._happened(event)

    async def _happened(self, event: PulseEventInfo) -> None:
        kind: Kind = "plays" if event.facility == "sink_input" else "records"
        if event.t == PulseEventTypeEnum.remove:
            if self._known.pop((kind, event.index), None):
                self._tell(StreamGone(stream=kind, index=event.index))
                await self._look_at_microphone()
            return
        asked = self._pulse.sink_input_info if kind == "plays" else self._pulse.source_output_info
        with suppress(PulseError):  # gone already
            row = await asked(event.index)
            await self._put_right(kind, row)
            self._look(kind, row)
            await self._look_at_microphone()

    def _look(self, kind: Kind, row: Any) -> None:
        """The session's own modules have no client; the agent is known by its process."""
        program = row.proplist.get("application.process.binary")
        if not program or row.proplist.get("application.process.id") == str(os.getpid()):
            return
        seen = StreamSeen(
            stream=kind,
            index=row.index,
            program=program[:200],
            name=(row.proplist.get("media.name") or "")[:200],
            corked=bool(row.corked),
        )
        if self._known.get((kind, row.index)) != seen:
            self._known[kind, row.index] = seen
            self._tell(seen)

    async def _look_at_microphone(self) -> None:
        if self._late is None:
            return
        if any(kind == "records" for kind, _ in self._known):
            self._late.open()
        else:
            await self._late.close()

    async def _suspend(self, on: bool) -> None:
        with suppress(PulseError):  # the session is ending
            await self._pulse.source_suspend(self._places["records"], on)

    async def _put_right(self, kind: Kind, row: Any) -> None:
        """A program may have remembered, or chosen, another device: the monitor of the speaker, or
        the other sink. The card's own module is where it is, and so is the agent.
        """
        if row.client in _NOBODY or row.proplist.get("application.name") == OURS:
            return
        with suppress(PulseError):  # it does not let itself be moved, and hurts only itself
            if kind == "plays" and row.sink != self._places[kind]:
                await self._pulse.sink_input_move(row.index, self._places[kind])
            elif kind == "records" and row.source != self._places[kind]:
                await self._pulse.source_output_move(row.index, self._places[kind])


_NOBODY = (None, 0xFFFFFFFF)  # PA_INVALID_INDEX
