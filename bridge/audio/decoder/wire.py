"""What a worker and its decoder say to each other: one message is one datagram of a SOCK_SEQPACKET
pair.

Sound is told apart by its first byte; everything else is JSON. The worker's side must not trust the
other one: what cannot be read is a ValueError.
"""

import json
import struct
from dataclasses import asdict
from typing import Any

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

LARGEST = 1 << 16
"""Bytes of a message."""
PORTION = 0.2
"""Seconds of sound in a message; only the last one before an end is shorter."""
_SOUND = b"\x00"
_HEAD = struct.Struct("<cId")
_STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, config=_STRICT)
class Load:
    """Open the address of a station, or a file, of which a descriptor comes along. `tag` marks all
    that follows from it. A station that is down is an end, or with `patient` is waited for.
    """

    tag: int
    where: str
    live: bool = False
    at: float = 0.0
    speed: float = 1.0
    patient: bool = False


@dataclass(frozen=True, config=_STRICT)
class Go:
    """Go on in the same file from `at`, in seconds."""

    tag: int
    at: float
    speed: float


@dataclass(frozen=True, config=_STRICT)
class ReachStation:
    """Connect the decoder to a station's host."""

    tag: int
    host: str
    port: int


@dataclass(frozen=True, config=_STRICT)
class StationReached:
    """A descriptor of the connection comes along; or `why` not: a code of bridge.errors."""

    tag: int
    why: str = ""


@dataclass(frozen=True, config=_STRICT)
class Loaded:
    """It can be decoded. `seconds` is how long it says it is, None for a station."""

    tag: int
    seconds: float | None = None


@dataclass(frozen=True, config=_STRICT)
class Sound:
    """16-bit mono PCM; `position` is where its first sample is in the source, in seconds."""

    tag: int
    position: float
    pcm: bytes


@dataclass(frozen=True, config=_STRICT)
class Title:
    """The station says what it plays."""

    tag: int
    title: str


@dataclass(frozen=True, config=_STRICT)
class Lost:
    """The station is gone, and is tried again. `why` is a code of bridge.errors."""

    tag: int
    why: str


@dataclass(frozen=True, config=_STRICT)
class StationBack:
    """The station is back."""

    tag: int


@dataclass(frozen=True, config=_STRICT)
class End:
    """Nothing more will come; `why`: a code of bridge.errors, empty at the end of a file."""

    tag: int
    why: str = ""


Message = (
    Load | Go | ReachStation | StationReached | Loaded | Sound | Title | Lost | StationBack | End
)
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (Load, Go, ReachStation, StationReached, Loaded, Title, Lost, StationBack, End)
}


def pack(message: Message) -> bytes:
    if isinstance(message, Sound):
        return _HEAD.pack(_SOUND, message.tag, message.position) + message.pcm
    return json.dumps([type(message).__name__, asdict(message)]).encode()


def unpack(datagram: bytes) -> Message:
    """ValueError when it is none of ours."""
    try:
        if datagram[:1] == _SOUND:
            _, tag, position = _HEAD.unpack_from(datagram)
            return Sound(tag, position, datagram[_HEAD.size :])
        kind, fields = json.loads(datagram)
        message: Message = _KINDS[kind](**fields)
    except (struct.error, LookupError, TypeError, RecursionError) as why:
        raise ValueError(f"not a message: {datagram[:40]!r}") from why
    return message
