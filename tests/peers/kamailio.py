"""The provider: Kamailio as registrar and proxy, with digest authentication.

Users register and are asked for their password in every call they make; calls are relayed to
registered users, to numbers that were given a route, and (for authenticated users) to any sip: URI.
Contacts are kept in memory, so `restart()` forgets them all, as a provider's does on a bad day.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.peers.programs import PeerFailed, Program, free_port, program_path

CONFIG = Path(__file__).with_name("kamailio.cfg")
TLS = """\
enable_tls=yes
loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "{directory}/certificate.pem")
modparam("tls", "private_key", "{directory}/key.pem")
"""


def tls_available() -> bool:
    """Whether Kamailio's TLS module is installed: a Debian package of its own."""
    return any(Path("/usr/lib").glob("*/kamailio/modules/tls.so"))


@dataclass(frozen=True)
class Account:
    """What a provider gives its customer."""

    user: str
    password: str
    registrar: str  # host:port
    transport: str = "udp"

    @property
    def uri(self) -> str:
        """The public address: what friends dial."""
        return f"sip:{self.user}@{self.registrar}"


@dataclass(frozen=True)
class Contact:
    """One registered phone."""

    user: str
    uri: str
    expires: int  # seconds left
    user_agent: str


class Kamailio:
    """`async with Kamailio(directory, {"ada": "secret"}) as provider:`

    `max_expires` (seconds) caps what phones ask for, so that a lost registration shows quickly.
    `numbers` maps dialled numbers to sip: URIs, like the trunk's way into the telephone network.
    `asserts_identity` adds P-Asserted-Identity for authenticated callers, as trunks do.
    `tls` adds a TLS port with a certificate of its own making (Debian: kamailio-tls-modules).
    """

    def __init__(
        self,
        directory: Path,
        users: dict[str, str],
        *,
        numbers: dict[str, str] | None = None,
        host: str = "127.0.0.1",
        port: int | None = None,
        max_expires: int = 60,
        min_expires: int = 1,
        asserts_identity: bool = False,
        tls: bool = False,
    ) -> None:
        self.users = dict(users)
        self.numbers = dict(numbers or {})
        self.host = host
        self.port = port or free_port(host)
        self.max_expires = max_expires
        self.min_expires = min_expires
        self.asserts_identity = asserts_identity
        self.tls_port = free_port(host) if tls else None
        self.program = Program("kamailio", directory)
        # a unix socket's path has 107 bytes at most, which a test's own directory may well pass
        self._sockets = tempfile.TemporaryDirectory(prefix="kam-")
        self._asked = 0

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def account(self, user: str, password: str | None = None, transport: str = "udp") -> Account:
        """The account of `user`, with the right password unless another one is given."""
        right = self.users.get(user, "")
        registrar = f"{self.host}:{self.tls_port}" if transport == "tls" else self.address
        return Account(user, right if password is None else password, registrar, transport)

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.program.end()
        self._sockets.cleanup()

    async def start(self) -> None:
        """Start it and wait until it answers."""
        config = self.program.directory / "kamailio.cfg"
        if self.tls_port:
            self._make_certificate()
        config.write_text(self._config())
        await self.program.spawn(
            program_path("kamailio"),
            *("-f", str(config), "-DD", "-E", "-m", "32", "-M", "4"),
            *("-w", str(self.program.directory), "-Y", self._sockets.name),
        )
        await self.program.until(self._answers, f"kamailio on {self.address}", 10)

    async def stop(self) -> None:
        """End it gently; `start()` brings it back on the same port without any contacts."""
        await self.program.end()

    async def kill(self) -> None:
        """End it with SIGKILL."""
        await self.program.kill()

    async def restart(self) -> None:
        """A provider's maintenance: away and back, every registration forgotten."""
        await self.stop()
        await self.start()

    async def add_user(self, user: str, password: str) -> Account:
        """A new customer, while it runs."""
        self.users[user] = password
        await self.ask("htable.sets", "users", user, password)
        return self.account(user)

    async def route(self, number: str, uri: str) -> None:
        """From now on calls to `number` go to `uri`."""
        self.numbers[number] = uri
        await self.ask("htable.sets", "numbers", number, uri)

    async def contacts(self, user: str | None = None) -> list[Contact]:
        """All phones registered now, or those of `user`; `len()` of it is their count."""
        answer = await self.ask("ul.dump")
        found = []
        for domain in answer.get("Domains", []):
            for entry in domain["Domain"]["AoRs"]:
                aor = entry["Info"]["AoR"]
                for each in entry["Info"]["Contacts"]:
                    contact = each["Contact"]
                    left = contact["Expires"]  # a number, or a word such as "expired"
                    if isinstance(left, int) and user in (None, aor):
                        found.append(Contact(aor, contact["Address"], left, contact["User-Agent"]))
        return found

    async def registered(self, user: str, timeout: float = 10.0) -> list[Contact]:
        """Wait until `user` has a phone registered."""
        found: list[Contact] = await self.program.until(
            lambda: self.contacts(user), f"a registration of {user}", timeout
        )
        return found

    async def unregistered(self, user: str, timeout: float = 10.0) -> None:
        """Wait until `user` has no phone registered any more."""

        async def gone() -> bool:
            return not await self.contacts(user)

        await self.program.until(gone, f"{user} having no registration", timeout)

    async def ask(self, method: str, *params: str, timeout: float = 2.0) -> Any:
        """One question to Kamailio's own JSON-RPC, over a datagram unix socket."""
        self._asked += 1
        question = {"jsonrpc": "2.0", "method": method, "params": params, "id": self._asked}
        ours = Path(self._sockets.name) / f"ask-{self._asked}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.bind(str(ours))
            try:
                sock.connect(str(self._rpc_socket))
                sock.send(json.dumps(question).encode())
                loop = asyncio.get_running_loop()
                raw = await asyncio.wait_for(loop.sock_recv(sock, 1 << 20), timeout)
            except (OSError, TimeoutError) as error:
                raise self.program.failure(f"no answer to {method} ({error!r})") from None
            finally:
                ours.unlink(missing_ok=True)
        answer = json.loads(raw)
        if "error" in answer:
            raise PeerFailed(f"kamailio: {method} {params}: {answer['error']}")
        return answer["result"]

    @property
    def _rpc_socket(self) -> Path:
        return Path(self._sockets.name) / "rpc"

    async def _answers(self) -> bool:
        try:
            await self.ask("core.uptime", timeout=0.2)
        except PeerFailed:
            return False
        return True

    def _make_certificate(self) -> None:
        """Self-signed, for `host`; in the program's directory as certificate.pem and key.pem."""
        directory = self.program.directory
        if (directory / "key.pem").exists():
            return
        subprocess.run(
            [
                *(program_path("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes"),
                *("-days", "30", "-subj", f"/CN={self.host}", "-keyout", "key.pem"),
                *("-addext", f"subjectAltName=IP:{self.host}", "-out", "certificate.pem"),
            ],
            cwd=directory,
            check=True,
            capture_output=True,
        )

    def _config(self) -> str:
        def rows(table: str, entries: dict[str, str]) -> str:
            return "\n    ".join(f'$sht({table}=>{k}) = "{v}";' for k, v in entries.items())

        text = CONFIG.read_text()
        for word, value in {
            "ADDRESS": self.address,
            "RPC_SOCKET": str(self._rpc_socket),
            "MAX_EXPIRES": str(self.max_expires),
            "MIN_EXPIRES": str(self.min_expires),
            "#TLS_LISTEN": f"listen=tls:{self.host}:{self.tls_port}" if self.tls_port else "",
            "#TLS": TLS.format(directory=self.program.directory) if self.tls_port else "",
            "#USERS": rows("users", self.users),
            "#NUMBERS": rows("numbers", self.numbers),
            "ASSERTS_IDENTITY": "1" if self.asserts_identity else "0",
        }.items():
            text = text.replace(f"@{word}@", value)
        return text
