"""The process that reads a user's files; `reading` is our side of it."""

import socket
from typing import Any

from bridge.children.serving import serve
from bridge.desk.imports import opml, vcards


def read(body: bytes, head: dict[str, Any]) -> Any:
    match head:
        case {"form": "vcards"}:
            cards = vcards.read(body.decode())
            return [(card.shown, card.addresses[: vcards.MOST_ADDRESSES]) for card in cards]
        case {"form": "opml"}:
            return opml.read(body.decode())


def main(end: socket.socket) -> None:
    serve(end, read)
