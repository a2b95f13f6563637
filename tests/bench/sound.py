"""How much later and how much worse it sounds through us than in a direct call.

Two telephones (baresip) talk to each other, directly and through us in turn; whatever they and the
provider do to the sound is in both. Nothing is computed while they talk: it would disturb them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import quality
from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Resident, Stage
from tests.peers.baresip import Baresip
from tests.peers.delay import mouth_to_ear
from tests.peers.speech import Sound, say

CODECS = ("PCMA", "G722")
SENTENCES = (
    (("en", "The boat left the harbour before sunrise."), ("de", "Der Zug fährt heute pünktlich.")),
    (("de", "Wir sehen uns am Samstag im Garten."), ("en", "Please bring the two blue chairs.")),
    (
        ("en", "She sells fresh bread at the corner."),
        ("en", "Nobody answered the door last night."),
    ),
    (("de", "Das Brot liegt noch auf dem Tisch."), ("de", "Bitte ruf mich morgen früh zurück.")),
)
"""What the caller and what the phone says."""
_RINGS = 2.2
"""Seconds before the phone is picked up: whoever is quicker is taken for a machine, and asked."""
_CALLER = "4930555020"
_PAUSE = 0.4
_WHY_LATE = "One more jitter buffer and one more 20 ms clock lie in the way."
_WHY_WORSE = {
    ("PCMA", "no"): "The sound is decoded and encoded once more.",
    ("PCMA", "yes"): "The sound is resampled to 16 kHz and back.",
    ("G722", "no"): "The sound is resampled to 8 kHz and back, and encoded once more.",
    ("G722", "yes"): "It is encoded once more: G.722 by itself loses as much each time.",
}


def _by_way() -> dict[str, list[float]]:
    return {"direct": [], "through": []}


@dataclass
class _Heard:
    """Delays in ms, and PESQ (MOS-LQO): of both directions, by way."""

    delays: dict[str, list[float]] = field(default_factory=_by_way)
    narrow: dict[str, list[float]] = field(default_factory=_by_way)
    wide: dict[str, list[float]] = field(default_factory=_by_way)


async def measure(directory: Path, quick: bool) -> list[Figure]:
    figures = []
    for wideband in ("no",) if quick else ("no", "yes"):
        async with Stage(directory / wideband, WIDEBAND=wideband) as stage:
            await stage.settle()
            heard = await _listen(stage, quick)
        figures += [one for codec in CODECS for one in _figures(codec, wideband, heard[codec])]
    return figures


async def _listen(stage: Stage, quick: bool) -> dict[str, _Heard]:
    pairs = SENTENCES[:1] if quick else SENTENCES
    heard = {codec: _Heard() for codec in CODECS}
    [resident] = stage.residents
    account = await stage.provider.add_user(_CALLER, "caller-secret")
    for number, (codec, pair) in enumerate((c, p) for p in pairs for c in CODECS):
        mine, yours = (_telephone_speech(language, text, codec) for language, text in pair)
        folder = stage.directory / f"pair-{number}"
        caller = Baresip(
            folder, "caller", account=account, speaks=mine, codecs=(codec,), pause=_PAUSE
        )
        phone = Baresip(
            folder,
            resident.phone_name,
            port=resident.phone_port,
            speaks=yours,
            codecs=(codec,),
            pause=_PAUSE,
        )
        async with caller, phone:
            await caller.registered()
            call = _Conversation(stage, resident, caller, phone, mine, yours)
            await call.hold("direct", resident.direct, heard[codec])
            await call.hold("through", resident.account.user, heard[codec])
    return heard


def _telephone_speech(language: str, text: str, codec: str) -> Sound:
    return say(text, language, rate=16000 if codec == "G722" else 8000)


@dataclass
class _Conversation:
    stage: Stage
    resident: Resident
    caller: Baresip
    phone: Baresip
    caller_says: Sound
    phone_says: Sound

    async def hold(self, way: str, number: str, heard: _Heard) -> None:
        """One call to `number`, long enough for each to hear the whole of the other's sentence."""
        caller, phone = self.caller, self.phone
        await caller.dial(f"sip:{number}@{self.stage.provider.address}")
        await phone.happens("incoming")
        await asyncio.sleep(_RINGS)
        await phone.answer()
        await phone.happens("established")
        await caller.happens("established")
        await asyncio.sleep(2 * (max(self.caller_says.seconds, self.phone_says.seconds) + _PAUSE))
        delays = await asyncio.gather(
            mouth_to_ear(caller, phone, self.caller_says),
            mouth_to_ear(phone, caller, self.phone_says),
        )
        heard.delays[way] += [1000 * delay for delay in delays]
        await caller.hang_up()
        await phone.happens("closed")
        await self.stage.quiet(self.resident)
        both = ((self.caller_says, phone.heard()), (self.phone_says, caller.heard()))
        heard.narrow[way] += [quality.narrow(*one) for one in both]
        if self.caller_says.rate == quality.WIDE:
            heard.wide[way] += [quality.wide(*one) for one in both]


def _figures(codec: str, wideband: str, heard: _Heard) -> list[Figure]:
    """Each call through us stands beside the direct call before it: same voices, same sentence."""
    where = codec if wideband == "no" else f"{codec}, WIDEBAND=yes"
    direct, through = (Series(tuple(heard.delays[way])) for way in ("direct", "through"))
    figures = [
        Figure(
            f"mouth to ear, {where}",
            "ms",
            direct=direct,
            through=through,
            added=_difference(through, direct),
            goal=Goal("median", 60),
            if_missed=_WHY_LATE,
        )
    ]
    bands = [("narrow band", heard.narrow, Goal("median", 0.1))]
    if heard.wide["direct"]:
        bands.append(("wide band", heard.wide, None))
    for band, found, goal in bands:
        direct, through = (Series(tuple(found[way])) for way in ("direct", "through"))
        figures.append(
            Figure(
                f"PESQ {band}, {where}; added: lost",
                "MOS",
                direct=direct,
                through=through,
                added=_difference(direct, through),
                goal=goal,
                if_missed=_WHY_WORSE[codec, wideband],
            )
        )
    return figures


def _difference(more: Series, less: Series) -> Series:
    return Series(tuple(a - b for a, b in zip(more.values, less.values, strict=True)))
