"""The terminal itself, or the pipes in its place: lines in, lines out, and the echo."""

import asyncio
import codecs
import os
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TextIO

_CHUNK = 65536


class Console:
    """Reads by the event loop, without a thread that could outlive it."""

    def __init__(self, source: TextIO | None, target: TextIO, complaints: TextIO) -> None:
        self._fd = source.fileno() if source else None
        self._target = target
        self._complaints = complaints
        self.interactive = bool(source and source.isatty())
        """Whether somebody sits in front of it; else lines come from a pipe or a file."""
        self._echoing: list[int | list[bytes | int]] | None = None
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    @classmethod
    def of_process(cls) -> "Console":
        """Standard input and output; characters that they cannot show become question marks."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure:
                reconfigure(errors="replace")
        return cls(sys.stdin, sys.stdout, sys.stderr)

    # --- out -----------------------------------------------------------------------------------

    def show(self, line: str) -> None:
        """When nobody reads any more, the input ends too."""
        try:
            print(line, file=self._target, flush=True)
        except OSError:
            self._stop_writing()

    def complain(self, line: str) -> None:
        with suppress(OSError):
            print(line, file=self._complaints, flush=True)

    def _stop_writing(self) -> None:
        # what is still buffered would fail again when the interpreter ends
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._target.fileno())
            os.close(nowhere)
        self._lines.put_nowait(None)

    # --- in ------------------------------------------------------------------------------------

    async def lines(self) -> AsyncIterator[str]:
        """Every line as it comes, without its end; over at the end of the input."""
        self._listen()
        try:
            while (line := await self._lines.get()) is not None:
                yield line
        finally:
            self._stop_listening()

    def _listen(self) -> None:
        if self._fd is None:
            self._lines.put_nowait(None)
            return
        try:
            asyncio.get_running_loop().add_reader(self._fd, self._read)
        except PermissionError:
            # a regular file cannot be waited for, and need not be
            while self._read():
                pass

    def _stop_listening(self) -> None:
        if self._fd is not None:
            asyncio.get_running_loop().remove_reader(self._fd)

    def _read(self) -> bool:
        """Take over what has come. False at the end: closed, or the terminal hung up."""
        assert self._fd is not None
        try:
            chunk = os.read(self._fd, _CHUNK)
        except OSError:
            chunk = b""
        text = self._rest + self._decoder.decode(chunk, final=not chunk)
        *whole, self._rest = text.split("\n")
        if not chunk and self._rest:
            whole.append(self._rest)
        for line in whole:
            self._lines.put_nowait(line.removesuffix("\r"))
        if not chunk:
            self._stop_listening()
            self._lines.put_nowait(None)
        return bool(chunk)

    # --- echo ----------------------------------------------------------------------------------

    def conceal(self, hidden: bool) -> None:
        """Whether what is typed stays unseen. Only a terminal has an echo to turn off."""
        if not self.interactive or self._fd is None or hidden == (self._echoing is not None):
            return
        with suppress(termios.error):
            if self._echoing is not None:
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._echoing)
                self._echoing = None
                return
            modes = termios.tcgetattr(self._fd)
            silent = list(modes)
            silent[3] = (modes[3] & ~termios.ECHO) | termios.ECHONL
            termios.tcsetattr(self._fd, termios.TCSADRAIN, silent)
            self._echoing = modes
