"""What a worker could not tell any more: lines of a file that the next house takes in."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path

from bridge import files
from bridge.workers.ipc.remote import Body
from bridge.workers.ipc.wire import LONGEST_LINE

EVENT = "event"
"""The name of a line that is no question."""
LARGEST = 64 << 20
"""Bytes of a spool; what does not fit is lost."""
MOST_LINES = 1000
"""Of a spool; nobody has so many calls in the moments without a house."""


class Spool:
    """In the user's own `folder`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "spool"

    def leave(self, name: str, body: Body) -> None:
        """It is on the disk when this returns. OSError when it cannot be."""
        # a line that was cut short, by a full disk or the end of its writer, spoils no other one
        line = b"\n" + json.dumps([name, body]).encode() + b"\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        with open(os.open(self.path, flags, 0o600), "ab") as file:
            if file.tell() + len(line) > LARGEST:
                raise OSError("the spool is full")
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def lines(self) -> Iterator[bytes]:
        """All there are, the empty ones left out. A worker may be broken: nothing is followed,
        waited for, longer or more than it may be.
        """
        with suppress(OSError):  # mostly there is none
            opened = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(opened, "rb") as file:
                state = os.fstat(opened)
                if stat.S_ISREG(state.st_mode) and state.st_size <= LARGEST:
                    lines = iter(partial(file.readline, LONGEST_LINE), b"")
                    yield from filter(bytes.strip, islice(lines, 2 * MOST_LINES))

    def clear(self) -> None:
        if self.path.is_dir() and not self.path.is_symlink():
            files.remove_wholly(self.path)
        else:
            self.path.unlink(missing_ok=True)
