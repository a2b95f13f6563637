"""How soon long sound is heard on a phone, and what a listener costs: a call to a phone that writes
down when each packet came, and an hour of mp3.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.port import Playback, Source
from bridge.calls.ports.leg import Leg
from tests.bench.cost import proportional
from tests.bench.figure import Figure, Goal, Series
from tests.bench.listening_phone import ListeningPhone, called
from tests.peers.ladder import TONES, encoded, ladder

ROUNDS, QUICK_ROUNDS = 40, 5
SECONDS, QUICK_SECONDS = 60.0, 8.0
_HOUR = 45
"""So many times the ladder."""


async def measure(directory: Path, quick: bool) -> list[Figure]:
    hour = directory / "hour.mp3"
    hour.write_bytes(encoded(ladder(TONES), directory / "ladder.mp3").read_bytes() * _HOUR)
    async with called(directory) as (mixer, leg, phone):
        bench = _Bench(mixer, leg, phone, Source(str(hour)))
        delays = await bench.delays(QUICK_ROUNDS if quick else ROUNDS)
        costs = await bench.costs(QUICK_SECONDS if quick else SECONDS)
    return [*delays, *costs]


@dataclass
class _Bench:
    mixer: ConferenceMixer
    leg: Leg
    phone: ListeningPhone
    hour: Source

    async def delays(self, rounds: int) -> list[Figure]:
        """In ms, each from the word to the packet at the phone."""
        took: dict[str, list[float]] = {name: [] for name in ("cold", "warm", *_GOALS)}
        for _ in range(rounds):
            began = time.monotonic()
            async with self.mixer.playback(self.leg.audio) as playback:
                await playback.load(self.hour, at=1605.1)
                took["cold"].append(time.monotonic() - began)
                began = time.monotonic()
                await playback.load(self.hour, at=1605.1)
                took["warm"].append(time.monotonic() - began)
                await self._once(playback, took)
        names = {
            "cold": ("child started -> loaded", Goal("p95", 1000)),
            "warm": ("load -> could play", Goal("p95", 400)),
            **_GOALS,
        }
        return [
            Figure(name, "ms", Series(tuple(1000 * one for one in took[key])), goal)
            for key, (name, goal) in names.items()
        ]

    async def _once(self, playback: Playback, took: dict[str, list[float]]) -> None:
        """From a low tone to a high one and to silence."""
        hears = self.phone.hears
        took["play"].append(-time.monotonic())
        await playback.play()
        took["play"][-1] += await hears(lambda one: one.loud, -took["play"][-1])
        began = time.monotonic()
        await playback.seek(1640.1)
        took["seek"].append(await hears(lambda one: one.high, began) - began)
        began = time.monotonic()
        await playback.set_speed(1.5)
        await hears(lambda one: one.high, began)
        began = time.monotonic()
        await playback.pause()
        took["pause"].append(await hears(lambda one: not one.loud, began) - began)

    async def costs(self, seconds: float) -> list[Figure]:
        """What listening adds to a call that is up: beside each listener stands the call alone."""
        alone, used = list[float](), list[float]()
        underruns, memory = 0, 0.0
        for speed in (1.0, 1.5):
            alone.append(await self._spent(seconds))
            async with self.mixer.playback(self.leg.audio) as playback:
                assert isinstance(playback, DecodedPlayback)
                await playback.load(self.hour, at=600.0)
                await playback.set_speed(speed)
                await playback.play()
                await self.phone.hears(lambda one: one.loud, time.monotonic())
                used.append(await self._spent(seconds, playback.decoders.pid))
                underruns += playback.underruns
                memory = max(memory, proportional(playback.decoders.pid))
        added = tuple(with_it - without for with_it, without in zip(used, alone, strict=True))
        return [
            Figure(
                "CPU of a listener, decoder included",
                "% of a core",
                direct=Series(tuple(alone)),
                through=Series(tuple(used)),
                added=Series(added),
                goal=Goal("most", 3),
                notes="direct: the call with nothing to hear; then at 1.0 and 1.5 times the speed",
            ),
            Figure("underruns", "", Series((float(underruns),)), Goal("most", 0)),
            Figure("PSS of a decoder", "MiB", Series((memory,)), Goal("most", 60)),
        ]

    async def _spent(self, seconds: float, *children: int) -> float:
        """Percent of a core, of this process and `children`."""
        processes = [psutil.Process(pid) for pid in (psutil.Process().pid, *children)]
        began, before = time.monotonic(), _used(processes)
        await asyncio.sleep(seconds)
        return 100 * (_used(processes) - before) / (time.monotonic() - began)


_GOALS = {
    "play": ("play -> first sound at the phone", Goal("p95", 400)),
    "seek": ("seek -> its sound at the phone", Goal("p95", 500)),
    "pause": ("pause -> silence at the phone", Goal("p95", 300)),
}


def _used(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)
