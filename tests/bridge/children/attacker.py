"""A child in whose place a stranger's program runs, behind that child's walls.

It tries every one of ATTACKS, and every system call that children do not need. Run as a program it
does the first without walls.
"""

import ctypes
import errno
import json
import mmap
import socket
import sys
from importlib import import_module

from bridge.children import seccomp
from tests.bridge.children.attacks import LIBRARY, Targets, tried

_libc = ctypes.CDLL(None, use_errno=True)
_NEWEST_CALL = 470


def every_other_call() -> list[str]:
    """The system calls, beyond those that a child needs, that are more than refused."""
    wanted = {*seccomp.CALLS, *seccomp.CONDITIONS}
    LIBRARY.seccomp_syscall_resolve_num_arch.restype = ctypes.c_char_p
    open_ones = []
    for number in range(_NEWEST_CALL):
        native = LIBRARY.seccomp_arch_native()
        name = (LIBRARY.seccomp_syscall_resolve_num_arch(native, number) or b"").decode()
        if name in wanted or not name:
            continue
        result = _libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
        if result >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            open_ones.append(name)
    return open_ones


def main(end: socket.socket, _: str, targets: str, memory: str) -> None:
    outcomes: dict[str, object] = dict(tried(Targets(**json.loads(targets))))
    outcomes["every other system call"] = every_other_call()
    if int(memory):
        for name, eat in (("bytes", bytearray), ("maps", lambda size: mmap.mmap(-1, size))):
            try:
                eat(int(memory))
                outcomes[f"eats memory: {name}"] = ""
            except (MemoryError, OSError) as why:
                outcomes[f"eats memory: {name}"] = type(why).__name__
    end.sendall(json.dumps(outcomes).encode())


if __name__ == "__main__":  # the control: the same without walls
    print(json.dumps(tried(Targets(**json.loads(sys.argv[1])))))
elif len(sys.argv) > 4 and sys.argv[0].endswith("bridge/children/__main__.py"):
    import_module(sys.argv[4])  # before the walls, as of the child whose place this takes
