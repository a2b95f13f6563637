"""Bringing a file here: what has come already is not asked for again (RFC 9110 section 14)."""

import asyncio
import re

import httpx

from bridge.errors import BadInput, NetworkDown
from scheduler.downloads.part import Part
from scheduler.web import Web, WebAnswer

LARGEST = 500_000_000
"""Bytes of an episode."""
WITHIN = 1800.0
"""Seconds for one try; what has come by then is kept for the next one."""
_PLAIN = {"Accept-Encoding": "identity"}
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


async def transfer(web: Web, address: str, part: Part, largest: int = LARGEST) -> str:
    """All of it is in `part`; its media type is given back. The errors of scheduler.web, where
    NetworkDown means that another try may go on where this one ended.
    """
    version = part.version
    resumed = part.size > 0 and version.get("address") == address and version.get("validator")
    headers = {"Range": f"bytes={part.size}-", "If-Range": version["validator"]} if resumed else {}
    async with web.opened(address, {**_PLAIN, **headers}) as answer:
        host = answer.response.url.host
        if answer.status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.begin(address)
            raise NetworkDown("feed_unreachable", host=host)  # the next try begins anew
        if not (resumed and _goes_on(answer, part.size)):
            if answer.status == httpx.codes.PARTIAL_CONTENT:  # of something else
                part.begin(address)
                raise NetworkDown("feed_unreachable", host=host)
            told = answer.headers
            part.begin(address, told.get("etag", ""), told.get("last-modified", ""))
        try:
            async with asyncio.timeout(WITHIN):
                await _receive(answer, part, largest)
        except TimeoutError:
            raise NetworkDown("feed_unreachable", host=host) from None
        await asyncio.to_thread(part.settle)
        kind: str = answer.headers.get("content-type", "")
        return kind.partition(";")[0].strip().lower()


def _goes_on(answer: WebAnswer, at: int) -> bool:
    found = _RANGE.match(answer.headers.get("content-range", ""))
    partial = answer.status == httpx.codes.PARTIAL_CONTENT
    return partial and found is not None and int(found[1]) == at


async def _receive(answer: WebAnswer, part: Part, largest: int) -> None:
    host = answer.response.url.host
    promised = answer.headers.get("content-length", "")
    expected = part.size + int(promised) if promised.isdigit() else None
    if expected is not None and expected > largest:
        raise BadInput("feed_too_large", host=host)
    async for piece in answer.pieces():
        if part.size + len(piece) > largest:
            raise BadInput("feed_too_large", host=host)
        part.add(piece)
    if expected is not None and part.size != expected:
        raise NetworkDown("feed_unreachable", host=host)
