"""Where the master keys are kept: a text file, `<id>:<32 bytes in base64>` a line, current first.

Read from systemd's $CREDENTIALS_DIRECTORY/seal.key; else from SEAL_KEY_FILE; else from seal.key in
the data directory, where it is made once. Keep a copy of it apart from the database.
"""

import base64
import binascii
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import SetupFault
from bridge.files import settle
from bridge.store.engine.seal import KeyRing, MasterKey

if TYPE_CHECKING:  # the settings are heavy to import; only their fields are needed
    from bridge.settings import Settings

NAME = "seal.key"


def key_ring(settings: "Settings") -> KeyRing:
    """The keys of this house; made and kept when there are none yet.

    SetupFault("seal_key_missing" | "seal_key_open" | "seal_key_unreadable") with a remedy.
    """
    path, made_here = _place(settings)
    if made_here and not path.exists():
        _create(path)
    return KeyRing(read(path), again=_reader(path))


def present(settings: "Settings") -> list[MasterKey] | None:
    """The keys, the current one first; None when they are still to be made. Raises as key_ring."""
    path, made_here = _place(settings)
    return None if made_here and not path.exists() else read(path)


def writable(settings: "Settings") -> Path:
    """The file for a rotation. SetupFault("seal_key_read_only") when systemd hands the key out."""
    if "CREDENTIALS_DIRECTORY" in os.environ and _credential().exists():
        raise SetupFault(
            "seal_key_read_only",
            file=str(_credential()),
            remedy="systemd hands the key out read-only. Run rotate-key outside of the unit with "
            "SEAL_KEY_FILE set to the key file itself, then encrypt it again with systemd-creds.",
        )
    return _place(settings)[0]


def read(path: Path) -> list[MasterKey]:
    """The keys in a file, the current one first."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except FileNotFoundError:
        raise SetupFault(
            "seal_key_missing",
            file=str(path),
            remedy="Put the key file back, or, for a new house, make one: "
            f"(umask 277; echo 1:$(openssl rand -base64 32) > {path})",
        ) from None
    except (OSError, UnicodeDecodeError) as why:
        raise _unreadable(path, type(why).__name__) from None
    # systemd guards its directory; it shows the right of the service there as a group's
    if mode & 0o077 and path != _credential():
        raise SetupFault(
            "seal_key_open",
            file=str(path),
            remedy=f"Others can read the master key. Close it: chmod 400 {path}",
        )
    keys = [_parse(path, line) for line in text.split()]
    if not keys or len({key.id for key in keys}) < len(keys):
        raise _unreadable(path, "it holds no key, or two of one number")
    return keys


def write(path: Path, keys: Sequence[MasterKey]) -> None:
    """Put these keys in the place of what is there: wholly or not at all."""
    fresh = _written_beside(path, keys)
    try:
        os.rename(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    settle(path.parent)


def _credential() -> Path:
    return Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nonexistent")) / NAME


def _place(settings: "Settings") -> tuple[Path, bool]:
    """The key file, and whether it is ours to make."""
    if _credential().exists():
        return _credential(), False
    if settings.seal_key_file is not None:
        return settings.seal_key_file, False
    return settings.data_dir / NAME, True


def _reader(path: Path) -> Callable[[], list[MasterKey]]:
    """Reads the file again only when it is another one than last time."""
    seen: tuple[int, int] | None = None
    keys: list[MasterKey] = []

    def again() -> list[MasterKey]:
        nonlocal seen, keys
        try:
            now = path.stat()
        except OSError:
            now = None
        mark = (now.st_ino, now.st_mtime_ns) if now else None
        if mark is None or mark != seen:
            keys, seen = read(path), mark
        return keys

    return again


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _written_beside(path, [MasterKey.fresh()])
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was quicker: its key is the one
    finally:
        fresh.unlink()
    settle(path.parent)


def _written_beside(path: Path, keys: Sequence[MasterKey]) -> Path:
    lines = "".join(f"{key.id}:{base64.b64encode(key.secret).decode()}\n" for key in keys)
    held, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with open(held, "w", encoding="ascii") as file:
        os.fchmod(held, 0o400)
        file.write(lines)
        file.flush()
        os.fsync(held)
    return Path(name)


def _parse(path: Path, line: str) -> MasterKey:
    number, _, secret = line.partition(":")
    try:
        key = MasterKey(int(number), base64.b64decode(secret, validate=True))
    except (ValueError, binascii.Error):
        raise _unreadable(path, "a line is not <id>:<base64>") from None
    if len(key.secret) != 32 or not 0 <= key.id <= 255:
        raise _unreadable(path, "a key is not 32 bytes long")
    return key


def _unreadable(path: Path, why: str) -> SetupFault:
    return SetupFault(
        "seal_key_unreadable",
        file=str(path),
        why=why,
        remedy="Let the service's user own the key file, or put it back from the backup.",
    )
