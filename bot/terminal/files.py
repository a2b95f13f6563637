"""The files of a chat: what the bot uploads and what the person sends, kept as bytes in memory."""

import io
import itertools
import re
import struct
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.terminal.refusal import BotApiRefusal, bad_request

LARGEST_UPLOAD = 50 * 2**20
LARGEST_PHOTO = 10 * 2**20
LARGEST_DOWNLOAD = 20 * 2**20
"""The limits of the real Bot API (https://core.telegram.org/bots/api#sending-files)."""

MOST_KEPT = 256 * 2**20
"""Bytes kept in all; the oldest files go first, as a chat may run for weeks."""

LONGEST_SECONDS = 24 * 3600
"""A recording that says it is longer is broken."""

KINDS = {
    ".ogg": "voice",
    ".oga": "voice",
    ".opus": "voice",
    ".mp3": "audio",
    ".m4a": "audio",
    ".wav": "audio",
    ".flac": "audio",
    ".png": "photo",
    ".jpg": "photo",
    ".jpeg": "photo",
}
"""As what a client sends a file; everything else is a document."""

_TYPES = {"voice": "audio/ogg", "photo": "image/jpeg"}
_ENDINGS = {"voice": ".oga", "photo": ".jpg", "audio": ".mp3"}


@dataclass(frozen=True)
class Media:
    """A file in a message; `seconds` is the length of sound, 0 where there is none."""

    kind: str
    id: str
    size: int
    name: str = ""
    mime: str = ""
    seconds: int = 0

    @property
    def path(self) -> str:
        ending = re.search(r"\.\w{1,8}$", self.name)
        return f"{self.kind}/{self.id}{ending[0] if ending else _ENDINGS.get(self.kind, '')}"

    def as_json(self) -> dict[str, Any] | list[dict[str, Any]]:
        shown: dict[str, Any] = {
            "file_id": self.id,
            "file_unique_id": self.id,
            "file_size": self.size,
        }
        if self.kind == "photo":
            return [{**shown, "width": 0, "height": 0}]
        shown["mime_type"] = self.mime
        if self.kind in {"voice", "audio"}:
            shown["duration"] = self.seconds
        if self.kind != "voice" and self.name:
            shown["file_name"] = self.name
        return shown


class Files:
    """The files of a chat, kept in memory."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}
        self._known: dict[str, Media] = {}
        self._numbers = itertools.count(1)

    def keep(
        self, kind: str, content: bytes, name: str = "", mime: str = "", seconds: int | None = None
    ) -> Media:
        length = seconds_of(content) if seconds is None else seconds
        kept_id = f"file_{next(self._numbers)}"
        kept_mime = _TYPES.get(kind) or mime or "application/octet-stream"
        media = Media(kind, kept_id, len(content), name, kept_mime, length)
        self._contents[media.id], self._known[media.id] = content, media
        while len(self._contents) > 1 and sum(map(len, self._contents.values())) > MOST_KEPT:
            del self._contents[next(iter(self._contents))]
        return media

    def upload(
        self,
        kind: str,
        given: object,
        parts: Mapping[str, tuple[str, bytes, str]],
        seconds: int | None = None,
    ) -> Media:
        """The media of a request: a part of the upload."""
        written = given if isinstance(given, str) else ""
        part = parts.get(written.removeprefix("attach://") or kind)
        if part is None:
            raise bad_request(f"there is no {kind} in the request")
        name, content, mime = part
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > LARGEST_UPLOAD:
            raise BotApiRefusal(413, "Request Entity Too Large")
        if kind == "photo" and len(content) > LARGEST_PHOTO:
            raise bad_request(
                f"file of size {len(content)} bytes is too big for a photo; "
                f"the maximum size is {LARGEST_PHOTO} bytes"
            )
        return self.keep(kind, content, name, mime, seconds)

    def content(self, file_id: str) -> bytes | None:
        return self._contents.get(file_id)

    def find(self, file_id: str) -> Media:
        """A file that may be downloaded."""
        media = self._known.get(file_id)
        if media is None or file_id not in self._contents:
            raise bad_request("invalid file_id")
        if media.size > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return media

    def download(self, path: str) -> bytes:
        for media in self._known.values():
            if media.path == path and media.id in self._contents:
                return self._contents[media.id]
        raise BotApiRefusal(404, "Not Found")


def seconds_of(content: bytes) -> int:
    """The length of an OGG/Opus voice note or a WAV recording; 0 for what is neither."""
    last_page = content.rfind(b"OggS")
    if content.startswith(b"OggS") and len(content) >= last_page + 14:
        # RFC 7845 section 4: the granule position of the last page counts samples at 48 kHz
        samples: int = struct.unpack_from("<q", content, last_page + 6)[0]
        seconds = round(samples / 48000)
        return seconds if 0 <= seconds <= LONGEST_SECONDS else 0
    if content.startswith(b"RIFF"):
        try:
            with wave.open(io.BytesIO(content)) as recording:
                frames, rate = int(recording.getnframes()), int(recording.getframerate())
            return round(frames / rate)
        except (wave.Error, EOFError, ZeroDivisionError):
            return 0
    return 0
