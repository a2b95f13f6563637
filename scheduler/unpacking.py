"""Content codings (RFC 9110 section 8.4.1) with a limit on what comes out, not on what goes in: a
kilobyte of gzip can be a megabyte of nothing.
"""

import zlib

import httpx

from bridge.errors import BadInput, NetworkDown

_EITHER = 32 + zlib.MAX_WBITS  # gzip or zlib, as its first bytes say
_GZIP = b"\x1f\x8b"
_BARE = -zlib.MAX_WBITS  # deflate as some servers understand it, without its frame


async def unpacked(response: httpx.Response, largest: int) -> bytes:
    """The whole body; BadInput("feed_too_large") as soon as it is more than `largest` bytes,
    NetworkDown("feed_unreachable") when it is damaged.
    """
    host = response.url.host
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise NetworkDown("feed_unreachable", host=host)  # we asked for no other
    packed = coding not in ("identity", "")
    body = _Body(largest, host)
    async for piece in response.aiter_raw():
        try:
            body.unpack(piece) if packed else body.take(piece)
        except zlib.error:
            raise NetworkDown("feed_unreachable", host=host) from None
    return body.whole(packed)


class _Body:
    def __init__(self, largest: int, host: str) -> None:
        self._largest, self._host = largest, host
        self._taken = bytearray()
        self._unpacker = zlib.decompressobj(_EITHER)
        self._begun = False

    def take(self, piece: bytes) -> None:
        self._taken += piece
        if len(self._taken) > self._largest:
            raise BadInput("feed_too_large", host=self._host)

    def unpack(self, piece: bytes) -> None:
        if not self._begun and piece:
            self._begun = True
            if not _has_frame(piece):
                self._unpacker = zlib.decompressobj(_BARE)
        while piece:
            if self._unpacker.eof:  # gzip may consist of several members
                if not piece.startswith(_GZIP):
                    return  # rubbish after the end
                self._unpacker = zlib.decompressobj(_EITHER)
            room = self._largest - len(self._taken) + 1
            self.take(self._unpacker.decompress(piece, room))
            piece = self._unpacker.unused_data

    def whole(self, packed: bool) -> bytes:
        if packed and self._begun and not self._unpacker.eof:
            raise NetworkDown("feed_unreachable", host=self._host)  # cut off
        return bytes(self._taken)


def _has_frame(start: bytes) -> bool:
    """Of gzip, or of zlib (RFC 1950 section 2.2), whose first two bytes are a multiple of 31."""
    zlib_method = start[0] & 0x0F == 8 and start[0] >> 4 <= 7
    return start[0] == _GZIP[0] or (
        zlib_method and (len(start) == 1 or int.from_bytes(start[:2], "big") % 31 == 0)
    )
