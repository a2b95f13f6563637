"""The voice note in the chat keeps in step with what is done on the phone."""

import pytest

from bot.terminal.conversation import ChatMessage
from bridge.api.commands.calls import FetchVoicemail, NoteVoicemail
from bridge.api.events import VoicemailLeft, VoicemailMarked, VoicemailTranscribed
from bridge.api.views import VoicemailView
from bridge.errors import NetworkDown
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults
from tests.bot.person import Person
from tests.bot.things import voicemail


@pytest.fixture
def left(home: Home) -> VoicemailView:
    left = voicemail()
    home.voicemails = [left]
    return left


@pytest.fixture
async def note(ada: Person, home: Home, desk: FakeDesk, left: VoicemailView) -> ChatMessage:
    """The voice note of `left`, in Ada's chat."""
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    shown = await ada.sees("Message from Grace Hopper")
    await desk.acknowledges(1)
    return shown


def mark(desk: FakeDesk, home: Home, left: VoicemailView, **changes: object) -> None:
    changed = left.model_copy(update=changes) if changes else None
    desk.tell(VoicemailMarked(user=home.user.id, id=left.id, voicemail=changed))


async def test_one_that_was_heard_on_the_phone_is_heard_here(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    assert home.notes == {left.id: note.id}
    mark(desk, home, left, heard=True)
    assert (await ada.sees("Mark as new")).id == note.id
    mark(desk, home, left, heard=False)
    assert (await ada.sees("Mark as heard")).id == note.id


async def test_one_that_was_deleted_on_the_phone_goes_here(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    home.voicemails = []
    mark(desk, home, left)
    await ada.sees_no("Message from Grace Hopper")


async def test_one_that_is_too_old_to_be_deleted_says_so(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage,
    faults: Faults,
) -> None:  # fmt: skip
    faults.refuse(400, "Bad Request: message can't be deleted", method="deleteMessage")
    mark(desk, home, left)
    told = await ada.sees("You deleted this message on the phone.")
    assert told.id == note.id
    assert not told.buttons


async def test_a_note_that_its_owner_deleted_does_no_harm(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    ada.deletes(note)
    mark(desk, home, left, heard=True)
    mark(desk, home, left)
    await desk.acknowledges(3)


async def test_a_message_that_the_chat_never_showed(
    ada: Person, home: Home, desk: FakeDesk, note: ChatMessage
) -> None:
    mark(desk, home, voicemail(), heard=True)
    await desk.acknowledges(2)
    await ada.sees("Mark as heard")


async def test_what_is_played_once_more_has_one_note(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    await ada.says("/voicemail")
    await ada.presses("● Grace Hopper")
    again = await ada.sees("Mark as new")
    assert again.id != note.id
    await ada.sees_no("Mark as heard")
    assert note not in ada.screen
    mark(desk, home, left)
    await ada.sees_no("Message from Grace Hopper")


async def test_a_note_of_before_that_cannot_be_deleted_loses_its_buttons(
    ada: Person, home: Home, note: ChatMessage, faults: Faults
) -> None:
    faults.refuse(400, "Bad Request: message can't be deleted", method="deleteMessage")
    await ada.says("/voicemail")
    await ada.presses("● Grace Hopper")
    await ada.sees("Mark as new")
    await ada.sees_no("Mark as heard")
    assert not ada.chat.messages[note.id].buttons


async def test_what_is_told_twice_is_sent_once(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    await desk.acknowledges(2)
    assert sum(isinstance(asked, FetchVoicemail) for asked in desk.asked) == 1


async def test_the_house_away_just_after_the_note_was_sent(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView
) -> None:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    desk.refusals[NoteVoicemail] = NetworkDown("house_unreachable")
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    await desk.acknowledges(1)
    assert left.id in home.notes
    assert len([message for message in ada.screen if "Grace Hopper" in message.text]) == 1


MACHINE = "Written down by a machine, which may be wrong:"


def writes_down(desk: FakeDesk, home: Home, left: VoicemailView, said: str, **more: object) -> None:
    home.voicemails = [left.model_copy(update={"transcript": said, **more})]
    desk.tell(VoicemailTranscribed(user=home.user.id, id=left.id))


async def test_what_it_says_comes_under_the_note(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    before = note.text
    writes_down(desk, home, left, "please call me <b>back</b> & bring\n\u202ecake")
    shown = await ada.sees(MACHINE)
    assert shown.id == note.id
    assert shown.text == f"{before}\n{MACHINE}\nplease call me <b>back</b> & bring cake"
    assert [each["type"] for each in shown.entities] == ["bold", "expandable_blockquote"]
    assert "Mark as heard" in str(shown.buttons)


async def test_its_buttons_are_as_the_house_has_them_by_then(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    writes_down(desk, home, left, "please call me back", heard=True)
    shown = await ada.sees(MACHINE)
    assert "Mark as new" in str(shown.buttons)


@pytest.mark.parametrize("word", ["blah ", "🎵", "<&> ", "x"])
async def test_a_long_one_is_cut_to_what_a_caption_holds(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage, word: str
) -> None:
    left = left.model_copy(update={"caller_name": "🎵" * 200})
    writes_down(desk, home, left, word * 10_000)
    shown = await ada.sees(MACHINE)
    assert shown.text.endswith((f"{word.strip()}…", f"{word.strip()} …"))
    assert len(shown.text.encode("utf-16-le")) // 2 > 800


async def test_played_once_more_it_still_says_it(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    writes_down(desk, home, left, "please call me back")
    await ada.sees(MACHINE)
    await ada.says("/voicemail")
    await ada.presses("● Grace Hopper")
    await ada.sees("Mark as new")
    again = await ada.sees("please call me back")
    assert again.id != note.id


async def test_words_that_come_too_late_do_no_harm(
    ada: Person, home: Home, desk: FakeDesk, left: VoicemailView, note: ChatMessage
) -> None:
    home.voicemails = []  # deleted in the chat meanwhile
    desk.tell(VoicemailTranscribed(user=home.user.id, id=left.id))
    desk.tell(VoicemailTranscribed(user=home.user.id, id=voicemail().id))
    await desk.acknowledges(3)
    ada.deletes(note)
    writes_down(desk, home, left, "please call me back")
    await desk.acknowledges(4)
    await ada.sees_no("please call me back")
