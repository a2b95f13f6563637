"""What a decoder of stations gets from the web: streams and small texts, through the guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import httpx

from bridge.guarded_http import Dial, guarded_client

REDIRECTS = 5
SILENT = 10.0
"""Seconds without a byte, after which a station is gone."""
# compressed answers are not wanted: nothing would limit what they unpack to
_HEADERS = {"User-Agent": "Skype2SIP", "Accept": "*/*", "Accept-Encoding": "identity"}


class StationWeb:
    """One client; `with` it. Everything raises httpx.HTTPError, or NotAllowed for an address that
    is not public.
    """

    def __init__(self, dial: Dial) -> None:
        self._client = guarded_client(dial, headers=_HEADERS, timeout=SILENT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @contextmanager
    def answer(self, address: str, **headers: str) -> Iterator[httpx.Response]:
        """The successful answer, unread, after at most REDIRECTS redirects. httpx.InvalidURL."""
        request = self._client.build_request("GET", address, headers=headers)
        for _ in range(REDIRECTS + 1):
            response = self._client.send(request, stream=True)
            try:
                if response.next_request is None:
                    yield response.raise_for_status()
                    return
                request = response.next_request
            finally:
                response.close()
        raise httpx.TooManyRedirects("redirected again and again", request=request)

    def blob(self, address: str, largest: int) -> bytes:
        """A small answer; ValueError when it is larger than `largest` bytes."""
        with self.answer(address) as response:
            return whole(response, largest)


def whole(response: httpx.Response, largest: int) -> bytes:
    """Its body; ValueError when it is larger than `largest` bytes."""
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > largest:
            raise ValueError("more than expected")
    return bytes(body)


class ByteStream:
    """An iterator of bytes as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def exactly(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end."""
        taken = bytearray()
        while len(taken) < size and (piece := self.read(size - len(taken))):
            taken += piece
        return bytes(taken)
