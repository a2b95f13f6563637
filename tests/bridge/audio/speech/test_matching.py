"""What was written down, against the names there are."""

import pytest

from bridge.audio.speech.matching import closest
from bridge.audio.speech.recognizer import Option

NAMES = (
    *("Ada Lovelace", "Markus Göbel", "Jürgen Vogel", "Giuseppe Verdi", "Mehmet Yılmaz"),
    *("Stefan Meyer", "Stephanie Maier", "Günther Schäuble", "Chloé Dubois", "Björn Åström"),
    *("Doctor Miller", "Grandma", "Thomas Müller", "Priya Raghunathan", "Echo", "voicemail"),
)
MENU = tuple(Option(name, (name, name.split()[0])) for name in NAMES)


def found(said: str, language: str) -> str:
    return next((choice.key for choice in closest(said, MENU, language)), "")


@pytest.mark.parametrize(
    ("said", "language", "name"),
    [
        ("Ada Lovelace", "en", "Ada Lovelace"),
        ("ada", "en", "Ada Lovelace"),
        ("please call Ada.", "en", "Ada Lovelace"),
        ("Ruf bitte Ada an!", "de", "Ada Lovelace"),
        ("ich möchte mit markus sprechen", "de", "Markus Göbel"),
        ("marcus goebel", "de", "Markus Göbel"),
        ("juergen", "de", "Jürgen Vogel"),
        ("jürgen fogel", "de", "Jürgen Vogel"),
        ("guenter scheuble", "de", "Günther Schäuble"),
        ("memet jilmas", "de", "Mehmet Yılmaz"),
        ("chloe", "en", "Chloé Dubois"),
        ("björn", "de", "Björn Åström"),
        ("dr miller", "en", "Doctor Miller"),
        ("call grandma", "en", "Grandma"),
        ("tomas müller", "de", "Thomas Müller"),
        ("priya raghu nathan", "en", "Priya Raghunathan"),
        ("stefan meier", "de", "Stefan Meyer"),
        ("voice mail", "en", "voicemail"),
        ("echo", "en", "Echo"),
    ],
)
def test_a_name_is_found(said: str, language: str, name: str) -> None:
    assert found(said, language) == name


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("", "en"),
        ("...", "de"),
        ("what is the weather", "en"),
        ("wie spät ist es denn", "de"),
        ("call Wolfgang", "en"),
        ("no thank you", "en"),
        ("bitte", "de"),
        ("小明", "en"),
    ],
)
def test_what_is_no_name_is_not_found(said: str, language: str) -> None:
    assert found(said, language) == ""


def test_two_that_are_close_are_close() -> None:
    first, second, *_ = closest("stefan maier", MENU, "de")
    assert {first.key, second.key} == {"Stefan Meyer", "Stephanie Maier"}
    assert first.confidence - second.confidence < 0.1


def test_the_one_whose_whole_name_was_said_comes_first() -> None:
    menu = (Option("long", ("Ada Lovelace",)), Option("short", ("Ada",)))
    assert [choice.key for choice in closest("Ada", menu, "en")] == ["short", "long"]
