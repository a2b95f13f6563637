"""What a worker and its children for speech say to each other, on a stream.

A message is two lengths, JSON, and sound. The worker's side must not trust the other one: what
cannot be read is a ValueError.
"""

import json
import struct
from dataclasses import asdict
from typing import Any

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from bridge.audio.speech.recognizer import Candidate, Option

HEAD = struct.Struct("<II")
_NOTHING_ELSE = ConfigDict(extra="forbid", allow_inf_nan=False)
_LONGEST_TEXT, _LONGEST_SOUND = 1 << 20, 64 << 20
"""Bytes."""


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Ready:
    """The engine is loaded."""

    tag: int = 0


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Useless:
    """It cannot be loaded; `why` is for the log."""

    why: str
    tag: int = 0


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Choose:
    """`tag` comes back with the answer."""

    tag: int
    rate: int
    language: str
    options: tuple[Option, ...]
    pcm: bytes = b""


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Transcribe:
    """Write down what is said in this sound."""

    tag: int
    rate: int
    language: str
    pcm: bytes = b""


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Say:
    """Speak this text."""

    tag: int
    language: str
    text: str


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Chosen:
    """The answer to Choose, the likeliest first."""

    tag: int
    choices: tuple[Candidate, ...]


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Transcribed:
    """The answer to Transcribe."""

    tag: int
    text: str | None


@dataclass(frozen=True, config=_NOTHING_ELSE)
class Spoken:
    """16-bit mono samples, `rate` of them a second; none where it failed."""

    tag: int
    rate: int
    pcm: bytes = b""


Question = Choose | Transcribe | Say
Message = Ready | Useless | Question | Chosen | Transcribed | Spoken
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (Ready, Useless, Choose, Transcribe, Say, Chosen, Transcribed, Spoken)
}


def seconds(question: Question) -> int:
    """Of the sound in it."""
    return 0 if isinstance(question, Say) else len(question.pcm) // (2 * question.rate)


def pack(message: Message) -> bytes:
    fields = asdict(message)
    pcm: bytes = fields.pop("pcm", b"")
    text = json.dumps([type(message).__name__, fields]).encode()
    return HEAD.pack(len(text), len(pcm)) + text + pcm


def lengths(head: bytes) -> tuple[int, int]:
    """Of the text and of the sound that follow; ValueError when they are absurd."""
    text, sound = HEAD.unpack(head)
    if text > _LONGEST_TEXT or sound > _LONGEST_SOUND:
        raise ValueError(f"a message of {text} and {sound} bytes")
    return text, sound


def unpack(text: bytes, pcm: bytes = b"") -> Message:
    """ValueError when it is none of ours."""
    try:
        kind, fields = json.loads(text)
        message: Message = _KINDS[kind](**fields, **({"pcm": pcm} if pcm else {}))
    except (LookupError, TypeError, RecursionError) as why:
        raise ValueError(f"not a message: {text[:40]!r}") from why
    return message
