"""What a typed line means.

text            is sent, a command such as /start too
12              presses the button with that number
@PATH           sends the file
!press LABEL    presses the newest button whose label contains LABEL
!wait TEXT [S]  waits up to S seconds until the bot has shown TEXT since the last step
!say TEXT       sends TEXT whatever it looks like
!quit           ends the chat
"""

import re
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 10.0
"""Seconds that a script waits for a text or a button unless it says otherwise."""

_SECONDS = r"(?:\s+(?P<seconds>\d+(?:\.\d+)?))?"
_QUOTED = re.compile(rf'"(?P<text>[^"]+)"{_SECONDS}')
_PLAIN = re.compile(rf"(?P<text>.+?){_SECONDS}")


@dataclass(frozen=True)
class TypeText:
    """A text is sent."""

    text: str


@dataclass(frozen=True)
class PressNumber:
    """The button of this number is pressed."""

    number: int


@dataclass(frozen=True)
class PressLabel:
    """The button with this label is pressed."""

    label: str
    seconds: float = PATIENCE


@dataclass(frozen=True)
class SendFile:
    """A file of this machine is sent."""

    path: Path


@dataclass(frozen=True)
class WaitFor:
    """Nothing is typed until this is seen."""

    text: str
    seconds: float = PATIENCE


@dataclass(frozen=True)
class Quit:
    """The chat ends."""


@dataclass(frozen=True)
class Mistyped:
    """A word with an exclamation mark that means nothing here."""

    word: str


Step = TypeText | PressNumber | PressLabel | SendFile | WaitFor | Quit | Mistyped


def read(line: str, *, literal: bool) -> Step | None:
    """`literal`: the line answers a question, so that a number or an @ is a part of the answer."""
    stripped = line.strip()
    if not stripped:
        return None
    word, _, rest = stripped.partition(" ")
    rest = rest.strip()
    match word:
        case "!quit" if not rest:
            return Quit()
        case "!press" if rest:
            quoted = _QUOTED.fullmatch(rest)
            return PressLabel(*_timed(quoted)) if quoted else PressLabel(rest)
        case "!say" if rest:
            return TypeText(rest)
        case "!wait" if rest:
            timed = _QUOTED.fullmatch(rest) or _PLAIN.fullmatch(rest)
            return WaitFor(*_timed(timed)) if timed else WaitFor(rest)
    if literal:
        return TypeText(line)
    if re.fullmatch(r"![a-z]+", word):
        return Mistyped(word)
    if re.fullmatch(r"\d{1,2}", stripped):
        return PressNumber(int(stripped))
    if stripped.startswith("@") and "/" in stripped:
        return SendFile(Path(stripped[1:].strip()).expanduser())
    return TypeText(line)


def _timed(found: re.Match[str]) -> tuple[str, float]:
    return found["text"], float(found["seconds"] or PATIENCE)
