"""The web app of the tests, whose page can be told to click."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.peers.web import Asked, Page, rendered
from tests.peers.web_telephone import WebTelephone

_SCRIPT = Path(__file__).parent / "pages" / "clicks.js"
_TAG = b'<script src="clicks.js"></script>'


class ClickingTelephone(WebTelephone):
    """`clicks` is whose page does; `at` is when it did (time.monotonic)."""

    clicks = ""

    def __init__(self, directory: Path, accounts: dict[str, str]) -> None:
        super().__init__(directory, accounts)
        self.at: list[float] = []

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        place = urlsplit(asked.path)
        match place.path:
            case "/index.html":
                page = self._file("/index.html")
                page = Page(page.body + _TAG, page.mime)
            case "/clicks.js":
                page = Page(_SCRIPT.read_bytes(), "text/javascript")
            case "/clicking":
                is_meant = self.clicks and self._who(asked) == self.clicks
                page = Page(b"yes" if is_meant else b"no", "text/plain")
            case "/clicked":
                [said] = parse_qs(place.query)["at"]
                self.at.append(float(said) - time.time() + time.monotonic())
                page = Page()
            case _:
                return await super()._answer(asked, writer)
        writer.write(rendered(asked, page))
        return True
