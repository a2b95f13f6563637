"""Everything that is said is said in both languages, and nothing else is in the catalogs."""

import ast
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from bot.screens.listening.playing import MISSED
from bot.screens.phones.new_phone import OUTCOMES
from bot.wording.catalog import LANGUAGES, ROOT, extract, read
from bot.wording.refusals import REFUSALS
from bot.wording.sentences import CARD_REASONS, CAUSES, HEALTHS, LIKELY, PHONE_STATES, REMEDIES
from bridge.api.views import PhoneState
from bridge.errors import KINDS
from bridge.terms import Cause, Health

MEND = "run `python -m bot.wording.catalog` and translate what it left empty"


def told(message: Message) -> list[str]:
    return list(message.string) if message.pluralizable else [str(message.string)]


def asked(message: Message) -> list[str]:
    return list(message.id) if message.pluralizable else [str(message.id)]


def messages(language: str) -> Iterator[Message]:
    return (message for message in read(language) if message.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_holds_what_is_said_and_no_more(language: str) -> None:
    catalog, source = read(language), extract()
    said = {message.id for message in source if message.id}
    kept = {message.id for message in catalog if message.id}
    assert said - kept == set(), MEND
    assert kept - said == set(), MEND
    assert not catalog.obsolete, MEND


def test_everything_is_translated() -> None:
    assert not [message.id for message in messages("de") if not all(told(message))], MEND


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_a_guess(language: str) -> None:
    assert not [message.id for message in messages(language) if message.fuzzy]


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_facts_and_tags(language: str) -> None:
    for message in messages(language):
        # German has two plural forms, as English has: each is compared with its own
        for ours, theirs in zip_longest(asked(message), filter(None, told(message))):
            if theirs is not None:
                assert facts(ours) == facts(theirs), (ours, theirs)
                assert tags(ours) == tags(theirs), (ours, theirs)


def facts(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w+>|/[a-z]{3,}\b", text))


def test_each_word_of_the_house_has_its_words() -> None:
    assert set(CAUSES) == set(Cause)
    assert set(HEALTHS) == set(REMEDIES) == set(Health)
    assert set(PHONE_STATES) == set(PhoneState)


# --- codes ---------------------------------------------------------------------------------------


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in sorted((ROOT / "bridge").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield path, node, name


def literals(node: ast.expr) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def raised() -> dict[str, str]:
    """The codes that the house raises, with where; SetupFault speaks to the host instead."""
    kinds = set(KINDS) - {"SetupFault"}
    return {
        code: f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call, name in calls()
        if name in kinds and call.args
        for code in literals(call.args[0])
    }


def given(*names: str) -> dict[str, str]:
    """The literal codes that the house gives to these fields, by whatever way of writing it."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "bridge").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for name, value in named(node):
                if name.lstrip("_") in names:
                    where = f"{path.relative_to(ROOT)}:{value.lineno}"
                    found |= {code: where for code in literals(value) if code}
    return found


def named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.keyword(arg=str(name), value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.Assign(targets=[target], value=value) if isinstance(
            value, ast.Constant | ast.IfExp
        ):
            yield getattr(target, "attr", getattr(target, "id", "")), value


def test_codes_are_found() -> None:
    assert {"invalid_number", "wrong_password", "no_such_phone"} <= set(raised()) | set(REFUSALS)
    assert len(raised()) > 30


def test_every_code_of_the_house_has_a_sentence() -> None:
    assert not {code: where for code, where in raised().items() if code not in REFUSALS}


def test_every_reason_has_a_sentence() -> None:
    known = (
        set(REFUSALS)
        | set(CARD_REASONS)
        | set(MISSED)
        | {cause.word for cause in Cause}
        | {"cancelled"}
    )
    reasons = {
        code.removeprefix("limit_"): where for code, where in given("reason", "rule").items()
    }
    assert not {code: where for code, where in reasons.items() if code not in known}


def test_every_outcome_and_likely_cause_has_words() -> None:
    assert "wrong_digits" in given("outcome")
    outcomes = set(OUTCOMES) | {"verified", "cooling"} | {cause.word for cause in Cause}
    assert not {code: where for code, where in given("outcome").items() if code not in outcomes}
    silences = {
        code: str(path)
        for path, call, name in calls()
        if name == "silent" and len(call.args) == 2
        for code in literals(call.args[1])
    } | given("likely")
    assert not {code: where for code, where in silences.items() if code not in LIKELY}
