"""Phoning in: how soon the menu speaks, falls silent and understands, and what that costs.

The whole service, and baresip as the phone: from its key or its word to the sound in its ear. The
phone holds back one frame of 20 ms only, so its jitter buffer is hardly in the figures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from bridge.api.commands.preferences import ChangeSettings
from bridge.audio.speech.activity import BEGINS, PAUSE
from bridge.audio.speech.activity import FRAME as HEARD_FRAME
from bridge.calls.phone_in.main_menu import MAIN_MENU
from tests.bench.cost import Processes
from tests.bench.figure import Figure, Goal, Series
from tests.bench.tape import AUDIBLE, Tape, first_loud, goes_on, last_loud, wall
from tests.bench.utterances import said
from tests.peers.baresip import Baresip
from tests.peers.programs import PeerFailed, until
from tests.peers.speech import Sound
from tests.real.household import Household
from tests.real.phone_in_hall import ADAS_NAME, PIN, Hall, phone_in_hall

ROUNDS, QUICK_ROUNDS = 20, 2
_ASKED_FOR_PIN = "Please type your PIN, then hash."
_ASKED_FOR_NAME = "Type the beginning of a name, 2 for A, B, C. Then hash."
_SPEAKING = 0.3
"""Seconds for which the menu has been speaking when it is interrupted."""
_SILENT = 0.4
"""Seconds without sound after which it was interrupted: no pause of a prompt is as long."""
_SHORTLY = 0.08
_TAIL = 1.5
_ONE_FRAME = "1-10"


async def measure(directory: Path, quick: bool) -> list[Figure]:
    rounds = QUICK_ROUNDS if quick else ROUNDS
    async with (
        Household(directory, PRIVATE_HOSTS="127.0.0.1") as home,
        phone_in_hall(home) as hall,
        hall.caller(_ONE_FRAME) as phone,
    ):
        bench = _Bench(hall, phone)
        await bench.set_up()
        for _ in range(rounds):
            await bench.keys()
        await bench.names(rounds)
        await bench.interruptions(rounds)
        costs = await bench.costs(rounds)
    return [*bench.figures(), *costs]


@dataclass
class _Bench:
    """`took` holds milliseconds, by the name of a figure."""

    hall: Hall
    phone: Baresip
    took: dict[str, list[float]] = field(default_factory=dict)
    not_understood: int = 0

    async def set_up(self) -> None:
        """Every prompt has been spoken before: what is measured is not the voice's first time."""
        spoken = self.hall.home.spoken
        menu = [MAIN_MENU.title, *(entry.sentence for entry in MAIN_MENU.entries)]
        self.main_menu = await spoken(" ".join(one.within("en") for one in menu))
        self.asked_for_pin = await spoken(_ASKED_FOR_PIN)
        self.asked_for_name = await spoken(_ASKED_FOR_NAME)
        self.introduction = await self.hall.introduction()
        self.question = await self.hall.question()

    # --- keys ------------------------------------------------------------------------------------

    async def keys(self) -> None:
        """One call: the first word, a prompt for another, a prompt for silence, words again."""
        async with self._call(voice=False) as (ear, answered):
            begins = await ear.begins()
            word = await ear.hears(self.asked_for_pin, 0.0)
            self._keep("answered", begins + word - answered)
            await self.phone.press(f"{PIN}#")
            await ear.hears(self.main_menu, word)
            await ear.is_loud(_SPEAKING)
            await self._pressed(ear, "2", self.asked_for_name)
            await ear.is_loud(_SPEAKING)
            await self._pressed(ear, "0")
            await self._pressed(ear, "*", self.main_menu)

    async def _pressed(self, ear: Tape, key: str, then: Sound | None = None) -> None:
        """`then` is said after it, or nothing."""
        since, at = ear.seconds(), time.time()
        await self.phone.press(key)
        if then is None:
            await ear.is_quiet(_SILENT)
            effect = since + last_loud(ear.since(since))
        else:
            effect = await ear.hears(then, since)
        self._keep("next" if then else "silent", await ear.begins() + effect - at)

    # --- words -----------------------------------------------------------------------------------

    async def names(self, rounds: int) -> None:
        """One call: the name is said when the menu has ended, and the question is denied."""
        voices = cycle(said((ADAS_NAME,)))
        async with self._call(voice=True) as (ear, _):
            await self.phone.press(f"{PIN}#1")
            since = 0.0
            for _ in range(rounds):
                word = await ear.hears(self.introduction, since, 20)
                await ear.reaches(word + self.introduction.seconds)
                since = ear.seconds()
                await self._name(ear, next(voices).sound)

    async def _name(self, ear: Tape, name: Sound) -> None:
        mouth = Tape(self.phone.spoken(), "mouth")
        since, at = ear.seconds(), mouth.seconds()
        await self.phone.says(name)
        try:
            asked = await ear.hears(self.question, since, 7)
        except PeerFailed:
            self.not_understood += 1
            return await self.phone.press("0")  # the menu from its beginning
        ended = at + last_loud(mouth.since(at), AUDIBLE)
        took = await ear.begins() + asked - await mouth.begins() - ended
        self._keep("understood", took)
        await self.phone.press("2")

    async def interruptions(self, rounds: int) -> None:
        """One call: somebody speaks into the menu, and is told it anew."""
        voices = cycle(said((ADAS_NAME,)))
        async with self._call(voice=True, barge_in=True) as (ear, _):
            await self.phone.press(f"{PIN}#")
            since = 0.0
            while len(self.took.get("interrupted", ())) < rounds:
                first = await ear.hears(self.main_menu, since, 20)
                since = ear.seconds()
                await self._interrupted(ear, first, next(voices).sound)

    async def _interrupted(self, ear: Tape, first: float, word: Sound) -> None:
        """Counts where the prompt, whose first word is at `first`, was not in a pause anyway."""
        mouth = Tape(self.phone.spoken(), "mouth")
        at = mouth.seconds()
        await self.phone.says(word)
        await mouth.is_loud(_SHORTLY)
        since = ear.seconds()
        await ear.is_quiet(_SILENT)
        silent = since + last_loud(ear.since(since))
        await mouth.is_quiet(_SHORTLY)
        await self.phone.press("*")
        began = at + first_loud(mouth.since(at), AUDIBLE)
        if goes_on(self.main_menu, silent - first):
            took = await ear.begins() + silent - await mouth.begins() - began
            self._keep("interrupted", took)

    # --- what it costs ---------------------------------------------------------------------------

    async def costs(self, rounds: int) -> list[Figure]:
        """Of all processes of the service, while the whole main menu is heard."""
        spent: dict[str, list[float]] = {"idle": [], "heard": [], "listening": []}
        processes = Processes(self.hall.home.service.pid)
        for _ in range(max(1, rounds // 4)):
            spent["idle"].append(await self._percent(processes))
            for name, listens in (("heard", False), ("listening", True)):
                async with self._call(voice=listens, barge_in=listens) as (ear, _):
                    await self.phone.press(f"{PIN}#")
                    await ear.hears(self.main_menu, 0.0)
                    spent[name].append(await self._percent(processes))
        idle, heard, listening = (Series(tuple(one)) for one in spent.values())
        return [
            Figure(
                "CPU of a phone-in call, its menu being heard",
                "% of a core",
                direct=idle,
                through=heard,
                added=_difference(heard, idle),
                notes="direct: no call",
            ),
            Figure(
                "CPU of a phone-in call that is listened to",
                "% of a core",
                direct=heard,
                through=listening,
                added=_difference(listening, heard),
                notes="direct: without listening; what is said costs more (see speech)",
            ),
        ]

    async def _percent(self, processes: Processes) -> float:
        """Percent of a core, until nearly the end of the menu that has just begun."""
        before = processes.spent()
        await asyncio.sleep(self.main_menu.seconds - _TAIL)
        return before.percent_until(processes.spent())

    # --- all of them -----------------------------------------------------------------------------

    @asynccontextmanager
    async def _call(
        self, *, voice: bool, barge_in: bool = False
    ) -> AsyncIterator[tuple[Tape, float]]:
        """What the phone hears, and when it was answered."""
        home, phone = self.hall.home, self.phone
        change = ChangeSettings(user=home.owner, patch={"voice": voice, "barge_in": barge_in})
        await home.front_desk.ask(change)
        before = len(phone.recordings())
        await phone.dial(self.hall.number.uri)
        answered = await phone.happens("established")
        await until(lambda: len(phone.recordings()) > before, "sound")
        yield Tape(phone.heard(), "ear"), wall(answered.at)
        await phone.hang_up()
        await home.is_quiet()

    def _keep(self, name: str, seconds: float) -> None:
        self.took.setdefault(name, []).append(1000 * seconds)

    def figures(self) -> list[Figure]:
        took = {name: Series(tuple(values)) for name, values in self.took.items()}
        decides, pause = round(1000 * BEGINS * HEARD_FRAME), round(1000 * PAUSE)
        return [
            Figure("phone-in answered -> first word", "ms", took["answered"], Goal("p95", 300)),
            Figure("key -> next prompt's first word", "ms", took["next"], Goal("p95", 200)),
            Figure("key -> the prompt is silent", "ms", took["silent"], Goal("p95", 200)),
            Figure(
                "name said -> first word of the question",
                "ms",
                took["understood"],
                Goal("p95", 700),
                notes=f"{pause} ms of it are the pause that ends it; "
                f"not understood: {self.not_understood}",
            ),
            Figure(
                "somebody speaks -> the prompt is silent",
                "ms",
                took["interrupted"],
                Goal("p95", 200),
                added=took["interrupted"].minus(decides),
                notes=f"added: without the {decides} ms of speech by which it is told from a noise",
            ),
        ]


def _difference(more: Series, less: Series) -> Series:
    return Series(tuple(a - b for a, b in zip(more.values, less.values, strict=True)))
