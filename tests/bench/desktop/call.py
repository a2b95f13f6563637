"""Chromium in a call: two sessions of a web app talk by WebRTC over a relay (coturn), and one of
them is patched to a phone that writes down when each packet came.

First the page itself clicks, through Web Audio: from the word in the page to the phone. Then the
one at the far end clicks into his microphone: that is two Chromiums, their jitter buffers and the
relay.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.driving.leg import DesktopLeg
from bridge.connectors.desktop.protocol.requests import Click, Flow, Start
from bridge.connectors.desktop.sandbox.network import HOUSE
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.terms import State
from tests.bench.desktop.clicking_telephone import ClickingTelephone
from tests.bench.desktop.far_voice import FarVoice
from tests.bench.desktop.session import Session, opened
from tests.bench.desktop.sound import delays, heard, slipped
from tests.bench.desktop.taken import Taken, taken
from tests.bench.figure import Figure, Goal, Series
from tests.bench.listening_phone import ListeningPhone, called
from tests.bridge.connectors.desktop.flat import Flat, becomes
from tests.peers.programs import until
from tests.peers.speech import say

SECONDS, QUICK_SECONDS = 600.0, 20.0
COST_SECONDS, QUICK_COST_SECONDS = 60.0, 5.0
STARTS_WITHIN = 60.0
_LATE = 0.45  # of a click, which comes every half second
_SAID = "The boat left the harbour before sunrise, and nobody was there to see it."


async def measure(directory: Path, quick: bool) -> list[Figure]:
    async with _talking(directory) as bench:
        cost = await bench.cost(QUICK_COST_SECONDS if quick else COST_SECONDS)
        return [*await bench.listen(QUICK_SECONDS if quick else SECONDS), *_costs(cost)]


@asynccontextmanager
async def _talking(directory: Path) -> AsyncIterator[_Bench]:
    app = ClickingTelephone(directory / "app", {"ada": "lovelace", "ben": "franklin"})
    async with app, called(directory) as (mixer, phone_leg, phone):
        ada = Flat(directory / "ada", mixer, "web", address=app.page(HOUSE, "ada"))
        origin = f"http://{HOUSE}:{app.port}"
        needs = Needs(rate=mixer.rate, browser=True, origins=(origin,))
        async with ada.serving(), opened(directory / "ben", needs) as ben:
            await ben.link.ask(Start(address=app.page(HOUSE, "ben")), STARTS_WITHIN)
            await ada.is_ready(STARTS_WITHIN)
            for name in app.accounts:
                await until(lambda name=name: app.is_here(name), f"{name} to be there", 30)
            leg = await _connected(app, ada, ben)
            voice = FarVoice(ben.link.sound, mixer.rate)
            async with mixer.patch(leg.audio, phone_leg.audio):
                with voice.speaking():
                    yield _Bench(app, mixer, leg, phone_leg, phone, ben, voice)


async def _connected(app: ClickingTelephone, ada: Flat, ben: Session) -> DesktopLeg:
    await ben.link.ask(Click(element="button[data-contact='ada']"))
    leg = await ada.rings()
    await leg.ring()
    await leg.answer()
    await becomes(leg, State.ESTABLISHED, 20)
    await ben.link.ask(Flow(on=True))
    for name in app.accounts:
        await until(lambda name=name: (name, "connected", "") in app.said, "sound to flow", 20)
    return leg


@dataclass
class _Bench:
    app: ClickingTelephone
    mixer: ConferenceMixer
    leg: DesktopLeg
    phone_leg: Leg
    phone: ListeningPhone
    ben: Session
    voice: FarVoice

    async def cost(self, seconds: float) -> Taken:
        """Of each of the two sessions, while the one at the far end speaks."""
        since = len(self.phone.packets)
        self.voice.say(say(_SAID), seconds + 5)
        await until(lambda: heard(self.phone, since), "speech at the phone", 20)
        found = (await taken(seconds)).each(2)
        self.voice.hush()
        await asyncio.sleep(1)  # what is on its way
        return found

    async def listen(self, seconds: float) -> list[Figure]:
        before, since = self.leg.media_report(), len(self.phone.packets)
        self.app.clicks = "ada"
        await asyncio.sleep(seconds / 2)
        self.app.clicks = ""
        page = delays(self.app.at, heard(self.phone, since)[1:], _LATE)
        await asyncio.sleep(1)
        since = len(self.phone.packets)
        self.voice.clicks = True
        await asyncio.sleep(seconds / 2)
        self.voice.clicks = False
        far = delays(self.voice.at, heard(self.phone, since)[1:], _LATE)
        after = self.leg.media_report()
        underruns, overruns = (
            getattr(after, name) - getattr(before, name) for name in ("underruns", "overruns")
        )
        share = (len(page) + len(far)) / (seconds * 2)
        return [
            Figure(
                "Chromium in a call -> packet at the phone",
                "ms",
                Series(tuple(1000 * one for one in page)),
                Goal("median", 160),
                if_missed="Chromium's own output buffer is in it.",
            ),
            Figure(
                "microphone at the far end -> two Chromiums and a relay -> packet at the phone",
                "ms",
                Series(tuple(1000 * one for one in far)),
            ),
            *slipped(f"a call of Chromium's, {seconds:.0f} s", underruns, overruns, share),
        ]


def _costs(cost: Taken) -> list[Figure]:
    kind = "of a web app's session, talking"
    return [
        Figure(f"CPU {kind}", "% of a core", Series((cost.percent,))),
        Figure(
            f"PSS {kind}",
            "MiB",
            Series((cost.memory,)),
            notes=f"{cost.processes} processes; two such sessions share Chromium's pages",
        ),
    ]
