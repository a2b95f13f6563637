"""What of the file system is to be seen, enforced by the kernel (landlock(7))."""

import ctypes
import os
import struct
from collections.abc import Iterable
from contextlib import suppress

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on every machine
_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38  # prctl(2)
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ACCESSES = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""By version, how many kinds of access to files are known; the first ones of a list."""
_CONNECT_AND_BIND = 0b11
_OTHERS_SOCKETS_AND_SIGNALS = 0b11
_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """0 where the kernel has none."""
    return max(0, int(_libc.syscall(_CREATE, None, 0, _VERSION)))


def enter(reads: Iterable[str]) -> None:
    """From now on and for ever, in the calling thread: nothing is opened but for reading, and below
    `reads`; no TCP, no abstract sockets of others and no signals to them. What the kernel is too
    old for stays open, which the host is told (bridge.doctor). OSError.
    """
    known = version()
    if not known:
        return
    files = (1 << _ACCESSES.get(known, 16)) - 1
    length = 1 if known < 4 else 2 if known < 6 else 3
    parts = (files, _CONNECT_AND_BIND, _OTHERS_SOCKETS_AND_SIGNALS)
    asked = struct.pack(f"{length}Q", *parts[:length])
    rules = _checked(_libc.syscall(_CREATE, asked, len(asked), 0))
    try:
        for path in reads:
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                _allow(rules, path)
        _checked(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(_libc.syscall(_RESTRICT, rules, 0))
    finally:
        os.close(rules)


def _allow(rules: int, path: str) -> None:
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        access = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
        rule = struct.pack("=Qi", access, beneath)
        _checked(_libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0))
    finally:
        os.close(beneath)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
