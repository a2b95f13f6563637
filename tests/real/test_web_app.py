"""A friend calls on a web app, which runs in a session of the house: the desk phone rings."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bridge.api.commands.contacts import AddContact, RemoveContact
from bridge.audio.voice.voice_note import to_wav
from bridge.terms import Cause, Direction, EndedBy
from tests.peers.hearing import correlation, heard_sentence
from tests.peers.speech import Sound, load, say
from tests.real.dying import is_killed_in_mid_call
from tests.real.household import Household, picks_up
from tests.real.web_friend import CLEAR
from tests.real.web_line import ADA, PASSWORD, WebLine, sign_in, web_line

pytestmark = pytest.mark.asyncio(loop_scope="package")

ADA_SAYS = "Hello, this is Ada. I am calling you by a web app, and your desk phone rings."
NOBODY_SAYS = "How strange that we telephone through a page without a window."


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def _line(
    _one_home: Household, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[WebLine]:
    says = say(ADA_SAYS, rate=16000)
    async with web_line(_one_home, tmp_path_factory.mktemp("web"), says) as line:
        yield line


@pytest_asyncio.fixture(loop_scope="package")
async def line(home: Household, _line: WebLine) -> AsyncIterator[WebLine]:
    """Afterwards Ada is in no call, whatever went wrong."""
    await _line.is_ready(30)
    yield _line
    await _line.ada.hang_up()


async def test_what_was_typed_to_sign_in_is_nowhere(line: WebLine) -> None:
    service = line.home.service
    assert "(your message deleted" in service.chat
    assert PASSWORD not in service.chat
    assert PASSWORD not in service.log


async def test_both_are_heard_until_the_friend_hangs_up(line: WebLine) -> None:
    home, nobody = line.home, say(NOBODY_SAYS, rate=16000)
    await line.talks()
    await line.ada.hears(home.desk_says)
    assert_heard(line.ada.says, load(home.desk.heard()), nobody)
    assert_heard(home.desk_says, line.ada.heard, nobody)
    await line.ada.hang_up()
    await home.desk.happens("closed")
    await home.service.sees("Answered on Desk")
    call = await home.record()
    assert (call.direction, call.caller_name) == (Direction.INCOMING, ADA)
    assert (call.answered_on, call.ended_by) == ("Desk", EndedBy.CALLER)


async def test_the_phone_hangs_up(line: WebLine) -> None:
    await line.talks()
    await line.home.desk.hang_up()
    await line.ada.is_hung_up_on()
    assert (await line.home.record()).cause == Cause.NORMAL.word
    await line.is_ready()


async def test_who_is_not_answered_leaves_a_message(line: WebLine) -> None:
    home = line.home
    greeting = say("You have reached the family. Tell us what we can do for you.", rate=16000)
    await home.rings("Desk")
    await home.greets_with(greeting)
    await line.ada.calls("me")
    await home.desk.happens("closed", timeout=40)
    await line.ada.is_answered()
    await line.ada.hears(greeting)
    await home.service.sees("leaving a message")
    await home.is_recording(seconds=line.ada.says.seconds * 2 + 1)
    await line.ada.hang_up()
    await home.service.sees(f"Message from {ADA}")
    call = await home.record()
    assert call.voicemail is not None
    note = home.directory / "note.wav"
    note.write_bytes(await to_wav(await home.voice_note(call.voicemail), 60))
    assert heard_sentence(line.ada.says, note, enough=CLEAR)


async def test_the_user_calls_a_contact_through_the_web_app(line: WebLine) -> None:
    """By the chat: his own phone rings first."""
    home = line.home
    await home.rings("Desk")
    ada = AddContact(user=home.owner, name="Ada Lovelace", address=f"web:{ADA}")
    contact = await home.front_desk.ask(ada)
    await home.service.says("/call ada")
    shown = await picks_up(home.desk)
    assert shown.display_name == "Ada Lovelace"
    await home.desk.press("1")
    await line.ada.answers()
    await home.desk.hears(line.ada.says, enough=CLEAR)
    await line.ada.hears(home.desk_says)
    await home.desk.press("**")
    await line.ada.is_hung_up_on()
    await home.desk.happens("closed")
    call = await home.record()
    assert (call.direction, call.caller_name) == (Direction.OUTGOING, "Ada Lovelace")
    assert call.ended_by is EndedBy.PHONE
    await home.front_desk.ask(RemoveContact(user=home.owner, contact=contact.id))


@pytest.mark.parametrize("victim", ["chromium", "pulseaudio", "dbus-daemon"])
async def test_a_session_that_is_killed_in_mid_call(line: WebLine, victim: str) -> None:
    await line.begins_anew()
    await is_killed_in_mid_call(line, victim)


@pytest.mark.timeout(180)
async def test_an_expired_sign_in_is_told_and_mended_by_chat(line: WebLine) -> None:
    home = line.home
    home.service.catch_up()
    line.app.expire("me")
    await home.service.sees("The program has signed out. Please sign in once more.", within=60)
    await home.service.presses("Sign in again")
    await sign_in(home.service)
    await line.is_ready()
    await line.talks()
    await line.ada.hang_up()
    await home.record()


def assert_heard(spoken: Sound, heard: Sound, never_said: Sound) -> None:
    assert correlation(spoken, heard).correlation > CLEAR
    assert correlation(never_said, heard).correlation < CLEAR
