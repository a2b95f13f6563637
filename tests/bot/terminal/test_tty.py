"""The chat in front of a person: a real terminal, whose echo is off while a secret is typed."""

import asyncio
import os
import sys
import termios
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.terminal.test_piped import ENVIRONMENT, ROOT


class Tty:
    """The person's side of a pseudo terminal with the sample bot behind it."""

    def __init__(self, master: int, program: asyncio.subprocess.Process) -> None:
        self.master = master
        self.program = program
        self.shown = ""
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._read)

    def types(self, text: str) -> None:
        os.write(self.master, text.encode())

    async def shows(self, text: str) -> None:
        async with asyncio.timeout(20):
            while text not in self.shown:
                self._more.clear()
                await self._more.wait()

    @property
    def echoes(self) -> bool:
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def _read(self) -> None:
        try:
            chunk = os.read(self.master, 4096)
        except OSError:  # EIO: nobody has the other end open any more
            chunk = b""
        if not chunk:
            asyncio.get_running_loop().remove_reader(self.master)
        self.shown += chunk.decode()
        self._more.set()


@pytest.fixture
async def tty(tmp_path: Path) -> AsyncIterator[Tty]:
    master, slave = os.openpty()
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.terminal.sample", str(tmp_path)),
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    terminal = Tty(master, program)
    yield terminal
    if program.returncode is None:
        program.kill()
        await program.wait()
    asyncio.get_running_loop().remove_reader(master)
    os.close(master)
    os.close(slave)


async def test_it_says_what_can_be_done(tty: Tty) -> None:
    await tty.shows("A number presses a button")
    tty.types("/start\n")
    await tty.shows("│ [1] Answer")
    assert tty.shown.count("/start") == 2  # in the hint, and as it was typed; not repeated
    tty.types("1\n")
    await tty.shows("[Answer]")
    await tty.shows("│ Answered")


async def test_a_password_is_never_on_the_screen(tty: Tty) -> None:
    tty.types("/password\n")
    await tty.shows("(What you type now is not shown.)")
    assert not tty.echoes
    tty.types("hunter2\n")
    await tty.shows("Deleted 7 characters")
    assert tty.echoes
    assert "hunter2" not in tty.shown


async def test_a_mistake_does_not_end_it(tty: Tty) -> None:
    tty.types("!bang\n")
    await tty.shows("There is no !bang here.")
    tty.types("!press Nothing\n")
    await tty.shows('There is no button "Nothing".')
    tty.types("hello\n")
    await tty.shows("│ You said hello")


async def test_pressing_a_button_puts_the_question_aside(tty: Tty) -> None:
    tty.types("/start\n")
    await tty.shows("│ [1] Answer")
    tty.types("/password\n")
    await tty.shows("(What you type now is not shown.)")
    tty.types("!press Refuse\n")
    await tty.shows("(!) Really?")
    assert tty.echoes


@pytest.mark.parametrize("way", ["\x04", "!quit\n"])
async def test_it_ends_and_leaves_the_echo_as_it_was(tty: Tty, way: str) -> None:
    tty.types("/password\n")
    await tty.shows("(What you type now is not shown.)")
    tty.types(way)
    assert await tty.program.wait() == 0
    assert tty.echoes


async def test_interrupted_it_leaves_the_echo_as_it_was(tty: Tty) -> None:
    tty.types("/password\n")
    await tty.shows("(What you type now is not shown.)")
    tty.program.send_signal(2)
    assert await tty.program.wait() != 0
    assert tty.echoes
