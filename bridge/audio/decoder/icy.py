"""The titles that Icecast and SHOUTcast weave into a stream: after every `icy-metaint` bytes of
sound a byte that counts 16-byte units, and so much text.
"""

import re
from collections.abc import Callable

from bridge.audio.decoder.web import ByteStream
from bridge.playlists import decoded
from bridge.text import clean_text

_TITLE = re.compile(r"StreamTitle='(.*?)'\s*(?:;\s*(?:Stream\w+=|$)|$)", re.DOTALL)


class IcyReader:
    """A file of nothing but sound; `hear` gets each title."""

    def __init__(self, feed: ByteStream, interval: int, hear: Callable[[str], None]) -> None:
        self._feed = feed
        self._interval = self._left = interval
        self._hear = hear

    def read(self, size: int) -> bytes:
        if self._left == 0:
            self._read_title()
            self._left = self._interval
        sound = self._feed.read(min(size, self._left))
        self._left -= len(sound)
        return sound

    def _read_title(self) -> None:
        length = self._feed.exactly(1)
        text = decoded(self._feed.exactly(16 * length[0])) if length else ""
        if found := _TITLE.search(text.rstrip("\0")):
            self._hear(clean_text(found[1]))
