"""Buttons and what they carry: at most 64 bytes of callback data, written and read only here.

A button carries "screen.act:argument:argument". A UUID travels as 22 characters (base64url of its
16 bytes), so that two of them fit. What is read back is checked against the types that the act
declares.
"""

import base64
import binascii
from collections.abc import Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.sanitise import tidy

Rows = Sequence[Sequence[InlineKeyboardButton]]

MOST_BYTES = 64
LONGEST_LABEL = 40


class Outdated(Exception):
    """A button whose act or arguments this version of the bot does not know (any more)."""


def button(label: str, act: str, *arguments: object) -> InlineKeyboardButton:
    # Telegram refuses a message of which one button says nothing
    shown = tidy(label, LONGEST_LABEL) or "–"
    return InlineKeyboardButton(shown, callback_data=pack(act, arguments))


def to(label: str, screen: str) -> InlineKeyboardButton:
    """A button that opens another screen."""
    return button(label, f"{screen}.open")


def pack(act: str, arguments: Sequence[object]) -> str:
    packed = ":".join([act, *(_written(argument) for argument in arguments)])
    if len(packed.encode()) > MOST_BYTES:
        raise ValueError(f"{act}: a button holds {MOST_BYTES} bytes, not {len(packed.encode())}")
    return packed


def unpack(packed: str) -> tuple[str, list[str]]:
    act, *arguments = packed.split(":")
    return act, arguments


def read(kinds: Sequence[type[Any]], written: Sequence[str]) -> list[Any]:
    """The arguments as the act wants them; Outdated when they do not fit."""
    if len(kinds) != len(written):
        raise Outdated
    try:
        return [_read(kind, text) for kind, text in zip(kinds, written, strict=True)]
    except (ValueError, binascii.Error) as why:
        raise Outdated from why


def mark(id: UUID) -> str:
    """8 characters that tell a thing from the few others of its owner, where three things would
    not fit on a button.
    """
    return base64.urlsafe_b64encode(id.bytes[:6]).decode()


def columns(buttons: Sequence[InlineKeyboardButton], width: int = 2) -> Rows:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    filled = [list(row) for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def _written(argument: object) -> str:
    match argument:
        case UUID():
            return base64.urlsafe_b64encode(argument.bytes).decode().rstrip("=")
        case bool():
            return str(int(argument))
        case Enum():
            return _written(argument.value)
        case int():
            return str(argument)
        case str() if ":" not in argument:
            return argument
    raise ValueError(f"a button cannot carry {argument!r}")


def _read(kind: type[Any], text: str) -> Any:
    if kind is UUID:
        return UUID(bytes=base64.urlsafe_b64decode(text + "=="))
    if kind is bool:
        return bool(int(text))
    return kind(text)
