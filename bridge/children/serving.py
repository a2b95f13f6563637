"""A child that reads one thing after another; `reader` is our side of it.

To it comes a line of JSON with the length of what follows, and whatever else its reader says; back
goes a line of JSON, or an exclamation mark and why there is none.
"""

import json
import socket
from collections.abc import Callable
from typing import Any

from pydantic_core import to_json

from bridge.errors import HouseError

Read = Callable[[bytes, dict[str, Any]], Any]


def serve(end: socket.socket, read: Read) -> None:
    """Until they are gone. What `read` raises is a refusal: whatever a stranger's bytes do to a
    large library, there is no sense in them. MemoryError: the next child begins anew.
    """
    coming, going = end.makefile("rb"), end.makefile("wb")
    while line := coming.readline():
        head = json.loads(line)
        body = coming.read(head.pop("length"))
        going.write(_answer(read, body, head) + b"\n")
        going.flush()


def _answer(read: Read, body: bytes, head: dict[str, Any]) -> bytes:
    try:
        return to_json(read(body, head))
    except HouseError as why:
        return f"!{why.code}".encode()
    except MemoryError:
        raise
    except Exception:
        return b"!"
