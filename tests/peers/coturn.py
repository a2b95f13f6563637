"""A relay (TURN, RFC 8656) on loopback, as every web app that telephones has one."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from tests.peers.programs import Program, free_port, program_path

USER, PASSWORD = "anybody", "anything"


class Coturn:
    """`async with Coturn(directory) as relay:` listens at `relay.port`, UDP and TCP, for USER."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.program = Program("coturn", directory)

    async def __aenter__(self) -> Self:
        await self.program.spawn(
            program_path("turnserver"),
            "-n",
            *("--listening-ip", "127.0.0.1", "--listening-port", str(self.port)),
            *("--relay-ip", "127.0.0.1", "--allow-loopback-peers"),
            # of a desktop session, by itself: what cannot be reached ends everything it is tried by
            *("--denied-peer-ip", "198.18.0.0-198.18.255.255"),
            *("--lt-cred-mech", "--realm", "here", "--user", f"{USER}:{PASSWORD}"),
            *("--no-tls", "--no-dtls", "--no-cli", "--log-file", "stdout"),
            *("--pidfile", str(self.program.directory / "coturn.pid")),
            *("--userdb", str(self.program.directory / "users.sqlite"), "--verbose"),
        )
        try:
            await self.program.until(self._listens, "coturn to listen")
        except BaseException:
            await self.program.end()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.program.end()

    def _listens(self) -> bool:
        return f"listener opened on : 127.0.0.1:{self.port}" in self.program.last_words(200)
