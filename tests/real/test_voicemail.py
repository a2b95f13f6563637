"""Nobody accepts: the caller speaks to the voicemail, and the chat gets a voice note."""

import pytest

from bridge.audio.voice.voice_note import to_wav
from bridge.terms import Cause, EndedBy
from tests.peers.hearing import heard_sentence
from tests.peers.speech import say
from tests.real.household import Household, picks_up

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_message_is_heard_in_the_chat(home: Household) -> None:
    greeting = say("You have reached the family. Tell us what we can do for you.", rate=16000)
    await home.greets_with(greeting)
    async with home.friend(talks=30) as ada:
        await ada.dial(home.number.uri)
        await ada.happens("established", timeout=20)
        await ada.hears(greeting, pesq_at_least=3.0)
        await home.service.sees("leaving a message")
        await home.is_recording(seconds=home.ada_says.seconds + 6)
        await ada.hang_up()
    await home.service.sees("Message from Ada Lovelace")
    call = await home.record()
    assert call.voicemail is not None
    assert call.answered is None
    assert (call.cause, call.ended_by) == (Cause.NO_ANSWER.word, EndedBy.CALLER)
    note = home.directory / "note.wav"
    note.write_bytes(await to_wav(await home.voice_note(call.voicemail), 60))
    assert heard_sentence(home.ada_says, note, pesq_at_least=3.0)


async def test_two_sends_the_caller_there(home: Household) -> None:
    await home.rings("Desk")
    async with home.friend(talks=30) as ada:
        await ada.dial(home.number.uri)
        await picks_up(home.desk)
        await home.desk.press("2")
        await ada.happens("established")
        await home.desk.happens("closed")
        await home.service.sees("leaving a message")
        await ada.hang_up()
    assert (await home.record()).answered is None


async def test_who_hangs_up_during_the_greeting_leaves_nothing(home: Household) -> None:
    before = await home.messages()
    await home.rings(seconds=5)
    async with home.friend(speaks=None) as ada:
        await ada.dial(home.number.uri)
        await ada.happens("established", timeout=20)
        await ada.hang_up()
    assert (await home.record()).voicemail is None
    assert await home.messages() == before


async def test_who_says_nothing_is_hung_up_on(home: Household) -> None:
    before = await home.messages()
    await home.rings()
    async with home.friend(speaks=None) as ada:
        await ada.dial(home.number.uri)
        await ada.happens("established", timeout=20)
        await ada.happens("closed", timeout=40)
    call = await home.record()
    assert (call.voicemail, call.ended_by) == (None, EndedBy.HOUSE)
    assert await home.messages() == before
