"""How much later and how much worse it sounds through us than in a direct call.

Two telephones (baresip) talk to each other, directly and through us in turn; whatever they and the
provider do to the sound is in both. Nothing is computed while they talk: it would disturb them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Resident, Stage
from tests.peers.baresip import Baresip
from tests.peers.delay import mouth_to_ear
from tests.peers.hearing import pesq_nb
from tests.peers.programs import PeerFailed
from tests.peers.speech import Sound, load, say

CODECS = ("PCMA", "G722")
SENTENCES = (
    (("en", "The boat left the harbour before sunrise."), ("de", "Der Zug fährt heute pünktlich.")),
    (("de", "Wir sehen uns am Samstag im Garten."), ("en", "Please bring the two blue chairs.")),
    (
        ("en", "She sells fresh bread at the corner."),
        ("en", "Nobody answered the door last night."),
    ),
)
"""What the caller and what the phone says, in each round."""
ROUNDS, QUICK_ROUNDS = 2, 1
_RINGS = 2.2
"""Seconds before the phone is picked up: whoever is quicker is taken for a machine, and asked."""
_CALLER = "4930555020"
_PAUSE = 0.4


@dataclass
class _Heard:
    """By way ("direct", "through"): delays in ms, and PESQ (MOS-LQO), of both directions."""

    delays: dict[str, list[float]] = field(default_factory=lambda: {"direct": [], "through": []})
    quality: dict[str, list[float]] = field(default_factory=lambda: {"direct": [], "through": []})


async def measure(directory: Path, quick: bool) -> list[Figure]:
    pairs = SENTENCES[:1] if quick else SENTENCES
    heard = {codec: _Heard() for codec in CODECS}
    async with Stage(directory) as stage:
        await stage.settle()
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
                for _ in range(QUICK_ROUNDS if quick else ROUNDS):
                    await call.hold("direct", resident.direct, heard[codec])
                    await call.hold("through", resident.account.user, heard[codec])
    return [figure for codec in CODECS for figure in _figures(codec, heard[codec])]


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
        heard.quality[way] += [
            _quality(self.caller_says, phone.heard()),
            _quality(self.phone_says, caller.heard()),
        ]


def _quality(spoken: Sound, recording: Path) -> float:
    """Of the sentence as it was said the second time: the first may begin before both ends of the
    call are there.
    """
    heard = load(recording)
    later = Sound(heard.samples[round(spoken.seconds / 2 * heard.rate) :], heard.rate)
    found = pesq_nb(spoken, later)
    if found is None:
        raise PeerFailed("no speech was heard")
    return found


def _figures(codec: str, heard: _Heard) -> list[Figure]:
    """Each call through us stands beside the direct call before it: same voices, same sentence."""
    direct, through = (Series(tuple(heard.delays[way])) for way in ("direct", "through"))
    before, after = (Series(tuple(heard.quality[way])) for way in ("direct", "through"))
    lost = Series(tuple(a - b for a, b in zip(before.values, after.values, strict=True)))
    return [
        Figure(
            f"mouth to ear, {codec}",
            "ms",
            direct=direct,
            through=through,
            added=Series(tuple(b - a for a, b in zip(direct.values, through.values, strict=True))),
            goal=Goal("median", 60),
            if_missed="One more jitter buffer and one more 20 ms clock lie in the way.",
        ),
        Figure(
            f"PESQ narrow band, {codec} (added: what is lost)",
            "MOS",
            direct=before,
            through=after,
            added=lost,
            goal=Goal("median", 0.1),
            if_missed="The sound is decoded, resampled to 16 kHz and encoded once more.",
        ),
    ]
