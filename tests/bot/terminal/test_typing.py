"""What a typed line means, the numbers of the buttons, and how things are shown."""

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from bot.constants import SECRET
from bot.terminal.conversation import ChatEntry, ChatMessage, Happening
from bot.terminal.downloads import Downloads
from bot.terminal.files import Files, Media, seconds_of
from bot.terminal.numbers import HIGHEST, MOST_MESSAGES, Numbers
from bot.terminal.phrases import Phrases, language_of_terminal
from bot.terminal.screen import lines
from bot.terminal.steps import (
    Mistyped,
    PressLabel,
    PressNumber,
    Quit,
    SendFile,
    Step,
    TypeText,
    WaitFor,
    read,
)


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("", None),
        ("  ", None),
        ("hello", TypeText("hello")),
        ("/start CODE", TypeText("/start CODE")),
        ("12", PressNumber(12)),
        ("120", TypeText("120")),
        ("+4930", TypeText("+4930")),
        ("!press Ring mobile", PressLabel("Ring mobile")),
        ("!press Desk 2", PressLabel("Desk 2")),
        ('!press "Desk 2"', PressLabel("Desk 2")),
        ('!press "Desk 2" 30', PressLabel("Desk 2", 30)),
        ("!say 12", TypeText("12")),
        ("!wait Answered", WaitFor("Answered")),
        ("!wait Answered on mobile 30", WaitFor("Answered on mobile", 30)),
        ('!wait "Room 12"', WaitFor("Room 12")),
        ('!wait "Room 12" 2.5', WaitFor("Room 12", 2.5)),
        ("!quit", Quit()),
        ("!pres Ring", Mistyped("!pres")),
        ("!wait", Mistyped("!wait")),
        ("! well", TypeText("! well")),
        ("@/tmp/note.ogg", SendFile(Path("/tmp/note.ogg"))),
        ("@./note.ogg", SendFile(Path("note.ogg"))),
        ("@ada", TypeText("@ada")),
    ],
)
def test_a_line_is_read(line: str, step: Step | None) -> None:
    assert read(line, literal=False) == step


@pytest.mark.parametrize("line", ["12", "@/etc/passwd", "!secret", "  spaces matter "])
def test_an_answer_is_taken_as_it_is(line: str) -> None:
    assert read(line, literal=True) == TypeText(line)


def test_a_script_still_steps_while_there_is_a_question() -> None:
    assert read("!wait x", literal=True) == WaitFor("x")
    assert read("!press x", literal=True) == PressLabel("x")
    assert read("!quit", literal=True) == Quit()


def message(number: int, *data: str) -> ChatMessage:
    return ChatMessage(
        number, True, 0, keyboard=[[{"text": one, "callback_data": one} for one in data]]
    )


def numbered(numbers: Numbers, shown: ChatMessage) -> list[int | None]:
    return [numbers.of(shown, button) for button in shown.buttons]


def test_a_button_keeps_its_number_over_edits() -> None:
    numbers = Numbers()
    numbers.show(message(1, "a", "b"))
    edited = message(1, "b", "c")
    numbers.show(edited)
    assert numbered(numbers, edited) == [2, 3]
    assert numbers.find(2) == (1, "b")
    assert numbers.find(1) is None


def test_numbers_of_old_and_deleted_messages_are_gone() -> None:
    numbers = Numbers()
    for each in range(1, MOST_MESSAGES + 2):
        numbers.show(message(each, "a"))
    assert numbers.find(1) is None
    assert numbers.find(2) == (2, "a")
    numbers.drop(message(2, "a"))
    assert numbers.find(2) is None


def test_numbers_begin_again_and_skip_those_in_use() -> None:
    numbers = Numbers()
    numbers.show(message(1, "stays"))
    for each in range(2, HIGHEST + 1):
        numbers.show(message(2, f"data {each}"))
    again = message(2, "once more")
    numbers.show(again)
    assert numbered(numbers, again) == [2]


def test_with_all_numbers_in_use_a_button_has_none() -> None:
    numbers = Numbers()
    full = message(1, *(str(each) for each in range(HIGHEST + 1)))
    numbers.show(full)
    assert numbered(numbers, full) == [*range(1, HIGHEST + 1), None]


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    shown = ChatMessage(
        1, True, 0, text="a\x1b[2Jb\u202ec\rd\ne", keyboard=message(1, "x\x07\ny").keyboard
    )
    told = lines(ChatEntry(Happening.SENT, shown), Phrases("en"), who="Ada")
    assert told == ["│ a[2Jbcd", "│ e", "│ [x y]"]


def test_a_secret_is_never_shown() -> None:
    typed = ChatMessage(1, False, 0, text="hunter2", secret=True)
    for happening in (Happening.SENT, Happening.DELETED):
        told = lines(ChatEntry(happening, typed), Phrases("en"), who="Ada")
        assert SECRET in told[0]
        assert "hunter2" not in told[0]


def test_it_speaks_german() -> None:
    gone = ChatEntry(Happening.DELETED, message(1))
    assert lines(gone, Phrases("de"), who="Ada") != lines(gone, Phrases("en"), who="Ada")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "en_GB", "LC_ALL": "de"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR", "LC_ALL": ""}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(environment: dict[str, str], language: str) -> None:
    assert language_of_terminal(environment) == language


def test_the_length_of_sound() -> None:
    page = b"OggS\x00\x04" + struct.pack("<q", 48000 * 7) + bytes(13)
    assert seconds_of(b"OggS" + bytes(23) + page) == 7
    assert seconds_of(b"OggS") == 0
    assert seconds_of(b"OggS and no sound at all") == 0
    assert seconds_of(b"RIFF....WAVE") == 0
    assert seconds_of(b"") == 0


def test_old_files_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.terminal.files.MOST_KEPT", 10)
    files = Files()
    old, new = files.keep("voice", b"x" * 6), files.keep("voice", b"x" * 6)
    assert files.content(old.id) is None
    assert files.content(new.id) == b"x" * 6


def test_a_download_is_private_and_its_name_harmless(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path / "chat")
    media = Media("document", "file_1", 1, name="../../x;rm -rf.csv")
    saved = downloads.save(ChatMessage(7, True, 0, media=media), b"a")
    assert saved == tmp_path / "chat" / "document-7.csv"
    assert saved.stat().st_mode & 0o777 == 0o600
    assert saved.parent.stat().st_mode & 0o777 == 0o700


def test_a_replaced_picture_replaces_its_file(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path)
    first = ChatMessage(7, True, 0, media=Media("photo", "file_1", 1))
    saved = downloads.save(first, b"\x89PNG1")
    second = replace(first, media=Media("photo", "file_2", 1))
    assert downloads.save(second, b"\x89PNG2") == saved
    assert saved.name == "photo-7.png"
    assert saved.read_bytes() == b"\x89PNG2"
