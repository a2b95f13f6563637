"""What is said on the phone can be understood, whatever strangers call themselves."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as some

from bridge.api import preferences
from bridge.calls import spoken
from bridge.terms import Party

CALLS, DECLARED = Path(spoken.__file__).parent, Path(preferences.__file__)


@pytest.mark.parametrize(
    ("party", "said"),
    [
        (Party("+4930123456", "Ada Lovelace"), "Ada Lovelace"),
        (Party("+4930123456", "Jürgen O'Brien-Ñúñez"), "Jürgen O'Brien-Ñúñez"),
        (Party("+4930123456", "💜 Ada 💜🎉"), "Ada"),
        (Party("+4930123456", "🎉🎉"), "0 3 0, 1 2 3 4 5 6"),
        (Party("+4930123456"), "0 3 0, 1 2 3 4 5 6"),
        (Party("+43 1 5880 1234"), "plus 4 3, 1, 5 8 8 0 1 2 3 4"),
        (Party("+4930123456", "030123456"), "0 3 0 1 2 3 4 5 6"),
        (Party("x", "Agent 007, room 12"), "Agent 0 0 7 , room 12"),
        (Party("sip:ada@example.org"), "ada"),
        (Party("", ""), "somebody who hides the number"),
        (Party("x", "a" * 500), "a" * 40),
        (Party("x", "Robert'); DROP TABLE calls;--"), "Robert' DROP TABLE calls --"),
        (Party("x", "Ada\r\nBob\x00\u202e"), "Ada Bob"),
        (Party("x", "[[h@l'oU]] <break/>"), "h l'oU break"),
        (Party("x", "ⒶⒹⒶ"), "ADA"),
    ],
)
def test_who_calls(party: Party, said: str) -> None:
    assert spoken.caller("en", party, "DE") == said


@given(some.text(max_size=300), some.text(max_size=300))
def test_any_name_can_be_spoken(address: str, name: str) -> None:
    said = spoken.caller("de", Party(address, name), "DE")
    assert said.strip()
    assert "\n" not in said
    assert len(said) < 200
    assert not set(said) & set('<>[]{}\\"$`')


def test_a_name_is_cut_between_words() -> None:
    name = "Donaudampfschifffahrtsgesellschaft Kapitän Ahab"
    said = spoken.caller("de", Party("x", name), "DE")
    assert said == "Donaudampfschifffahrtsgesellschaft"


def test_braces_in_a_name_are_no_placeholders() -> None:
    assert spoken.spoken("de", "This call ends in {seconds} seconds.", seconds="{name}").endswith(
        "{name} Sekunden."
    )


@pytest.mark.parametrize(
    ("network", "language", "said"),
    [("sip", "en", "telephone"), ("sip", "de", "Telefon"), ("loopback", "de", "Loopback")],
)
def test_networks(network: str, language: str, said: str) -> None:
    assert spoken.network(language, network) == said


def test_a_language_nobody_translated_is_english() -> None:
    assert spoken.spoken("fr", "Test call") == "Test call"


SPOKEN = {"say": (2,), "_say": (2,), "spoken": (2,), "N_": None}
"""Where sentences stand in the source, and as which argument."""


def sentences() -> set[str]:
    """Every message id that is spoken."""
    said = set()
    for path in CALLS.rglob("*.py"):
        with path.open("rb") as file:
            said |= {str(found[1]) for found in extract("python", file, SPOKEN)}
    with DECLARED.open("rb") as file:
        said |= {str(found[1]) for found in extract("python", file, {"S_": None})}
    return said


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_sentence_is_in_the_catalog_and_no_other(language: str) -> None:
    path = spoken.LOCALE / language / "LC_MESSAGES" / "bridge.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    assert {str(message.id) for message in catalog if message.id} == sentences()
    for message in catalog:
        if message.id:
            assert not list(message.check(catalog)), message.id
            assert language == "en" or message.string, message.id
            names = re.findall(r"\{\w+\}", str(message.id))
            assert language == "en" or sorted(names) == sorted(
                re.findall(r"\{\w+\}", str(message.string))
            )
