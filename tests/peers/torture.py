"""Bad input: our own variants of what RFC 4475 tortures SIP parsers with, and what scanners send.

sipp sends well-formed messages only, so these go out as raw datagrams.  `{host}`, `{port}` are the
target's, `{own}` is the sender's host:port, `{id}` is new for each message.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Self

from tests.peers.programs import PeerFailed, until

T1 = 0.5  # seconds
_VIA = "Via: SIP/2.0/UDP {own};branch=z9hG4bK{id}\r\n"
_FROM = "From: <sip:mallory@{own}>;tag={id}\r\n"
_TO = "To: <sip:ada@{host}:{port}>\r\n"
_REST = "Call-ID: {id}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:mallory@{own}>\r\n"
_END = "Content-Length: 0\r\n\r\n"
_INVITE = "INVITE sip:ada@{host}:{port} SIP/2.0\r\n"
_SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"


def _with_body(body: str, length: int | None = None, kind: str = "application/sdp") -> str:
    size = len(body.encode()) if length is None else length
    head = _INVITE + _VIA + _FROM + _TO + _REST
    return head + f"Content-Type: {kind}\r\nContent-Length: {size}\r\n\r\n" + body


VARIANTS: dict[str, str] = {
    "nothing": "",
    "only line ends": "\r\n\r\n\r\n\r\n",
    "no sip at all": "GET / HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "half a request line": "INVITE sip:",
    "unknown version": _INVITE.replace("2.0", "7.0") + _VIA + _FROM + _TO + _REST + _END,
    "unknown method": "DANCE" + (_INVITE + _VIA + _FROM + _TO + _REST + _END)[6:],
    "method and CSeq differ": _INVITE
    + _VIA
    + _FROM
    + _TO
    + _REST.replace("1 INVITE", "1 BYE")
    + _END,
    "no Via": _INVITE + _FROM + _TO + _REST + _END,
    "no From": _INVITE + _VIA + _TO + _REST + _END,
    "no Call-ID": _INVITE + _VIA + _FROM + _TO + "CSeq: 1 INVITE\r\n" + _END,
    "two Call-IDs": _INVITE + _VIA + _FROM + _TO + _REST + "Call-ID: other\r\n" + _END,
    "unclosed quotes": _INVITE + _VIA + _FROM.replace("<", '"Mallory <') + _TO + _REST + _END,
    "unclosed angle": _INVITE + _VIA + _FROM.replace(">", "") + _TO + _REST + _END,
    "huge CSeq": _INVITE
    + _VIA
    + _FROM
    + _TO
    + _REST.replace("1 INV", "36893488147419103232 INV")
    + _END,
    "negative length": _with_body(_SDP, -999),
    "length past the end": _with_body(_SDP, 9999),
    "length before the end": _with_body(_SDP, 3),
    "Max-Forwards 300": _INVITE + _VIA + _FROM + _TO + _REST.replace("70", "300") + _END,
    "no colon": _INVITE + _VIA + _FROM + _TO + _REST + "This line says nothing\r\n" + _END,
    "a header of 30000": _INVITE
    + _VIA
    + _FROM
    + _TO
    + _REST
    + "X-Long: "
    + "a" * 30000
    + "\r\n"
    + _END,
    "a name of 8000": _INVITE
    + _VIA
    + _FROM.replace("<", '"' + "N" * 8000 + '" <')
    + _TO
    + _REST
    + _END,
    "500 Vias": _INVITE + _VIA * 500 + _FROM + _TO + _REST + _END,
    "nul in the name": _INVITE + _VIA + _FROM.replace("<", '"a\0b" <') + _TO + _REST + _END,
    "no utf-8 name": _INVITE + _VIA + _FROM.replace("<", '"\udcff\udcfe" <') + _TO + _REST + _END,
    "emoji name": _INVITE + _VIA + _FROM.replace("<", '"📞 Ädä 🦊" <') + _TO + _REST + _END,
    "sql name": _INVITE
    + _VIA
    + _FROM.replace("<", '"\'; DROP TABLE calls; --" <')
    + _TO
    + _REST
    + _END,
    "format string": _INVITE + _VIA + _FROM.replace("<", '"%s%n%x{{0}}" <') + _TO + _REST + _END,
    "sdp without media": _with_body(_SDP),
    "sdp port 99999": _with_body(_SDP + "m=audio 99999 RTP/AVP 8\r\n"),
    "sdp no codecs": _with_body(_SDP + "m=audio 4000 RTP/AVP\r\n"),
    "sdp unknown codecs": _with_body(_SDP + "m=audio 4000 RTP/AVP 77\r\na=rtpmap:77 X/1/99\r\n"),
    "sdp 1000 media": _with_body(_SDP + "m=audio 4000 RTP/AVP 8\r\n" * 1000),
    "sdp is noise": _with_body("\x01\x02=\r\n=\r\nm=\r\nc=IN\r\n"),
    "unknown body": _with_body("<xml/>", kind="application/x-nobody-knows"),
    "response to nobody": "SIP/2.0 200 OK\r\n" + _VIA + _FROM + _TO + _REST + _END,
    "response 4294967301": "SIP/2.0 4294967301 Good\r\n" + _VIA + _FROM + _TO + _REST + _END,
    "cancel of nothing": "CANCEL"
    + (_INVITE + _VIA + _FROM + _TO + _REST + _END)[6:].replace("1 INVITE", "1 CANCEL"),
    "bye of nothing": "BYE"
    + (_INVITE + _VIA + _FROM + _TO + _REST + _END)[6:].replace("1 INVITE", "1 BYE"),
    "scanner options": "OPTIONS"
    + (_INVITE + _VIA + _FROM + _TO + _REST)[6:].replace("1 INVITE", "1 OPTIONS")
    + "User-Agent: friendly-scanner\r\n"
    + _END,
    "scanner register": "REGISTER sip:{host}:{port} SIP/2.0\r\n"
    + _VIA
    + _FROM
    + _TO
    + _REST.replace("1 INVITE", "1 REGISTER")
    + "User-Agent: friendly-scanner\r\n"
    + _END,
}


class Torturer(asyncio.DatagramProtocol):
    """`async with Torturer(host, port) as torturer: await torturer.send("no Via")`."""

    def __init__(self, host: str, port: int, own_host: str = "127.0.0.1") -> None:
        self.host, self.port, self.own_host = host, port, own_host
        self.replies: list[bytes] = []
        self._socket: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._socket, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(self.own_host, 0)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None:
            self._socket.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.replies.append(data)

    def send(self, variant: str) -> str:
        """Send one of VARIANTS; its Call-ID."""
        if self._socket is None:
            raise PeerFailed("the torturer is not open")
        identity = uuid.uuid4().hex
        own = self._socket.get_extra_info("sockname")
        words = {"host": self.host, "port": self.port, "own": f"{own[0]}:{own[1]}", "id": identity}
        text = VARIANTS[variant].format(**words)
        self._socket.sendto(text.encode(errors="surrogateescape"), (self.host, self.port))
        return identity

    async def still_there(self, timeout: float = 5.0) -> None:
        """Whether the target still answers a well-formed OPTIONS, with whatever status."""
        sent: list[str] = []
        resent = 0.0

        def answered() -> bool:
            nonlocal resent
            if time.monotonic() >= resent:  # UDP may lose one: RFC 3261, timer E
                sent.append(self.send("scanner options"))
                resent = time.monotonic() + T1
            return any(one.encode() in reply for reply in self.replies for one in sent)

        await until(answered, f"an answer to OPTIONS by {self.host}:{self.port}", timeout)
