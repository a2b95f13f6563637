"""How names are pronounced, in the letters of the English model."""

import pocketsphinx
import pytest

from bridge.audio.speech.arpabet import reading
from bridge.audio.voice.espeak import phonemes

NAMES = """
    Ada Lovelace|Jürgen Vogel|Giuseppe Verdi|Mehmet Yılmaz|Priya Raghunathan|Stephanie Maier
    Günther Schäuble|Chloé Dubois|Xavier Huang|Björn Åström|Łukasz Kowalski|José Núñez|Siobhan
    markus_goebel|Echo123|Wolfgang Amadeus|Jean-Luc Picard|Kirsche Pfeffer Zug|Löwe üben Höhle
    Ngozi Adichie|Yuki Tanaka|Portmonnaie Teint Genie|Nguyễn Văn|Дмитрий|القاهرة|Dvořák|Ørsted
"""


@pytest.fixture(scope="module")
def phones() -> set[str]:
    """Those that the model knows."""
    mdef = pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")
    with open(mdef) as dictionary:
        return {phone for line in dictionary for phone in line.split()[1:]}


@pytest.mark.parametrize(
    ("words", "voice", "expected"),
    [
        ("Ada", "en-us", ("EY D AH",)),
        ("voicemail", "en-us", ("V OY S M EY L",)),
        ("button", "en-us", ("B AH T AH N",)),
        ("Vogel", "de", ("F OW G AH L",)),
        ("Jürgen", "de", ("Y UW R G AH N",)),
        ("Zug", "de", ("T S UW K",)),
        ("markus_goebel", "de", ("M AA R K UH S", "G ER B AH L")),
        ("", "en-us", ()),
        ("!?", "de", ()),
    ],
)
def test_a_word_is_read(words: str, voice: str, expected: tuple[str, ...]) -> None:
    assert reading(words, voice) == expected


@pytest.mark.parametrize("voice", ["en-us", "de"])
@pytest.mark.parametrize("name", [name.strip() for name in NAMES.replace("\n", "|").split("|")])
def test_every_name_is_read_in_phones_of_the_model(name: str, voice: str, phones: set[str]) -> None:
    for word in reading(name, voice):
        assert set(word.split()) <= phones


def test_marks_that_a_language_does_not_know_are_dropped() -> None:
    assert reading("Chloé", "en-us") == reading("Chloe", "en-us")
    assert reading("Jürgen", "de") != reading("Jurgen", "de")


def test_phonemes_come_word_by_word() -> None:
    assert phonemes("Ada Lovelace.  Yes!", "en-us") == [
        ["ˈeɪ", "d", "ə"],
        ["l", "ˈʌ", "v", "l", "eɪ", "s"],
        ["j", "ˈɛ", "s"],
    ]
