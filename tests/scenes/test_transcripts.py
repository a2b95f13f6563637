"""What callers leave is written down, where an engine can, and nobody waits for it."""

import asyncio

import pytest

from bridge.api.events import VoicemailLeft
from tests.house import House

SAID = "Hello, this is Ada. Please call me back."


async def leaves_a_message(house: House, name: str = "Ada") -> None:
    friend = await house.friend(name).calls()
    await friend.is_told("beep", within=60)
    friend.speaks(8)
    await house.later(8)
    await friend.hangs_up()
    await house.is_quiet()


def has_kept(house: House, messages: int = 1) -> bool:
    kept = len(house.subscriber.voicemails) == len(house.events(VoicemailLeft)) == messages
    return kept and len(house.subscriber.cdrs) == messages


@pytest.fixture(autouse=True)
def able(house: House) -> None:
    """An engine that can write, in German and English."""
    house.recognizer.transcribes = True
    house.recognizer.able = frozenset({"de", "en"})
    house.mixer.message = SAID


@pytest.mark.parametrize("language", ["de", "en"])
async def test_it_is_written_down_in_the_user_s_language(house: House, language: str) -> None:
    house.subscriber.change(language=language)
    await leaves_a_message(house)
    [left] = house.events(VoicemailLeft)
    await house.later(0)
    assert house.mailbox.transcripts == {left.voicemail.id: SAID}
    assert house.recognizer.written == [language]


async def test_who_does_not_want_it_gets_the_message_alone(house: House) -> None:
    house.subscriber.change(transcripts=False)
    await leaves_a_message(house)
    assert has_kept(house) and not house.recognizer.written and not house.mailbox.transcripts
    await house.subscriber.prefer({"transcripts": True})
    await leaves_a_message(house, "Ben")
    await house.later(0)
    assert has_kept(house, 2) and list(house.mailbox.transcripts.values()) == [SAID]


async def test_the_call_is_over_and_the_note_is_told_long_before(house: House) -> None:
    house.recognizer.writes_for = 100
    await leaves_a_message(house)
    assert has_kept(house) and not list(house.folder.iterdir())
    assert house.recognizer.written and not house.mailbox.transcripts
    await house.later(100)
    assert list(house.mailbox.transcripts.values()) == [SAID]


async def test_a_long_one_holds_up_no_other_message(house: House) -> None:
    house.recognizer.writes_for = 100
    await leaves_a_message(house)
    await leaves_a_message(house, "Ben")
    assert has_kept(house, 2)
    await house.later(100)
    assert set(house.mailbox.transcripts) == set(house.subscriber.voicemails)


async def test_an_engine_that_hangs_is_not_waited_for(house: House) -> None:
    house.recognizer.writes_for = 3600
    await leaves_a_message(house)
    await house.later(300)
    house.recognizer.writes_for = 0
    await house.later(3600)
    assert has_kept(house) and not house.mailbox.transcripts


async def test_an_engine_that_fails_costs_the_transcript_alone(house: House) -> None:
    house.recognizer.fault = RuntimeError("out of memory")
    await leaves_a_message(house)
    assert has_kept(house) and not house.mailbox.transcripts


async def test_a_recording_that_cannot_be_read_costs_the_transcript_alone(house: House) -> None:
    friend = await house.friend("Ada").calls()
    await friend.is_told("beep", within=60)
    friend.speaks(8)
    await house.later(8)
    house.mixer.recordings[0].path.write_bytes(b"RIFF, and the disk was full")
    await friend.hangs_up()
    await house.is_quiet()
    assert has_kept(house) and not house.recognizer.written


async def test_where_nothing_was_understood_nothing_is_written(house: House) -> None:
    house.mixer.message = ""
    await leaves_a_message(house)
    assert has_kept(house) and house.recognizer.written and not house.mailbox.transcripts


@pytest.mark.parametrize("able", [(False, "en"), (True, "de")])
async def test_an_engine_that_cannot_is_not_even_asked(
    house: House, able: tuple[bool, str]
) -> None:
    house.recognizer.transcribes, only = able
    house.recognizer.able = frozenset({only})
    await leaves_a_message(house)
    assert has_kept(house) and not house.recognizer.written


async def test_what_is_no_message_is_not_written_down(house: House) -> None:
    friend = await house.friend("Ada").calls()
    await friend.is_told("beep", within=60)
    await friend.hangs_up()
    await house.is_quiet()
    assert not house.recognizer.written


async def test_the_end_of_the_house_does_not_wait(house: House) -> None:
    house.recognizer.writes_for = 100
    await leaves_a_message(house)
    began = asyncio.get_running_loop().time()
    await house.switchboard.drain(60)
    assert asyncio.get_running_loop().time() - began < 1
    await house.later(200)
    assert has_kept(house) and not house.mailbox.transcripts


async def test_while_calls_go_on_it_goes_on_too(house: House) -> None:
    house.recognizer.writes_for = 20
    await leaves_a_message(house)
    house.rings("desk", announce=False)
    ben = await house.friend("Ben").calls()
    await house.phone("desk").answers()
    await ben.hears(house.phone("desk"))
    await house.switchboard.drain(60)
    assert list(house.mailbox.transcripts.values()) == [SAID]
