"""The owner is on the road: he rings the house from any phone, and it connects him."""

import asyncio
import re

from tests.demo.clock import Clock
from tests.demo.stage import Proof, Stage
from tests.peers.baresip import Baresip
from tests.peers.kamailio import Account
from tests.peers.programs import PeerFailed
from tests.peers.speech import Sound, say, speech_loop
from tests.real.phone_in_hall import (
    ADA_ANSWERS,
    ADAS_NAME,
    INTRODUCTION,
    PIN,
    QUESTION,
    ada_at_home,
)
from tests.real.prompts import spoken
from tests.real.readiness import accounts_are_ready

HOUSE, ANY_PHONE = "4930555011", "4930555040"
OWNER_SAYS = "Hello Ada, this is me, calling from a telephone box. You were easy to find."


async def reaches_ada(stage: Stage) -> None:
    """A number of the house is set up for it by chat; then he says her name, presses 1, talks."""
    provider = stage.provider
    number = await provider.add_user(HOUSE, "demo-three")
    somewhere = await provider.add_user(ANY_PHONE, "demo-four")
    async with (
        ada_at_home(provider, stage.scratch) as ada,
        Baresip(stage.scratch, "any-phone", account=somewhere) as phone,
    ):
        await phone.registered()
        await _set_up(stage, number, ada)
        await _call(stage, number, phone, ada)


async def _set_up(stage: Stage, number: Account, ada: Baresip) -> None:
    house = stage.house
    await house.add_account(number)
    await accounts_are_ready(house)
    await house.says("/phonein")
    shown = await house.sees("Set a PIN")
    await house.presses(_use(number, shown))
    await house.sees("Yes, use it for that")
    await house.presses("Yes, use it for that")
    await house.sees("Set a PIN")
    await house.presses("Set a PIN")
    await house.sees("Please type a PIN")
    await house.says(PIN)
    await house.sees("The PIN is set")
    await house.says("/contacts")
    await house.sees("Add a contact")
    await house.presses("Add a contact")
    await house.sees("name of the person")
    await house.says(ADAS_NAME)
    await house.sees("address")
    await house.says(ada.uri)
    await house.sees("Speed dial: 1")


def _use(number: Account, chat: str) -> str:
    """The button."""
    found = re.search(rf"Use {number.user}\S* for phoning in", chat)
    if found is None:
        raise PeerFailed(f"no button for {number.user} in the chat:\n{chat}")
    return found[0]


async def _call(stage: Stage, number: Account, phone: Baresip, ada: Baresip) -> None:
    owner_says, ada_says = say(OWNER_SAYS, speed=150), say(ADA_ANSWERS)
    clock = Clock("The owner phones in and says “Ada Lovelace”: he is connected")
    await phone.dial(number.uri)
    clock.mark("caller", "dials")
    answered = await phone.happens("established")
    await asyncio.sleep(1)  # a person listens, then types
    await phone.press(f"{PIN}#1")
    clock.mark("caller", "types PIN, 1")
    await phone.hears(await spoken(stage.house, INTRODUCTION.format(key=1)), 20)
    clock.mark("caller", f"says “{ADAS_NAME}”")
    await phone.says(say(ADAS_NAME))
    await phone.hears(await spoken(stage.house, QUESTION), 20)
    await phone.press("1")
    confirmed = clock.mark("caller", "presses 1")
    shown = await ada.happens("incoming")
    clock.mark("phone", "rings", shown.at)
    await asyncio.sleep(2)  # she walks to the phone
    await ada.answer()
    picked = await ada.happens("established")
    clock.mark("phone", "is picked up", picked.at)
    listens = Sound.nothing(ada_says.seconds)  # to her first
    await phone.says(listens.then(speech_loop(owner_says, 0.5, 30, listens.rate)))
    await phone.hears(ada_says)
    await ada.hears(owner_says)
    await phone.hang_up()
    over = (await ada.happens("closed")).at
    clock.mark("caller", "hangs up", over)
    by_caller = stage.keep_heard(phone, "phone-in-heard-by-caller.wav")
    by_phone = stage.keep_heard(ada, "phone-in-heard-by-phone.wav")
    clock.span("caller", "asking", answered.at, confirmed)
    clock.span("caller", "ringing", confirmed, picked.at)
    clock.span("caller", "talking", picked.at, over)
    clock.span("phone", "ringing", shown.at, picked.at)
    clock.span("phone", "talking", picked.at, over)
    clock.heard("caller", by_caller, answered.at)
    clock.heard("phone", by_phone, picked.at)
    stage.stories.append(clock.story(over))
    stage.proofs.append(Proof(by_phone.name, owner_says, by_phone))
    stage.proofs.append(Proof(by_caller.name, ada_says, by_caller))
