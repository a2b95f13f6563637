"""A friend has no number, only a web app: it runs in a session of the house."""

import asyncio
import re
import shutil
from pathlib import Path

from bridge.connectors.desktop.sandbox.network import HOUSE
from tests.bridge.connectors.desktop.namespaces import why_left_out
from tests.demo.clock import Clock
from tests.demo.stage import Proof, Stage
from tests.peers.programs import PeerFailed
from tests.peers.speech import say
from tests.peers.web_telephone import WebTelephone
from tests.real.readiness import accounts_are_ready
from tests.real.web_friend import CLEAR, WebFriend
from tests.real.web_line import ME, PASSWORD, add_web_account

BEN = "Ben Franklin"
BEN_SAYS = "Hello, this is Ben. I am calling from a web page, and the phone on your desk rings."
_PICTURE = re.compile(r"\(picture: (?P<path>\S+)\)")


async def rings(stage: Stage) -> None:
    """It is set up in pictures; then Ben calls, the desk phone rings, both talk. The act is left
    out, with a sentence, where a machine has no namespaces for it.
    """
    if why := why_left_out():
        print(f"\nThe act of the web app is left out: {why}.\n")
        return
    says = say(BEN_SAYS, rate=16000)
    async with (
        WebTelephone(stage.scratch / "app", {ME: PASSWORD, BEN: "kite and key"}) as app,
        WebFriend(stage.scratch / "ben", app, BEN, says) as ben,
    ):
        told = stage.house.told_since()
        await add_web_account(stage.house, app.page(HOUSE))
        stage.pictures.append(_keep_picture(stage, told()))
        await accounts_are_ready(stage.house, 30)
        await _call(stage, ben)


async def _call(stage: Stage, ben: WebFriend) -> None:
    house, desk = stage.house, stage.desk
    desk.forget()
    await house.says("/start")
    clock = Clock("Ben calls on a web app, the desk phone is picked up")
    await ben.calls(ME)
    clock.mark("caller", "clicks “Call”")
    shown = await desk.happens("incoming", 30)
    clock.mark("phone", f"rings: “{shown.display_name}”", shown.at)
    await house.sees(f"Call from {BEN}")
    await asyncio.sleep(2)  # a person walks to the phone
    await desk.answer()
    picked = await desk.happens("established")
    await asyncio.sleep(2)  # and listens to the announcement before pressing
    await desk.press("1")
    pressed = clock.mark("phone", "presses 1")
    answered = await ben.is_answered()
    clock.mark("caller", "is answered", answered)
    await desk.hears(ben.says, enough=CLEAR)
    await ben.hears(stage.desk_says)
    await ben.hang_up()
    over = (await desk.happens("closed")).at
    clock.mark("caller", "hangs up", over)
    await house.sees("Answered on Desk")
    since_answer = ben.heard.after(answered - ben.listens_since)
    by_caller = since_answer.save(stage.directory / "web-app-heard-by-caller.wav")
    by_phone = stage.keep_heard(desk, "web-app-heard-by-phone.wav")
    clock.span("caller", "ringing", clock.begun, answered)
    clock.span("caller", "talking", answered, over)
    clock.span("phone", "ringing", shown.at, picked.at)
    clock.span("phone", "asking", picked.at, pressed)
    clock.span("phone", "talking", pressed, over)
    clock.heard("caller", by_caller, answered)
    clock.heard("phone", by_phone, picked.at)
    stage.stories.append(clock.story(over))
    stage.proofs.append(Proof(by_phone.name, ben.says, by_phone, CLEAR))
    stage.proofs.append(Proof(by_caller.name, stage.desk_says, by_caller, CLEAR))


def _keep_picture(stage: Stage, chat: str) -> Path:
    """The last one: on it name and password are typed in."""
    found = _PICTURE.findall(chat)
    if not found:
        raise PeerFailed(f"no picture of the web app in the chat:\n{chat}")
    return Path(shutil.copyfile(found[-1], stage.directory / "web-app-sign-in.png"))
