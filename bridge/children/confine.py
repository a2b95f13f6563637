"""What a child that reads strangers' files may not do, enforced by the kernel."""

import ctypes
import os
import platform
import resource
import signal
import socket
import struct
import sys

MEMORY = 512 << 20
"""Bytes of address space; 120 MB of it are libraries."""
TIME = 20
"""Seconds of processor time until something must have come of it."""

# prctl(2), seccomp(2), linux/filter.h
_PARENT_DEATH_SIGNAL, _SECCOMP, _NO_NEW_PRIVILEGES = 1, 22, 38
_FILTER_MODE = 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # EPERM
_NUMBER_AT, _MACHINE_AT = 0, 4  # in struct seccomp_data
# by machine: AUDIT_ARCH; socket, io_uring_setup; execve, execveat, ptrace, process_vm_readv and
# process_vm_writev
_MACHINES = {
    "x86_64": (0xC000003E, (41, 425), (59, 322, 101, 310, 311)),
    "aarch64": (0xC00000B7, (198, 425), (221, 281, 117, 270, 271)),
}
_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def enter(*, memory: int | None = MEMORY, seconds: int = TIME) -> socket.socket:
    """What a child does first: from now on it ends with its parent, and is limited. Its end of the
    pair is given back, whose descriptor is its first argument.
    """
    end_with_parent(signal.SIGKILL)
    if memory is not None:
        limit_memory(memory)
    renew_time(seconds)
    return socket.socket(fileno=int(sys.argv[1]))


def end_with_parent(by: signal.Signals) -> None:
    """Even if that is killed."""
    _libc.prctl(_PARENT_DEATH_SIGNAL, by)


def limit_memory(memory: int = MEMORY) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def renew_time(seconds: int = TIME) -> None:
    """So much time again, from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def forbid(*, network: bool) -> None:
    """From now on and for ever: no other programs, no way into other processes, and with `network`
    no new sockets. On machines that are not in the table only the limits above hold.
    """
    known = _MACHINES.get(platform.machine())
    if known is None:
        return
    machine, sockets, others = known
    program = _filter(machine, (*others, *sockets) if network else others)
    _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if _libc.prctl(_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _filter(machine: int, refused: tuple[int, ...]) -> _Program:
    """A classic BPF program: those calls, and all of another machine's, fail with EPERM."""
    steps = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    steps.append((_RETURN, 0, 0, _ALLOW))
    return _Program(len(steps), b"".join(struct.pack("HBBI", *step) for step in steps))
