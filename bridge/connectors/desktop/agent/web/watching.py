"""What the web app shows, told whenever it shows something else."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from playwright.async_api import Error, Page

from bridge.connectors.desktop.agent.web.page_scripts import SHOWN
from bridge.connectors.desktop.protocol.messages import PageSeen, Told

EVERY = 20.0
"""Seconds between two looks at a page that says nothing: it may have changed in a way that it does
not notice itself, by its style alone.
"""
_AT_MOST_EVERY = 0.2
_LOOKS_WITHIN = 5.0


class Watching:
    """`follow` the page that `shown` gives (None where there is none)."""

    def __init__(self, shown: Callable[[], Page | None], tell: Callable[[Told], None]) -> None:
        self._shown = shown
        self._tell = tell
        self._elements: Mapping[str, str] = {}
        self._seen: PageSeen | None = None
        self._changed = asyncio.Event()

    def watch(self, elements: Mapping[str, str]) -> None:
        """From now on for these, by name; what can be seen now is told anew."""
        self._elements, self._seen = elements, None
        self._changed.set()

    def changed(self, *_: object) -> None:
        """Something has."""
        self._changed.set()

    async def follow(self) -> None:
        """Without end."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._changed.wait()
            self._changed.clear()
            # a page that is just being left does not answer, and then says that it has changed
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(_LOOKS_WITHIN):
                    await self._look()
            await asyncio.sleep(_AT_MOST_EVERY)

    async def _look(self) -> None:
        page = self._shown()
        if page is None:
            return
        elements = self._elements
        said = await asyncio.gather(*(_text(page, element) for element in elements.values()))
        texts = {name: text for name, text in zip(elements, said, strict=True) if text is not None}
        seen = PageSeen(url=page.url[:4000], shown=frozenset(texts), texts=texts)
        if seen != self._seen and elements is self._elements:
            self._seen = seen
            self._tell(seen)


async def _text(page: Page, selector: str) -> str | None:
    said = await page.locator(selector).evaluate_all(SHOWN)
    return None if said is None else " ".join(str(said).split())[:200]
