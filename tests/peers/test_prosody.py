"""The XMPP server lets in who knows the password, and shows a certificate of its own authority."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.peers.coturn import Coturn
from tests.peers.programs import PeerFailed
from tests.peers.prosody import Person, Prosody

pytestmark = pytest.mark.real

PEOPLE = {"ada": Person("Ada Lovelace", "open sesame"), "ben": Person("Ben Franklin", "kite")}


class Client:
    """A stream to the server (RFC 6120), as far as to ask it questions."""

    def __init__(self, server: Prosody) -> None:
        self._server = server

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Client]:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._server.port)
        try:
            await self._begin("<starttls")
            await self.says("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed")
            context = ssl.create_default_context(cafile=self._server.authority)
            await self._writer.start_tls(context, server_hostname=self._server.domain)
            yield self
        finally:
            self._writer.close()
            await self._writer.wait_closed()

    async def signs_in(self, who: str, password: str) -> str:
        await self._begin("PLAIN")
        told = base64.b64encode(f"\0{who}\0{password}".encode()).decode()
        namespace = "urn:ietf:params:xml:ns:xmpp-sasl"
        auth = f"<auth xmlns='{namespace}' mechanism='PLAIN'>{told}</auth>"
        return await self.says(auth, namespace)

    async def asks(self, query: str, to: str = "") -> str:
        """The answer to a query, in a stream that has just been signed in."""
        await self._begin("<bind")
        bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
        await self.says(f"<iq type='set' id='bind'>{bind}</iq>", "</iq>")
        address = f" to='{to}'" if to else ""
        return await self.says(f"<iq type='get' id='asked'{address}>{query}</iq>", "</iq>")

    async def says(self, text: str, until: str) -> str:
        self._writer.write(text.encode())
        said = ""
        async with asyncio.timeout(5):
            while until not in said:
                piece = await self._reader.read(4096)
                assert piece, said
                said += piece.decode()
        return said

    async def _begin(self, until: str) -> str:
        spaces = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
        return await self.says(
            f"<stream:stream {spaces} version='1.0' to='{self._server.domain}'>", until
        )


async def test_who_knows_the_password_is_let_in_and_sees_the_others(tmp_path: Path) -> None:
    async with Prosody(tmp_path, PEOPLE) as server:
        async with Client(server).connected() as ada:
            assert "<success" in await ada.signs_in("ada", "open sesame")
            roster = await ada.asks("<query xmlns='jabber:iq:roster'/>")
            await server.signed_in("ada")
        assert "ben@localhost" in roster
        assert "Ben Franklin" in roster
        async with Client(server).connected() as stranger:
            assert "not-authorized" in await stranger.signs_in("ada", "guessed badly")


async def test_a_new_password_is_known_after_a_restart(tmp_path: Path) -> None:
    async with Prosody(tmp_path, PEOPLE) as server:
        server.change_password("ada", "close sesame")
        await server.restart()
        async with Client(server).connected() as ada:
            assert "not-authorized" in await ada.signs_in("ada", "open sesame")
        async with Client(server).connected() as ada:
            assert "<success" in await ada.signs_in("ada", "close sesame")


async def test_its_certificate_is_for_an_address_too(tmp_path: Path) -> None:
    async with (
        Prosody(tmp_path, PEOPLE, domain="127.0.0.1") as server,
        Client(server).connected() as ada,
    ):
        assert "<success" in await ada.signs_in("ada", "open sesame")


async def test_it_offers_a_relay_for_calls(tmp_path: Path) -> None:
    async with (
        Coturn(tmp_path / "relay") as relay,
        Prosody(tmp_path, PEOPLE, relay=relay) as server,
        Client(server).connected() as ada,
    ):
        await ada.signs_in("ada", "open sesame")
        offered = await ada.asks("<services xmlns='urn:xmpp:extdisco:2'/>", server.domain)
    assert f"port='{relay.port}'" in offered
    assert "type='turn'" in offered


async def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    async with Prosody(tmp_path, PEOPLE) as server:
        pass
    assert not server.program.alive
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", server.port)


async def test_one_that_cannot_listen_says_why(tmp_path: Path) -> None:
    async with Prosody(tmp_path / "first", PEOPLE) as first:
        second = Prosody(tmp_path / "second", PEOPLE, port=first.port)
        with pytest.raises(PeerFailed, match="in use by another"):
            async with second:
                pass
