"""The parser's process: a feed and where it came from become a Document. Started by `reading`."""

import socket
from typing import Any

from bridge.children.serving import serve
from scheduler.feeds.document import understood


def read(body: bytes, head: dict[str, Any]) -> Any:
    return understood(body, head["address"], head["content_type"])


def main(end: socket.socket) -> None:
    serve(end, read)
