"""The service as its host starts it: `python -m bridge run`, with the chat on a pipe.

Nothing in here reaches into the house: what a person would type is typed, what a person would see
is waited for.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.peers.baresip import Baresip
from tests.peers.kamailio import Account
from tests.peers.programs import PeerFailed, until

REPOSITORY = Path(__file__).resolve().parents[2]
_CLAIM = re.compile(r"/start ([A-Z0-9]{6,})")
_DIGITS = re.compile(r"\b(\d{4})\b")
PATIENCE = 20.0
START_WITHIN = 40.0
"""Seconds; four programs start, perhaps on a machine that does other things, too."""
OWNER_CHAT = 2**51
"""The chat id of the person at the terminal."""


class Service:
    """`async with Service(directory) as house:` gives a house whose owner sits at its terminal.

    `settings` are environment variables as in .env.example.
    """

    command = ("bridge", "run")
    """The Python module whose terminal is ours, with its arguments."""

    def __init__(
        self, directory: Path, language: str = "en", *, echo: bool = False, **settings: str
    ) -> None:
        self.directory = directory
        self._echo = echo
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("TELEGRAM")},
            "DATA_DIR": str(directory),
            "LANG": f"{language}.UTF-8",
            "SIP_ADDRESS": "127.0.0.1",
            "TIME_ZONE": "Europe/Berlin",
            **settings,
        }
        self.lines: list[tuple[float, str]] = []
        self._read_up_to = 0
        self._program: asyncio.subprocess.Process
        self._reader: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self.directory.mkdir(parents=True, exist_ok=True)
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    async def restart(self) -> None:
        """End it as its host would at the terminal, and start it again."""
        await self._end()
        await self._start()

    def signal(self, number: int) -> None:
        """To the service itself, not to its children."""
        self._program.send_signal(number)

    @property
    def pid(self) -> int:
        return self._program.pid

    @property
    def alive(self) -> bool:
        return self._program.returncode is None

    async def _start(self) -> None:
        self._program = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *self.command,
            cwd=REPOSITORY,
            env=self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read())

    async def _end(self) -> None:
        if self._program.stdin is not None:
            self._program.stdin.close()
        try:
            async with asyncio.timeout(10):
                await self._program.wait()
        except TimeoutError:
            self._program.kill()
            await self._program.wait()
        await self._reader

    async def _read(self) -> None:
        assert self._program.stdout is not None
        async for line in self._program.stdout:
            text = line.decode(errors="replace").rstrip("\n")
            self.lines.append((time.monotonic(), text))
            if self._echo:
                print(text, flush=True)

    @property
    def log(self) -> str:
        path = self.directory / "log" / "bridge.log"
        return path.read_text() if path.exists() else ""

    def logged_since(self) -> Callable[[], list[str]]:
        """Gives the lines that will have been logged from now on."""
        begun = len(self.log)
        return lambda: self.log[begun:].splitlines()

    @property
    def chat(self) -> str:
        """Everything that stood on the screen so far."""
        return "\n".join(text for _, text in self.lines)

    # --- what a person does ---

    async def says(self, text: str) -> None:
        """Type a line; only what appears from now on counts for the next `sees`."""
        self.catch_up()
        assert self._program.stdin is not None
        self._program.stdin.write(f"{text}\n".encode())
        await self._program.stdin.drain()

    async def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        await self.says(f"!press {label}")

    async def sees(self, text: str, within: float = PATIENCE) -> str:
        """Wait until `text` stands on the screen; gives the lines since the last step, joined."""

        def there() -> bool:
            return text in self._new()

        try:
            await until(there, f"the chat to show {text!r}", within)
        except PeerFailed as why:
            raise PeerFailed(f"{why}; since the last step it showed:\n{self._new()}") from None
        return self._new()

    def told_since(self) -> Callable[[], str]:
        """Gives what will have appeared from now on."""
        begun = len(self.lines)
        return lambda: "\n".join(text for _, text in self.lines[begun:])

    def catch_up(self) -> None:
        """Everything so far has been read: only what appears from now on counts."""
        self._read_up_to = len(self.lines)

    def _new(self) -> str:
        return "\n".join(text for _, text in self.lines[self._read_up_to :])

    # --- what is set up by chat ---

    async def claim(self) -> None:
        """Become the owner with the code that the terminal shows."""
        await until(lambda: _CLAIM.search(self.chat) is not None, "the claim code", START_WITHIN)
        found = _CLAIM.search(self.chat)
        assert found is not None
        await self.says(f"/start {found[1]}")

    async def add_phone(self, label: str, phone: Baresip) -> None:
        """Add `phone` and prove that it is the owner's: it rings, and types what the chat shows."""
        digits = await self.calls_to_prove(label, phone)
        await phone.happens("incoming")
        await phone.answer()
        await phone.happens("established")
        await phone.press(digits)
        await self.sees(f"{label} is verified")
        await phone.happens("closed")

    async def calls_to_prove(self, label: str, phone: Baresip) -> str:
        """Add `phone` and let it be called; the digits that the chat shows."""
        await self.says("/phones")
        await self.sees("Add a phone")
        await self.presses("Add a phone")
        await self.sees("What shall this phone be called?")
        await self.says(label)
        await self.sees("Please type the number")
        await self.says(phone.direct_uri)
        await self.sees("Do you have the phone at hand?")
        await self.presses("Call it now")
        shown = await self.sees("I am calling the phone now.")
        found = _DIGITS.search(shown.replace(" ", ""))
        assert found is not None, shown
        return found[1]

    async def add_account(self, account: Account) -> None:
        """Add a SIP account by answering the connector's questions."""
        await self.says("/accounts")
        await self.sees("Add an account")
        await self.sign_in(account)
        await self.sees("is set up")

    async def sign_in(self, account: Account) -> None:
        """From the list of accounts to the last answer."""
        await self.presses("Add an account")
        await self.sees("On which network")
        await self.presses("SIP")
        await self.sees("Which server")
        await self.says(account.registrar)
        await self.sees("user name")
        await self.says(account.user)
        await self.sees("password")
        await self.says(account.password)
        await self.sees("more details")
        await self.presses("No, that is all")

    async def choose_ring_time(self, label: str, seconds: int) -> None:
        """How long the phone rings before it is given up."""
        await self.says("/phones")
        await self.sees(label)
        await self.presses(label)
        await self.sees("Ring time")
        await self.presses("Ring time")
        await self.sees(f"{seconds} s")
        await self.presses(f"{seconds} s")
        await self.sees(f"Ring time: {seconds} s")

    async def calls(self) -> str:
        """The owner's call records as JSON, from the front desk."""
        from bridge.api.client import Client
        from bridge.api.commands.access import WhoIs
        from bridge.api.commands.calls import History
        from bridge.settings import Settings

        desk = Client(Settings(data_dir=self.directory))
        owner = await desk.ask(WhoIs(chat=OWNER_CHAT))
        assert owner is not None
        history = await desk.ask(History(user=owner.id))
        return json.dumps([call.model_dump(mode="json") for call in history], indent=2)
