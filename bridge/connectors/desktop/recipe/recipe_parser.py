"""Reading a recipe from its file, and saying what is wrong in it."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.errors import SetupFault

LARGEST = 64 << 10
"""Bytes."""


def read(path: Path) -> Recipe:
    """SetupFault("bad_recipe") with file, key and remedy for the first thing that is wrong."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise fault(path, "", f"is larger than {LARGEST >> 10} kB")
        written = tomllib.loads(raw.decode())
    except OSError as why:
        raise fault(path, "", f"cannot be read: {why.strerror}") from None
    except UnicodeDecodeError:
        raise fault(path, "", "is not written in UTF-8") from None
    except tomllib.TOMLDecodeError as why:
        raise fault(path, "", f"is no TOML: {why}") from None
    try:
        return Recipe.model_validate(written)
    except ValidationError as why:
        first = why.errors(include_url=False, include_input=False)[0]
        raise fault(path, _key(first["loc"]), _said(first)) from None


def fault(path: Path, key: str, why: str) -> SetupFault:
    where = f"{path}: {key}" if key else str(path)
    return SetupFault(
        "bad_recipe",
        file=path.name,
        key=key,
        why=f"{where}{'' if why[:1] in ':,' else ' '}{why}.",
        remedy="Correct it; docs/recipes.md explains every key.",
    )


def _key(place: Sequence[int | str]) -> str:
    """The second step of `dial` is written "dial[2].run"."""
    key = ""
    for part in place:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        elif part not in _NOT_WRITTEN:
            key += f".{part}" if key else part
    return key


_NOT_WRITTEN = ("str", "int", "bool", "Point", "[key]")
"""Pydantic's names for the branches of a union."""
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a key of a recipe",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "model_type": "must be a table",
    "dict_type": "must be a table",
}


def _said(error: Any) -> str:
    if error["type"] in _WORDS:
        return _WORDS[error["type"]]
    if error["type"] == "literal_error":
        return f"must be {error['ctx']['expected']}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return f"cannot be used: {error['msg'][:1].lower()}{error['msg'][1:]}"
