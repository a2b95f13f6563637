"""A SIP endpoint that does exactly what a test says, message by message, over UDP.

Kamailio, baresip and sipp behave well; this one is for what they would never do: an answer with
another tag, an ACK that is missing, a name of four kilobytes, a registrar that is silent.
"""

import asyncio
import hashlib
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from tests.peers.programs import until

ALAW = "m=audio {port} RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
NO_KEYS = "m=audio {port} RTP/AVP 8\r\n"


@dataclass(frozen=True)
class Message:
    """One SIP message that came in."""

    text: str
    source: tuple[str, int]

    @property
    def first_line(self) -> str:
        return self.text.split("\r\n", 1)[0]

    @property
    def kind(self) -> str:
        """The method of a request, the status of a response: "INVITE", "486"."""
        first, second, *_ = [*self.first_line.split(" "), ""]
        return second if first == "SIP/2.0" else first

    @property
    def method(self) -> str:
        """Of a request, or of the request that a response answers."""
        return self.header("CSeq").split()[-1]

    @property
    def body(self) -> str:
        return self.text.partition("\r\n\r\n")[2]

    def header(self, name: str) -> str:
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        head = self.text.partition("\r\n\r\n")[0]
        return re.findall(rf"(?im)^{re.escape(name)}[ \t]*:[ \t]*(.*?)\r?$", head)


class Wire(asyncio.DatagramProtocol):
    """`async with Wire() as wire: call = wire.call(...)`; `host` is where it is bound."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.received: list[Message] = []
        self.on_request: Callable[[Message], None] | None = None
        self._unread: list[Message] = []
        self._socket: asyncio.DatagramTransport

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._socket, _ = await loop.create_datagram_endpoint(lambda: self, (self.host, 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def port(self) -> int:
        return int(self._socket.get_extra_info("sockname")[1])

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def datagram_received(self, raw: bytes, source: tuple[str, int]) -> None:
        if not raw.strip():
            return  # a keep-alive
        message = Message(raw.decode("utf-8", "surrogateescape"), source)
        self.received.append(message)
        self._unread.append(message)
        if self.on_request and message.kind.isalpha():
            self.on_request(message)

    def send(self, text: str, to: tuple[str, int]) -> None:
        self._socket.sendto(text.encode("utf-8", "surrogateescape"), to)

    def count(self, kind: str) -> int:
        return sum(message.kind == kind for message in self.received)

    async def receives(self, kind: str, timeout: float = 5.0) -> Message:
        """The next unread message of this kind; those before it count as read."""

        def found() -> bool:
            return any(message.kind == kind for message in self._unread)

        try:
            await until(found, f"{kind} at {self.address}", timeout)
        except AssertionError as why:
            raise AssertionError(
                f"{why}; came: {[one.first_line for one in self.received]}"
            ) from None
        while True:
            message = self._unread.pop(0)
            if message.kind == kind:
                return message

    async def receives_any(self, call_id: str, *kinds: str, timeout: float = 10.0) -> Message:
        """The first message of this call that is one of `kinds`, read or unread."""

        def found() -> Message | None:
            of_call = (one for one in self.received if one.header("Call-ID") == call_id)
            return next((one for one in of_call if one.kind in kinds), None)

        message: Message = await until(found, f"{kinds} at {self.address}", timeout)
        return message

    def reply(
        self, request: Message, status: str, *headers: str, body: str = "", tag: str = "wire"
    ) -> None:
        """`status` is "486 Busy Here"; `tag` goes behind a To that has none."""
        to = request.header("To")
        lines = [f"SIP/2.0 {status}"]
        lines += [f"Via: {via}" for via in request.headers("Via")]
        lines += [f"Record-Route: {route}" for route in request.headers("Record-Route")]
        lines += [
            f"From: {request.header('From')}",
            f"To: {to}" + ("" if "tag=" in to else f";tag={tag}"),
        ]
        lines += [f"{name}: {request.header(name)}" for name in ("Call-ID", "CSeq")]
        if request.method == "INVITE":
            lines.append(f"Contact: <sip:phone@{self.address}>")
        self.send(_message([*lines, *headers], body), request.source)

    def sdp(self, media: str = ALAW, more: str = "a=sendrecv\r\n", port: int = 4000) -> str:
        head = f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\n"
        return head + media.format(port=port) + more


class WireCall:
    """One call of a wire: with `invite` it is the caller, made `of` an INVITE it is the phone."""

    def __init__(self, wire: Wire, target: tuple[str, int], *, called: str = "ada") -> None:
        self.wire, self.target = wire, target
        self.uri = f"sip:{called}@{target[0]}:{target[1]}"
        self.call_id, self.tag = uuid.uuid4().hex, uuid.uuid4().hex[:8]
        self.ours = f"<sip:+4930123@{wire.host}>;tag={self.tag}"
        self.theirs = f"<{self.uri}>"
        self.sequence = 0
        self._branch = ""

    @classmethod
    def of(cls, wire: Wire, invite: Message) -> Self:
        """The called end; `invite` is to be answered with `wire.reply(..., tag=call.tag)`."""
        call = cls(wire, invite.source)
        call.uri = re.findall(r"<(.*?)>", invite.header("Contact"))[0]
        call.call_id = invite.header("Call-ID")
        call.ours, call.theirs = f"{invite.header('To')};tag={call.tag}", invite.header("From")
        return call

    def caller(self, name_addr: str) -> Self:
        """The From to call with, without its tag."""
        self.ours = f"{name_addr};tag={self.tag}"
        return self

    def invite(self, *headers: str, body: str | None = None) -> None:
        self.request("INVITE", *headers, body=self.wire.sdp() if body is None else body)

    def request(
        self, method: str, *headers: str, body: str = "", kind: str = "application/sdp"
    ) -> None:
        self.wire.send(self.text(method, *headers, body=body, kind=kind), self.target)

    def text(
        self, method: str, *headers: str, body: str = "", kind: str = "application/sdp"
    ) -> str:
        """The next request, for whoever sends it in another way."""
        if method not in ("ACK", "CANCEL"):
            self.sequence += 1
        if method == "INVITE":
            self._branch = _branch()
        branch = self._branch if method in ("INVITE", "CANCEL") else _branch()
        lines = [
            f"{method} {self.uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.wire.address};branch={branch};rport",
            f"From: {self.ours}",
            f"To: {self.theirs}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.sequence} {method}",
            "Max-Forwards: 70",
            f"Contact: <sip:phone@{self.wire.address}>",
            *headers,
        ]
        return _message(lines, body, kind)

    async def becomes(self, status: str, timeout: float = 5.0) -> Message:
        """Wait for a response to the INVITE; a final one is acknowledged."""
        while True:
            answer = await self.wire.receives(status, timeout)
            if answer.method == "INVITE" and answer.header("Call-ID") == self.call_id:
                break
        self.theirs = answer.header("To")
        if status >= "200":
            self.acknowledge(answer)
        return answer

    def acknowledge(self, answer: Message, body: str = "") -> None:
        self.theirs = answer.header("To")
        if answer.kind < "300":
            self.uri = re.findall(r"<(.*?)>", answer.header("Contact"))[0]
            self.request("ACK", body=body)
            return
        lines = [
            f"ACK {self.uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.wire.address};branch={self._branch};rport",
            f"From: {self.ours}",
            f"To: {self.theirs}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.sequence} ACK",
        ]
        self.wire.send(_message(lines), self.target)

    async def hang_up(self) -> None:
        self.request("BYE")
        await self.wire.receives("200")


class Registrar(Wire):
    """Answers every REGISTER with `answers`, one after the other, the last one again and again.

    An answer is a status line's end and headers: `("503 Later", "Retry-After: 7")`; None is
    silence. With `password` it asks for digest authentication first (RFC 2617, without qop).
    """

    def __init__(self, *answers: tuple[str, ...] | None, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self.answers = list(answers) or [("200 OK",)]
        self.password = ""
        self.auth_name = ""
        self.nonce = "n0nce"
        self.on_request = self._register

    def _register(self, request: Message) -> None:
        if request.kind != "REGISTER":
            return
        if self.password and not self._proves(request):
            challenge = f'WWW-Authenticate: Digest realm="wire", nonce="{self.nonce}"'
            self.reply(request, "401 Unauthorized", challenge)
            return
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            return
        status, *headers = answer
        if status.startswith("200"):
            contact = request.header("Contact")
            headers += [f"Contact: {contact}"] if contact else []
            headers.append(f"Expires: {request.header('Expires') or 300}")
        self.reply(request, status, *headers)

    def _proves(self, request: Message) -> bool:
        said = dict(re.findall(r'(\w+)="([^"]*)"', request.header("Authorization")))
        if (said.get("username"), said.get("nonce")) != (self.auth_name, self.nonce):
            return False
        person = _md5(f"{self.auth_name}:wire:{self.password}")
        return said["response"] == _md5(f"{person}:{self.nonce}:{_md5('REGISTER:' + said['uri'])}")


class StreamRegistrar(Registrar):
    """The same over TCP; it calls back on the connection through which somebody registered."""

    def __init__(self) -> None:
        super().__init__()
        self._connections: dict[tuple[str, int], asyncio.StreamWriter] = {}
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._connections.values():
            writer.close()

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def connected(self) -> None:
        await until(lambda: self._connections, "a connection")

    def send(self, text: str, to: tuple[str, int]) -> None:
        writer = self._connections.get(to) or next(iter(self._connections.values()), None)
        if writer is not None:
            writer.write(text.replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        self._connections[peer] = writer
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lstrip(b"\r\n")
                size = re.search(rb"(?im)^Content-Length[ \t]*:[ \t]*(\d+)", head)
                body = await reader.readexactly(int(size[1])) if size else b""
                self.datagram_received(head + body, peer)
        del self._connections[peer]
        writer.close()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # what RFC 2617 asks for


def _branch() -> str:
    return f"z9hG4bK{uuid.uuid4().hex}"


def _message(lines: list[str], body: str = "", kind: str = "application/sdp") -> str:
    named = any(line.lower().startswith("content-type:") for line in lines)
    if body and not named:
        lines = [*lines, f"Content-Type: {kind}"]
    size = len(body.encode("utf-8", "surrogateescape"))
    return "\r\n".join([*lines, f"Content-Length: {size}", "", ""]) + body
