"""A web app by which people call each other: WebRTC in the browser, a server that passes words on,
and a relay.

async with WebTelephone(directory, {"ada": "secret"}) as app:
    app.address()                     # the page, for a browser on this machine
    app.address(HOUSE)                # the same, as a desktop session sees it
    app.expire("ada")                 # her sign-in is worth nothing from now on
"""

from __future__ import annotations

import asyncio
import json
import secrets
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.peers.coturn import PASSWORD, USER, Coturn
from tests.peers.web import Asked, Page, WebServer, rendered

_PAGES = Path(__file__).parent / "pages"
_HEARTBEAT = 0.5
"""Seconds."""


class WebTelephone(WebServer):
    """`accounts` are names with their passwords; all are friends."""

    def __init__(self, directory: Path, accounts: dict[str, str]) -> None:
        super().__init__(_PAGES)
        self.accounts = accounts
        self.said: list[tuple[str, str, str]] = []
        """Who said which kind of thing to whom."""
        self._relay = Coturn(directory)
        self._tickets: dict[str, str] = {}
        self._listening: dict[str, asyncio.Queue[dict[str, str]]] = {}

    async def __aenter__(self) -> Self:
        await self._relay.__aenter__()
        return await super().__aenter__()

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__()
        await self._relay.__aexit__()

    def page(self, host: str = "127.0.0.1", name: str = "") -> str:
        """With a `name` it signs in by itself."""
        signs_in = {"name": name, "password": self.accounts[name]} if name else {}
        return self.address("/index.html" + (f"?{urlencode(signs_in)}" if name else ""), host)

    def is_here(self, name: str) -> bool:
        """Signed in, with the page open."""
        return name in self._listening

    def expire(self, name: str) -> None:
        """Every sign-in of this name; its page is told."""
        self._tickets = {key: who for key, who in self._tickets.items() if who != name}
        self._tell(name, {"from": "", "kind": "expired", "sdp": ""})

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        place = urlsplit(asked.path)
        told = {key: values[0] for key, values in parse_qs(place.query).items()}
        match place.path:
            case "/sign-in":
                page = self._sign_in(told.get("name", ""), told.get("password", ""))
            case "/me":
                page = self._about(self._who(asked))
            case "/say":
                page = self._say(self._who(asked), **told)
            case "/events":
                return await self._stream(self._who(asked), asked, writer)
            case _:
                return await super()._answer(asked, writer)
        writer.write(rendered(asked, page))
        return True

    def _who(self, asked: Asked) -> str | None:
        cookie = SimpleCookie(asked.headers.get("cookie", "")).get("ticket")
        return self._tickets.get(cookie.value) if cookie else None

    def _sign_in(self, name: str, password: str) -> Page:
        if self.accounts.get(name) != password:
            return Page(status=403)
        ticket = secrets.token_hex(8)
        self._tickets[ticket] = name
        kept = f"ticket={ticket}; Max-Age=86400; SameSite=Strict; Path=/"
        return Page(headers={"Set-Cookie": kept})

    def _about(self, name: str | None) -> Page:
        if name is None:
            return Page(status=403)
        friends = [friend for friend in self.accounts if friend != name]
        about = {"name": name, "friends": friends, "relay": [self._relay.port, USER, PASSWORD]}
        return Page(json.dumps(about).encode(), "application/json")

    def _say(self, name: str | None, to: str = "", kind: str = "", sdp: str = "") -> Page:
        if name is None:
            return Page(status=403)
        self.said.append((name, kind, to))
        self._tell(to, {"from": name, "kind": kind, "sdp": sdp})
        return Page()

    def _tell(self, name: str, message: dict[str, str]) -> None:
        if (queue := self._listening.get(name)) is not None:
            queue.put_nowait(message)

    async def _stream(self, name: str | None, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Server-sent events, until the page is closed."""
        if name is None:
            writer.write(rendered(asked, Page(status=403)))
            return True
        queue = self._listening[name] = asyncio.Queue()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        try:
            while not writer.is_closing():
                await writer.drain()
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        message = await queue.get()
                except TimeoutError:
                    writer.write(b":\n\n")  # a page that is gone does not say so
                else:
                    writer.write(f"data: {json.dumps(message)}\n\n".encode())
        finally:
            if self._listening.get(name) is queue:
                del self._listening[name]
        return False
