"""How well names that are said are understood, and how soon: many voices through G.711, and one
real call.

Offline, each utterance takes the way of a call: A-law, voice activity, the recognizer's process.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import webrtcvad

from bridge.audio.port import Heard, SpeechBegan, Utterance
from bridge.audio.speech.activity import FRAME, VoiceActivity
from bridge.audio.speech.confined import ConfinedRecognizer
from bridge.audio.speech.recognizer import Candidate, Option
from tests.bench.figure import Figure, Goal, Series
from tests.bench.utterances import ESPEAK, FLITE, NAMES, OUT_OF_LIST, Said, babble, noise, said
from tests.peers.speech import Sound

MENU = 14
_BABBLE_BELOW = 20.0  # dB
_QUICK = 3


async def measure(directory: Path, quick: bool) -> list[Figure]:
    names, others = (NAMES[:_QUICK], OUT_OF_LIST[:_QUICK]) if quick else (NAMES, OUT_OF_LIST)
    recognizer = ConfinedRecognizer("pocketsphinx", None, ("en",))
    recognizer.choose_within = 60.0  # what is slow is measured below
    try:
        bench = _Bench(recognizer)
        figures = []
        for label, below in (("", None), (", people talk 20 dB below", _BABBLE_BELOW)):
            bench.noisy = below is not None
            figures += await bench.accuracy(label, list(said(names, below)))
        figures += await bench.false_starts(list(said(others)), 20 if quick else 120)
        figures += bench.how_soon_it_begins()
        figures.append(bench.cost())
    finally:
        await recognizer.close()
    return [*figures, *await _on_the_phone(directory, names[: _QUICK if quick else 12])]


@dataclass
class _Bench:
    recognizer: ConfinedRecognizer
    began: list[float] = field(default_factory=list)
    """Milliseconds from the first sound of a word until it is heard that somebody speaks."""
    noisy: bool = False
    used: list[float] = field(default_factory=list)
    """Milliseconds of a processor for each answer."""

    async def accuracy(self, label: str, all_said: list[Said]) -> list[Figure]:
        chance = random.Random(label)
        ranks: dict[str, list[int]] = {"flite": [], "espeak-ng": []}
        for one in all_said:
            kind = "flite" if one.voice in FLITE else "espeak-ng"
            assert one.voice in (*FLITE, *ESPEAK)
            keys = [choice.key for choice in await self._chosen(one, chance, offered=True)]
            ranks[kind].append(keys.index(one.text) if one.text in keys else -1)
        return [
            figure
            for kind, places in ranks.items()
            for figure in (
                _share(f"{kind}{label}: right name first", [place == 0 for place in places]),
                _share(f"{kind}{label}: among the first two", [place >= 0 for place in places]),
            )
        ]

    async def false_starts(self, all_said: list[Said], seconds: int) -> list[Figure]:
        chance = random.Random("none of them")
        taken = [bool(await self._chosen(one, chance, offered=False)) for one in all_said]
        accepted = _share("said, but none of the 14: a name is proposed all the same", taken)
        nothing = {
            "silence": Sound.nothing(seconds),
            "noise at -40 dBFS": noise(seconds, -40),
            "people talk at -46 dBFS": babble(seconds, -46),
            "people talk at -36 dBFS": babble(seconds, -36),
        }
        figures = [accepted]
        for what, sound in nothing.items():
            utterances = [one for _, one in heard(sound) if isinstance(one, Utterance)]
            options = self._menu("", chance, offered=False)
            answers = [await self.recognizer.choose(one, options, "en") for one in utterances]
            count = float(sum(map(bool, answers)))
            name = f"{what}, {seconds} s: names proposed"
            figures.append(
                Figure(name, "", Series((count,)), notes=f"{len(utterances)} utterances")
            )
        return figures

    def how_soon_it_begins(self) -> list[Figure]:
        series = Series(tuple(self.began))
        return [Figure("a word begins -> barge-in", "ms", series, Goal("p95", 200))]

    def cost(self) -> Figure:
        return Figure("processor time of an answer", "ms", Series(tuple(self.used)))

    async def _chosen(
        self, one: Said, chance: random.Random, offered: bool
    ) -> tuple[Candidate, ...]:
        facts = list(heard(one.sound))
        first = next((at for at, fact in facts if isinstance(fact, SpeechBegan)), None)
        utterance = next((fact for _, fact in facts if isinstance(fact, Utterance)), None)
        if first is not None and offered and not self.noisy:
            self.began.append(1000 * (first - _onset(one.sound)))
        if utterance is None:
            return ()
        await self.recognizer.warm()
        child = psutil.Process(self.recognizer.child.pid)
        before = child.cpu_times()
        options = self._menu(one.text, chance, offered)
        choices = await self.recognizer.choose(utterance, options, "en")
        after = child.cpu_times()
        self.used.append(1000 * (after.user + after.system - before.user - before.system))
        return choices

    def _menu(self, text: str, chance: random.Random, offered: bool) -> list[Option]:
        others = chance.sample([name for name in NAMES if name != text], MENU - offered)
        names = [*others, text] if offered else others
        chance.shuffle(names)
        return [Option(name, (name,)) for name in names]


def heard(sound: Sound) -> Iterator[tuple[float, Heard]]:
    """What a call would hear, each with its second."""
    activity = VoiceActivity(webrtcvad.Vad(3), sound.rate)
    pcm, size = sound.pcm(), round(sound.rate * FRAME) * 2
    for at in range(0, len(pcm) - size + 1, size):
        now = (at + size) / 2 / sound.rate
        if fact := activity.hear(pcm[at : at + size], now):
            yield now, fact


def _onset(sound: Sound) -> float:
    """Seconds until the first sound that is as loud as speech: a tenth of the loudest."""
    loud = abs(sound.samples) > 0.1 * abs(sound.samples).max()
    return float(loud.argmax()) / sound.rate


def _share(name: str, hits: list[bool]) -> Figure:
    share = 100 * sum(hits) / max(1, len(hits))
    return Figure(name, "%", Series((share,)), notes=f"of {len(hits)}")


async def _on_the_phone(directory: Path, names: tuple[str, ...]) -> list[Figure]:
    """In a process of its own: pjsua2 allows one endpoint in each."""
    for at, one in enumerate(said(names)):
        one.sound.save(directory / f"{at:03}.wav")
    (directory / "names.json").write_text(json.dumps(names))
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.overheard", str(directory)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told, _ = await child.communicate()
    found = json.loads(told.splitlines()[-1])
    return [
        Figure(
            "a word ends -> it is understood, on the phone",
            "ms",
            Series(tuple(found["took"])),
            Goal("p95", 700),
            notes="500 ms of it are the pause that ends it",
        ),
        Figure(
            "CPU of overhearing a call",
            "% of a core",
            direct=Series((found["alone"],)),
            through=Series((found["overheard"],)),
            added=Series((found["overheard"] - found["alone"],)),
        ),
    ]
