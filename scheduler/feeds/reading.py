"""Our side of the parser: feeds are read in another process, which may be killed at any time."""

from urllib.parse import urlsplit

from pydantic import TypeAdapter

from bridge.children.kinds import FEED_PARSER
from bridge.children.reader import IDLE, Reader, ReadingRefused
from bridge.errors import BadInput
from scheduler.feeds.feed_document import Document

WITHIN = 40.0
"""Seconds for one feed."""
_DOCUMENT: TypeAdapter[Document | None] = TypeAdapter(Document | None)


class FeedReader(Reader):
    """One feed at a time."""

    def __init__(self, within: float = WITHIN, idle: float = IDLE) -> None:
        super().__init__(FEED_PARSER, within, idle)

    async def read(self, body: bytes, address: str, content_type: str = "") -> Document:
        """BadInput("feed_broken") when there is no sense in it."""
        try:
            told = await self.ask(_DOCUMENT, body, address=address, content_type=content_type)
        except ReadingRefused:
            told = None
        if told is None:
            raise BadInput("feed_broken", host=urlsplit(address).hostname or "")
        return told
