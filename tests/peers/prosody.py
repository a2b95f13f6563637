"""The XMPP server: Prosody, with a certificate of an authority of its own.

Everybody on it is in everybody else's roster, by the full name. Accounts and rosters are files in
Prosody's own format, read anew whenever they are needed.
"""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.peers.certificates import issued
from tests.peers.coturn import PASSWORD, USER, Coturn
from tests.peers.programs import Program, free_port, program_path, until

PORT = 5222
"""Where clients look that were told nothing but an address, and find no SRV record in the DNS."""
TURN_WITHIN = 300.0
"""Seconds until other tests have left it."""
CONFIG = Path(__file__).with_name("prosody.cfg.lua")
RELAY = f"""{{{{
    type = "turn"; transport = "udp"; host = "{{domain}}"; port = {{port}};
    username = "{USER}"; password = "{PASSWORD}"
}}}}"""


@dataclass(frozen=True)
class Person:
    name: str
    """As it stands in the rosters of all others."""
    password: str


class Prosody:
    """`async with Prosody(directory, {"ada": Person("Ada Lovelace", "secret")}) as server:`

    `domain` stands behind the @ of its addresses, and in its certificate. A client that cannot be
    told a port needs PORT: one server at a time has it on a machine, others wait for their turn.
    `relay` is offered for calls (XEP-0215), to be reached as `domain`.
    """

    def __init__(
        self,
        directory: Path,
        people: dict[str, Person],
        *,
        domain: str = "localhost",
        port: int | None = None,
        relay: Coturn | None = None,
    ) -> None:
        self.people = dict(people)
        self.domain = domain
        self.port = port or free_port()
        self.program = Program("prosody", directory)
        self._relay = relay

    @property
    def authority(self) -> Path:
        """The certificate (PEM) of who made the server's; nobody trusts it by himself."""
        return issued(self.program.directory, self.domain).authority

    def address(self, who: str) -> str:
        return f"{who}@{self.domain}"

    async def __aenter__(self) -> Self:
        for who, person in self.people.items():
            self.change_password(who, person.password)
            self._write("roster", who, self._roster(who))
        self._turn = socket.socket(socket.AF_UNIX)
        try:
            if self.port == PORT:
                await until(self._is_our_turn, f"others to leave port {PORT}", TURN_WITHIN, 0.5)
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.program.end()
        self._turn.close()

    async def start(self) -> None:
        config = self.program.directory / "prosody.cfg.lua"
        config.write_text(self._config())
        self._begun = len(self._said())
        await self.program.spawn(program_path("prosody"), "-F", "--config", str(config))
        await self.program.until(self._listens, f"prosody to listen at {self.port}")

    async def restart(self) -> None:
        """Everybody is disconnected, and signs in anew."""
        await self.program.end()
        await self.start()

    def change_password(self, who: str, password: str) -> None:
        """From the next sign-in on."""
        self._write("accounts", who, f'["password"] = "{password}"')

    async def signed_in(self, who: str, within: float = 20.0) -> None:
        """Wait until somebody has, since the last start."""
        said = f"Authenticated as {self.address(who)}"
        await self.program.until(lambda: said in self._said()[self._begun :], said, within)

    def _listens(self) -> bool:
        said = self._said()[self._begun :]
        if "Failed to open server port" in said:
            raise self.program.failure("it cannot listen")
        return f"Activated service 'c2s' on [127.0.0.1]:{self.port}" in said

    def _is_our_turn(self) -> bool:
        """A name that only one process has, and that nobody has when that one is gone."""
        with suppress(OSError):
            self._turn.bind(f"\0tests of skype2sip: port {PORT}")
            return True
        return False

    def _write(self, store: str, who: str, fields: str) -> None:
        folder = self.program.directory / "data" / _file_name(self.domain) / store
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{_file_name(who)}.dat").write_text(f"return {{ {fields} }};\n")

    def _roster(self, owner: str) -> str:
        rows = [
            f'["{self.address(who)}"] = {{ subscription = "both"; groups = {{}};'
            f' name = "{person.name}" }};'
            for who, person in self.people.items()
            if who != owner
        ]
        return "[false] = { version = 1 }; " + " ".join(rows)

    def _said(self) -> str:
        log = self.program.log
        return log.read_text(errors="replace") if log.exists() else ""

    def _config(self) -> str:
        made = issued(self.program.directory, self.domain)
        relay = RELAY.format(domain=self.domain, port=self._relay.port) if self._relay else ""
        text = CONFIG.read_text()
        for word, value in {
            "KEY": str(made.key),
            "CERTIFICATE": str(made.certificate),
            "DIRECTORY": str(self.program.directory),
            "DOMAIN": self.domain,
            "PORT": str(self.port),
            "RELAY": relay,
        }.items():
            text = text.replace(f"@{word}@", value)
        return text


def _file_name(text: str) -> str:
    """As Prosody spells it in the names of its files."""
    return re.sub("[^A-Za-z0-9]", lambda found: f"%{ord(found[0]):02x}", text)
