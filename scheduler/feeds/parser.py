"""The parser's process, started by `reading`.

To it comes one feed after another: a line of JSON with its length and where it came
from, then its bytes. For each, one line of JSON goes out: the Document, or null when there is no
sense in it.
"""

import json
import socket
from typing import BinaryIO

from scheduler.feeds.document import understood
from scheduler.feeds.feed_document import Document


def serve(feeds: BinaryIO, documents: BinaryIO) -> None:
    while line := feeds.readline():
        told = json.loads(line)
        body = feeds.read(told["length"])
        document = _read(body, told["address"], told["content_type"])
        documents.write(json.dumps(document and document.as_json()).encode() + b"\n")
        documents.flush()


def _read(body: bytes, address: str, content_type: str) -> Document | None:
    try:
        return understood(body, address, content_type)
    except Exception:  # whatever a stranger's bytes do to two large libraries, it is a bad feed
        return None


def main(end: socket.socket) -> None:
    serve(end.makefile("rb"), end.makefile("wb"))
