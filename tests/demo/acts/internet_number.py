"""Ada calls the owner's internet number: once somebody is there, and once nobody is."""

import asyncio
import re
import shutil
from pathlib import Path

from bridge.audio.voice.voice_note import to_wav
from tests.demo.clock import Clock
from tests.demo.stage import RING_SECONDS, Proof, Stage
from tests.peers.programs import PeerFailed

MESSAGE_SECONDS, LONGEST_MESSAGE = 9.0, 180
_VOICE_NOTE = re.compile(r"\(voice message[^:]*:\d+: (?P<path>\S+)\)")


async def is_taken(stage: Stage) -> None:
    """The desk phone rings with her name, 1 is pressed, both talk."""
    house, ada, desk = stage.house, stage.ada, stage.desk
    await house.says("/start")
    clock = Clock("Ada calls, the desk phone is picked up")
    await ada.dial(stage.number.uri)
    clock.mark("caller", "dials")
    shown = await desk.happens("incoming")
    clock.mark("phone", f"rings: “{shown.display_name}”", shown.at)
    await house.sees("Call from Ada Lovelace")
    await asyncio.sleep(2)  # a person walks to the phone
    await desk.answer()
    picked = await desk.happens("established")
    await asyncio.sleep(2)  # and listens to the announcement before pressing
    await desk.press("1")
    pressed = clock.mark("phone", "presses 1")
    answered = await ada.happens("established")
    clock.mark("caller", "is answered", answered.at)
    await desk.hears(stage.ada_says)
    await ada.hears(stage.desk_says)
    await ada.hang_up()
    over = (await desk.happens("closed")).at
    clock.mark("caller", "hangs up", over)
    await house.sees("Answered on Desk")
    by_caller = stage.keep_heard(ada, "heard-by-caller.wav")
    by_phone = stage.keep_heard(desk, "heard-by-phone.wav")
    clock.span("caller", "ringing", clock.begun, answered.at)
    clock.span("caller", "talking", answered.at, over)
    clock.span("phone", "ringing", shown.at, picked.at)
    clock.span("phone", "asking", picked.at, pressed)
    clock.span("phone", "talking", pressed, over)
    clock.heard("caller", by_caller, answered.at)
    clock.heard("phone", by_phone, picked.at)
    stage.stories.append(clock.story(over))
    stage.proofs.append(Proof(by_phone.name, stage.ada_says, by_phone))
    stage.proofs.append(Proof(by_caller.name, stage.desk_says, by_caller))


async def is_not_taken(stage: Stage) -> None:
    """She hears the greeting and leaves a message, which arrives as a voice note."""
    house, ada, desk = stage.house, stage.ada, stage.desk
    await house.says("/start")
    clock = Clock("Ada calls again, nobody picks up: voicemail")
    await ada.dial(stage.number.uri)
    clock.mark("caller", "dials")
    shown = await desk.happens("incoming")
    clock.mark("phone", "rings", shown.at)
    answered = await ada.happens("established", RING_SECONDS + 10)
    clock.mark("caller", "hears the greeting", answered.at)
    silent = (await desk.happens("closed")).at
    clock.mark("phone", "stops ringing", silent)
    await house.sees("leaving a message")
    await asyncio.sleep(MESSAGE_SECONDS + 4)  # as long as Ada wants to talk
    await ada.hang_up()
    over = (await ada.happens("closed")).at
    clock.mark("caller", "hangs up", over)
    note = _keep_note(stage, await house.sees("voice message"))
    clock.span("caller", "ringing", clock.begun, answered.at)
    clock.span("caller", "voicemail", answered.at, over)
    clock.span("phone", "ringing", shown.at, silent)
    heard = ada.keep_heard(stage.scratch / "heard-in-voicemail.wav")
    clock.heard("caller", heard, answered.at)
    stage.stories.append(clock.story(over))
    decoded = stage.scratch / "voicemail.wav"
    decoded.write_bytes(await to_wav(note.read_bytes(), LONGEST_MESSAGE))
    stage.proofs.append(Proof(note.name, stage.ada_says, decoded))


def _keep_note(stage: Stage, chat: str) -> Path:
    found = _VOICE_NOTE.search(chat)
    if found is None:
        raise PeerFailed(f"no voice note in the chat:\n{chat}")
    return Path(shutil.copyfile(found["path"], stage.directory / "voicemail.ogg"))
