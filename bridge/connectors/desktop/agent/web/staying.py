"""A page that is talked through is not left: neither when it reloads itself for a new version, nor
when its sign-in has expired. What would have left it is done when the call is over.
"""

from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession, Error, Page

_LOADS_WITHIN = 8_000.0
"""Milliseconds."""
_DOCUMENTS = {"patterns": [{"resourceType": "Document"}]}


class Staying:
    """On one page at a time."""

    def __init__(self) -> None:
        self._held: CDPSession | None = None
        self._page: Page | None = None
        self._frame = self._wanted = ""

    async def begin(self, page: Page) -> None:
        """Twice is harmless."""
        if self._held is not None:
            return
        with suppress(Error):  # a page that is just closing is not held
            held = await page.context.new_cdp_session(page)
            tree = await held.send("Page.getFrameTree")
            self._frame, self._wanted = tree["frameTree"]["frame"]["id"], ""
            held.on("Fetch.requestPaused", self._decide)
            await held.send("Fetch.enable", _DOCUMENTS)
            self._held, self._page = held, page

    async def end(self) -> None:
        held, page, self._held = self._held, self._page, None
        if held is None or page is None:
            return
        with suppress(Error):
            await held.detach()
        if self._wanted:
            with suppress(Error):
                await page.goto(self._wanted, wait_until="commit", timeout=_LOADS_WITHIN)

    async def _decide(self, request: dict[str, Any]) -> None:
        """An answer without content (RFC 9110 section 15.3.5) leaves the page as it is."""
        if self._held is None:
            return
        which = {"requestId": request["requestId"]}
        with suppress(Error):
            if request["frameId"] != self._frame:
                await self._held.send("Fetch.continueRequest", which)
                return
            self._wanted = request["request"]["url"]
            await self._held.send("Fetch.fulfillRequest", {**which, "responseCode": 204})
