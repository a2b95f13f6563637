"""Nobody accepts: the caller may leave a message."""

import wave
from pathlib import Path

import pytest

from bridge.api.events import VoicemailLeft
from bridge.api.views import CallAction, CardState
from bridge.connectors.loopback.connector import LoopbackLeg
from bridge.errors import NetworkDown
from bridge.terms import Cause, EndedBy, State
from tests.house import House
from tests.people import Friend

GREETING = "Nobody can take your call at the moment. Please leave a message after the tone."


async def reaches_the_voicemail(house: House) -> Friend:
    """Ada has heard the greeting and the tone."""
    ada = await house.friend("Ada").calls()
    await ada.is_told("beep", within=60)
    await house.later(1)
    return ada


async def test_nobody_answers_and_the_caller_leaves_a_message(house: House) -> None:
    house.rings("desk")
    ada = await reaches_the_voicemail(house)
    assert ada.was_told() == [GREETING, "beep"]
    assert house.card.state is CardState.RECORDING
    ada.speaks(12)
    await house.later(12)
    await ada.hangs_up()
    await house.is_quiet()
    [left] = house.events(VoicemailLeft)
    assert left.voicemail.caller_name == "Ada"
    assert 12 <= left.voicemail.seconds < 14
    assert house.subscriber.voicemails[left.voicemail.id].startswith(b"OggS")
    assert house.last_cdr.voicemail == left.voicemail.id
    assert house.last_cdr.answered is None
    assert 20 <= house.last_cdr.ring_seconds < 22
    assert house.last_cdr.talk_seconds == 0
    assert house.last_cdr.cause == Cause.NO_ANSWER.word
    assert house.last_cdr.ended_by is EndedBy.CALLER
    assert house.card.state is CardState.MISSED
    assert house.card.voicemail == left.voicemail.id


async def test_without_phones_the_voicemail_answers_at_once(house: House) -> None:
    ada = await house.friend("Ada").calls()
    await ada.gets_through(within=1)
    assert house.card.reason == "no_phone"


async def test_who_says_nothing_leaves_nothing(house: House) -> None:
    ada = await reaches_the_voicemail(house)
    await ada.is_gone(Cause.NORMAL, within=10)
    await house.is_quiet()
    assert house.subscriber.voicemails == {}
    assert house.last_cdr.ended_by is EndedBy.HOUSE
    assert house.card.state is CardState.MISSED


async def test_a_breath_is_no_message(house: House) -> None:
    ada = await house.friend("Ada").calls()
    await ada.is_told("beep", within=60)
    ada.speaks(1)  # its first half is the tone
    await house.later(1)
    await ada.hangs_up()
    await house.is_quiet()
    assert house.subscriber.voicemails == {}


async def test_silence_ends_the_message(house: House) -> None:
    ada = await reaches_the_voicemail(house)
    ada.speaks(5)
    await house.later(12)
    assert ada.is_through
    await ada.is_gone(Cause.NORMAL, within=2)
    await house.is_quiet()
    assert len(house.subscriber.voicemails) == 1


async def test_the_hash_key_ends_the_message(house: House) -> None:
    ada = await reaches_the_voicemail(house)
    ada.speaks(5)
    await house.later(5)
    await ada.presses("1#")
    await ada.is_gone(Cause.NORMAL)
    await house.is_quiet()
    assert len(house.subscriber.voicemails) == 1


async def test_the_hash_key_skips_the_greeting(house: House) -> None:
    ada = await house.friend("Ada").calls()
    await ada.is_told("Nobody can take your call")
    await ada.presses("#")
    assert house.mixer.played[0].cut
    await ada.is_told("beep", within=0.5)


async def test_three_minutes_are_enough(house: House) -> None:
    ada = await reaches_the_voicemail(house)
    ada.speaks(1000)
    await house.later(178)
    assert ada.is_through
    await ada.is_gone(Cause.NORMAL)
    await house.is_quiet()
    assert house.events(VoicemailLeft)[0].voicemail.seconds == pytest.approx(180, abs=0.1)


async def test_hanging_up_during_the_greeting_is_a_missed_call(house: House) -> None:
    ada = await house.friend("Ada").calls()
    await ada.is_told("Nobody can take your call")
    await ada.hangs_up()
    await house.is_quiet()
    assert house.mixer.recordings == []
    assert house.last_cdr.cause == Cause.NO_ANSWER.word


async def test_the_user_s_own_greeting_is_played(house: House, tmp_path: Path) -> None:
    greeting = tmp_path.parent / "greeting.wav"
    with wave.open(str(greeting), "wb") as sound:
        sound.setparams((1, 2, 16000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * 16000 * 3))
    house.subscriber.change(greeting=greeting)
    ada = await reaches_the_voicemail(house)
    assert ada.was_told() == ["greeting", "beep"]
    assert house.mixer.played[1].at - house.mixer.played[0].at == pytest.approx(3)


async def test_a_greeting_that_is_broken_is_replaced(house: House, tmp_path: Path) -> None:
    house.subscriber.change(greeting=tmp_path / "missing.wav")
    ada = await reaches_the_voicemail(house)
    assert ada.was_told() == [GREETING, "beep"]


async def test_a_message_that_cannot_be_encoded_is_kept_as_it_is(house: House) -> None:
    house.encode.fault = RuntimeError("no encoder")
    ada = await reaches_the_voicemail(house)
    ada.speaks(5)
    await house.later(5)
    await ada.hangs_up()
    await house.is_quiet()
    [kept] = house.subscriber.voicemails.values()
    assert kept.startswith(b"RIFF") and b"what was said" in kept
    assert house.card.voicemail


@pytest.mark.parametrize(
    ("why", "kept"), [(OSError("the disk is busy"), 1), (NetworkDown("left for the next house"), 0)]
)
async def test_a_store_that_hesitates_does_not_lose_the_message(
    house: House, why: Exception, kept: int
) -> None:
    ada = await reaches_the_voicemail(house)
    ada.speaks(5)
    await house.later(5)
    house.subscriber.fault = why
    await ada.hangs_up()
    await house.later(1)
    house.subscriber.fault = None
    await house.is_quiet()
    assert len(house.subscriber.voicemails) == kept


async def test_a_recording_that_fails_ends_the_call_and_is_written_down(house: House) -> None:
    house.mixer.fault = OSError("no space left")
    ada = await house.friend("Ada").calls()
    await ada.is_gone(Cause.NORMAL, within=20)
    await house.is_quiet()
    assert house.last_cdr.cause == Cause.FAILED.word


async def test_the_user_takes_the_caller_out_of_the_voicemail(house: House) -> None:
    house.rings("desk", seconds=5)
    ada = await reaches_the_voicemail(house)
    ada.speaks(30)
    assert CallAction.RING in house.card.actions
    assert house.on_card("desk").state is None
    await house.press(CallAction.RING, "desk")
    assert house.card.state is CardState.RECORDING
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    assert house.card.state is CardState.ANSWERED
    await ada.hangs_up()
    await house.is_quiet()
    assert house.subscriber.voicemails == {}
    assert house.last_cdr.answered_on == "desk"


async def test_the_user_takes_the_caller_out_before_the_greeting_has_ended(house: House) -> None:
    house.rings("desk", announce=False)
    house.change_phone("desk", enabled=False)
    ada = await house.friend("Ada").calls()
    await ada.gets_through()
    await house.press(CallAction.RING, "desk")
    await house.phone("desk").answers()
    await ada.hears(house.phone("desk"))
    assert house.mixer.recordings == []


async def test_the_user_takes_the_caller_out_before_the_answer_is_confirmed(house: House) -> None:
    house.rings("desk", announce=False)
    house.change_phone("desk", enabled=False)
    ada = house.friend("Ada")
    leg = await ada.session.dial("me", ada.party)
    assert isinstance(leg, LoopbackLeg)
    answers: list[LoopbackLeg] = []

    async def slowly() -> None:
        answers.append(leg)

    leg.peer.answer = slowly  # type: ignore[method-assign]
    ada.takes(leg)
    await house.later(1)
    await house.press(CallAction.RING, "desk")
    await house.phone("desk").answers()
    await house.later(1)
    for end in (leg, leg.peer):
        end.became(State.ESTABLISHED)
    await ada.hears(house.phone("desk"))
    assert len(answers) == 1


async def test_the_caller_hangs_up_while_the_phone_rings_again(house: House) -> None:
    house.rings("desk", seconds=5)
    ada = await reaches_the_voicemail(house)
    ada.speaks(5)
    await house.later(5)
    await house.press(CallAction.RING, "desk")
    await house.phone("desk").is_ringing()
    await ada.hangs_up()
    await house.phone("desk").is_gone(Cause.CANCELLED)
    await house.is_quiet()
    assert len(house.subscriber.voicemails) == 1
    assert house.card.state is CardState.MISSED


async def test_the_user_ends_the_message(house: House) -> None:
    ada = await reaches_the_voicemail(house)
    ada.speaks(5)
    await house.later(5)
    await house.press(CallAction.HANG_UP)
    await ada.is_gone(Cause.NORMAL)
    await house.is_quiet()
    assert len(house.subscriber.voicemails) == 1
    assert house.last_cdr.ended_by is EndedBy.PHONE
