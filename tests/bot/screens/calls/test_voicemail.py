"""Messages of callers: arriving, listed, heard, deleted."""

import pytest

from bridge.api.commands.calls import MarkHeard
from bridge.api.events import VoicemailLeft
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.faults import Faults
from tests.bot.person import Person
from tests.bot.things import voicemail


@pytest.fixture(autouse=True)
async def met(ada: Person, home: Home) -> None:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")


async def test_a_message_arrives_as_a_voice_note(ada: Person, home: Home, desk: FakeDesk) -> None:
    left = voicemail()
    home.voicemails = [left]
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    note = await ada.sees("Message from Grace Hopper\ntoday")
    assert note.text.endswith("0:23")
    assert note.media and (note.media.kind, note.media.seconds) == ("voice", 23)
    assert ada.content(note) == desk.sound
    labels = [button["text"] for button in note.buttons]
    assert labels == ["Mark as heard", "Delete", "Call history"]


async def test_heard_and_new_again(ada: Person, home: Home, desk: FakeDesk) -> None:
    left = voicemail()
    home.voicemails = [left]
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    await ada.presses("Mark as heard")
    await ada.sees("Mark as new")
    assert home.voicemails[0].heard
    await ada.presses("Mark as new")
    await ada.sees("Mark as heard")
    assert not home.voicemails[0].heard


async def test_deleting_takes_the_note_along(ada: Person, home: Home, desk: FakeDesk) -> None:
    left = voicemail()
    home.voicemails = [left]
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    await ada.presses("Delete")
    await ada.presses("No, keep it")
    await ada.sees("Mark as heard")
    assert home.voicemails
    await ada.presses("Delete")
    await ada.presses("Yes, delete it")
    await ada.sees("The message is deleted.")
    await ada.sees_no("Message from Grace Hopper")
    assert not home.voicemails


async def test_a_note_that_is_too_old_to_be_deleted(
    ada: Person, home: Home, desk: FakeDesk, faults: Faults
) -> None:
    left = voicemail()
    home.voicemails = [left]
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    faults.refuse(400, "Bad Request: message can't be deleted", method="deleteMessage")
    await ada.presses("Delete")
    await ada.presses("Yes, delete it")
    await ada.sees("Please delete the voice note in the chat too.")
    assert not home.voicemails


async def test_the_list_marks_what_is_new_and_plays(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    new = voicemail()
    unknown = voicemail(created=new.created, caller_name="", caller_address="", heard=True)
    home.voicemails = [new, unknown]
    await ada.says("/voicemail")
    shown = await ada.sees("Choose a message")
    labels = [button["text"] for button in shown.buttons]
    assert labels[0].startswith("● Grace Hopper, today")
    assert labels[1].startswith("unknown caller, today")
    await ada.presses("Grace Hopper")
    await ada.sees("Message from Grace Hopper")
    await ada.sees("Choose a message")
    assert (await desk.hears(MarkHeard)).heard
    assert home.voicemails[0].heard


async def test_a_long_list_has_pages(ada: Person, home: Home) -> None:
    created = now()
    home.voicemails = [
        voicemail(caller_name=f"Caller {number}", created=created) for number in range(10)
    ]
    await ada.says("/voicemail")
    await ada.sees("Caller 7")
    await ada.presses("Older")
    await ada.sees("Caller 9")
    await ada.sees_no("Caller 7")
    await ada.presses("Newer")
    await ada.sees("Caller 0")


async def test_none_at_all(ada: Person, home: Home) -> None:
    await ada.says("/voicemail")
    await ada.sees("There are no messages.")


async def test_a_message_that_is_gone(ada: Person, home: Home, desk: FakeDesk) -> None:
    left = voicemail()
    home.voicemails = [left]
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    await ada.sees("Message from Grace Hopper")
    home.voicemails = []
    await ada.presses("Mark as heard")
    await ada.sees("This message is no longer there.")
    await ada.presses("Delete")
    await ada.presses("Yes, delete it")
    await ada.sees_no("Message from Grace Hopper")
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    await desk.acknowledges(2)
