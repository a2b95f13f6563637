"""How late a desktop session's sound is at the phone, and how even it is.

A program in a session clicks, with a buffer of 20 ms; the clicks pass PulseAudio, the agent's
sound, and the worker's engine, to a phone that writes down when each packet came. Counted from the
moment at which the program hands its samples over; the phone's own jitter buffer is not in it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.protocol.requests import Start
from bridge.connectors.desktop.sandbox.walls import Needs
from tests.bench.desktop import clicker
from tests.bench.desktop.session import Session, opened
from tests.bench.figure import Figure, Goal, Series
from tests.bench.listening_phone import ListeningPhone, called
from tests.peers.programs import until

ROUNDS, QUICK_ROUNDS = 20, 3
CLICKS = 5
SECONDS, QUICK_SECONDS = 600.0, 10.0
"""Of the call in which gaps are counted."""

_CLICKER = Path(clicker.__file__)
_LATE = 0.35  # of a click: more than that, and it is taken for the next one


async def measure(directory: Path, quick: bool) -> list[Figure]:
    async with called(directory) as (mixer, leg, phone):
        needs = Needs(rate=mixer.rate)
        async with opened(directory, needs, _CLICKER) as session:
            bench = _Bench(mixer, leg, phone, session)
            found = [await bench.clicks_heard() for _ in range(QUICK_ROUNDS if quick else ROUNDS)]
            slips = await bench.slips(QUICK_SECONDS if quick else SECONDS)
    return [
        Figure(
            "program in a session -> packet at the phone",
            "ms",
            Series(tuple(1000 * one for delays in found for one in delays)),
            Goal("median", 100),
            if_missed="The program's own buffer of 20 ms is in it.",
            notes=f"the program and the stream are started anew after {CLICKS} clicks each",
        ),
        *slips,
    ]


@dataclass
class _Bench:
    mixer: ConferenceMixer
    leg: Leg
    phone: ListeningPhone
    session: Session

    async def clicks_heard(self) -> list[float]:
        """Their delays, in seconds."""
        since = len(self.phone.packets)
        async with self.session.joined(self.mixer, self.leg):
            await self._start()
            await until(lambda: len(heard(self.phone, since)) > CLICKS, "clicks at the phone")
        at = heard(self.phone, since)[1 : CLICKS + 1]  # with the first one things still begin
        return delays(self._said(), at, _LATE)

    async def _start(self) -> None:
        """The one before ends."""
        (self.session.folder.home / "clicks").unlink(missing_ok=True)
        argv = (sys.executable, str(_CLICKER), str(self.mixer.rate), "/home/user/clicks")
        root = str(_CLICKER.parents[3])
        await self.session.link.ask(Start(argv=argv, environment={"PYTHONPATH": root}))

    def _said(self) -> list[float]:
        said = (self.session.folder.home / "clicks").read_text()
        return [float(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]

    async def slips(self, seconds: float) -> list[Figure]:
        """Of one long call."""
        async with self.session.joined(self.mixer, self.leg) as port:
            since = len(self.phone.packets)
            await self._start()
            await until(lambda: heard(self.phone, since), "the first click")
            self.session.slipped.clear()
            underruns, overruns = port.underruns, port.overruns
            since = len(self.phone.packets)
            await asyncio.sleep(seconds)
            underruns = port.underruns - underruns + self.session.underruns
            overruns = port.overruns - overruns + self.session.overruns
            clicks = len(heard(self.phone, since))
        share = clicks / (seconds / (clicker.CHUNK * clicker.EVERY))
        return slipped(f"a call of {seconds:.0f} s", underruns, overruns, share)


def heard(phone: ListeningPhone, since: int) -> list[float]:
    """When clicks came, of the packets from `since` on: each may be in two, 20 ms apart."""
    loud = [0.0, *(packet.at for packet in phone.packets[since:] if packet.loud)]
    return [at for before, at in pairwise(loud) if at - before > 0.1]


def delays(said: Sequence[float], heard: Iterable[float], late: float) -> list[float]:
    """From each click that was heard back to when it was said, not more than `late` before; what
    nobody said is none.
    """
    since = (min((at - when for when in said if at > when), default=late) for at in heard)
    return [one for one in since if one < late]


def slipped(where: str, underruns: int, overruns: int, share: float) -> list[Figure]:
    """`share`: of the clicks that were to be heard."""
    return [
        Figure(
            f"{name} in {where}",
            "frames",
            Series((float(count),)),
            Goal("most", 0),
            if_missed="A thread came more than 20 ms late: was the machine busy otherwise?",
            notes=f"counted in the worker and in the session, both directions; of the clicks "
            f"{100 * share:.1f} % were heard"
            if name == "underruns"
            else "",
        )
        for name, count in (("underruns", underruns), ("overruns", overruns))
    ]
