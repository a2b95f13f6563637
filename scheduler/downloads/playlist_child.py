"""The process that reads the playlist of an episode; `segments` is our side of it."""

import socket
from typing import Any

from bridge.children.serving import serve
from bridge.playlists import decoded, hls


def read(body: bytes, head: dict[str, Any]) -> Any:
    return hls(decoded(body), head["address"])


def main(end: socket.socket) -> None:
    serve(end, read)
