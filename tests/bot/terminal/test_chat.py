"""The library's own Application, polling, against the Bot API in this process."""

import io
import wave
from pathlib import Path

import pytest

from bot.terminal import Happening, Messenger
from tests.bot.person import Person, Unseen
from tests.bot.terminal.sample import PNG, polling


def recording(seconds: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000 * seconds))
    return file.getvalue()


async def test_a_command_is_answered_with_buttons(ada: Person) -> None:
    await ada.says("/start")
    hello = await ada.sees("Hello Ada")
    assert [button["text"] for button in hello.buttons] == ["Answer", "Refuse", "Read on"]
    assert hello.entities == ({"type": "bold", "offset": 0, "length": 5},)


async def test_a_press_edits_the_message_in_place(ada: Person) -> None:
    await ada.says("/start")
    hello = await ada.presses("answer")
    answered = await ada.sees("Answered")
    assert answered.id == hello.id
    assert not answered.buttons
    assert answered.edited
    await ada.is_told("Ringing")


async def test_an_alert_is_told_as_one(ada: Person) -> None:
    await ada.says("/start")
    await ada.presses("Refuse")
    await ada.is_told("Really?")
    assert ada.chat.log[-1].happening is Happening.WARNED


async def test_a_password_is_deleted_and_shown_to_nobody(ada: Person) -> None:
    await ada.says("/password")
    question = await ada.sees("Your password?")
    assert ada.chat.answers_secret
    typed = await ada.says("hunter2")
    await ada.sees("Deleted 7 characters")
    assert typed.reply_to == question.id
    assert typed not in ada.screen
    assert not ada.chat.answers_secret
    assert "hunter2" not in "\n".join(ada.transcript())
    assert "│ (your message deleted: ••••••)" in ada.transcript()


async def test_a_voice_message_goes_in_and_comes_out(ada: Person) -> None:
    sound = recording(3)
    await ada.sends_voice(sound, caption="Listen")
    echo = await ada.sees("Echo")
    assert echo.media
    assert (echo.media.kind, echo.media.seconds) == ("voice", 3)
    assert ada.content(echo) == sound


async def test_a_document_is_named(ada: Person, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("one two")
    sent = await ada.sends_file(path)
    assert sent.media and sent.media.kind == "document"
    answer = await ada.chat.bell.until(lambda: ada.newest)
    assert answer.media and answer.media.name == "calls.csv"
    assert ada.content(answer) == b"a,b\n"


async def test_a_picture_is_replaced_in_place(ada: Person) -> None:
    await ada.says("/picture")
    second = await ada.sees("Second")
    assert ada.content(second) == PNG + b"2"
    assert [entry.happening for entry in ada.chat.log] == ["sent", "sent", "edited"]
    assert ada.chat.log[1].message.id == second.id


async def test_two_people_do_not_see_each_other(messenger: Messenger) -> None:
    ada, ben = Person(messenger, name="Ada"), Person(messenger, name="Ben")
    async with polling(messenger):
        await ada.says("/start")
        await ben.says("/start")
        await ben.sees("Hello Ben")
        await ada.sees("Hello Ada")
        await ada.presses("Answer")
        await ada.sees("Answered")
    assert [message.text for message in ben.screen] == ["/start", "Hello Ben"]


async def test_the_transcript_tells_everything_in_order(ada: Person) -> None:
    await ada.says("/start")
    await ada.presses("Answer")
    await ada.sees("Answered")
    assert ada.transcript() == [
        "Ada: /start",
        "│ Hello Ada",
        "│ [Answer]  [Refuse]",
        "│ Read on <https://example.org>",
        "Ada: [Answer]",
        "│ (i) Ringing",
        "│ (edited)",
        "│ Answered",
    ]


async def test_what_does_not_come_is_told_with_what_is_there(ada: Person) -> None:
    await ada.says("/start")
    await ada.sees("Hello")
    with pytest.raises(Unseen, match=r"no 'Goodbye' within 0 s[^$]*Hello Ada"):
        await ada.sees("Goodbye", within=0)
    with pytest.raises(Unseen, match="no button 'Goodbye'"):
        await ada.presses("Goodbye", within=0)
    with pytest.raises(Unseen, match="still 'Hello'"):
        await ada.sees_no("Hello", within=0)


async def test_an_update_survives_a_bot_that_was_away(messenger: Messenger) -> None:
    ada = Person(messenger, name="Ada")
    await ada.says("/start")
    async with polling(messenger):
        await ada.sees("Hello Ada")
    await ada.says("again")
    async with polling(messenger):
        await ada.sees("You said again")
    assert len([message for message in ada.screen if "Hello" in message.text]) == 1
