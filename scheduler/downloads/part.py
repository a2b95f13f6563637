"""A file that is on its way: what has come of it, and which version of it that is.

Both survive a restart. The version is that of RFC 9110: a strong ETag, or else Last-Modified.
"""

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

from bridge.errors import NetworkDown

_WEAK = "W/"


class Part:
    """Entered, it belongs to nobody else; NetworkDown("not_downloaded") when somebody has it."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._version_path = target.with_name(f"{target.name}.version")
        self._file: BinaryIO

    def __enter__(self) -> Self:
        self._file = self.path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise NetworkDown("not_downloaded") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        return self._file.tell()

    @property
    def version(self) -> dict[str, str]:
        """`address`, and `validator` if there is one."""
        with suppress(OSError, ValueError):
            told = json.loads(self._version_path.read_text())
            if isinstance(told, dict):
                return {str(key): str(value) for key, value in told.items()}
        return {}

    def begin(self, address: str, etag: str = "", modified: str = "") -> None:
        """Anew, with what a server says of its version."""
        self._file.truncate(0)
        self._file.seek(0)
        validator = etag if etag and not etag.startswith(_WEAK) else modified
        self._version_path.write_text(json.dumps({"address": address, "validator": validator}))

    def add(self, piece: bytes) -> None:
        self._file.write(piece)

    def settle(self) -> None:
        """It is on the disk, not only on its way there."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def become(self, target: Path) -> None:
        self.path.replace(target)
        self._version_path.unlink(missing_ok=True)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._version_path.unlink(missing_ok=True)
