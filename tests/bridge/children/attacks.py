"""What a process that a stranger has taken over would try; `attacker` does so.

An attack goes through when it raises nothing.
"""

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bridge.children import seccomp

_libc = ctypes.CDLL(None, use_errno=True)
LIBRARY = ctypes.CDLL("libseccomp.so.2")


@dataclass(frozen=True)
class Targets:
    """Paths, ports and processes of the house that is attacked."""

    key: str
    database: str
    settings: str
    other_user: str
    house: int
    tcp: int
    udp: int
    path: str
    abstract: str

    def packed(self) -> str:
        return json.dumps(asdict(self))


def call(name: str, *arguments: int) -> int:
    """OSError as the kernel says it."""
    number = LIBRARY.seccomp_syscall_resolve_name(name.encode())
    result = _libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    if result < 0:
        why = ctypes.get_errno()
        raise OSError(why, os.strerror(why))
    return int(result)


def _connect(family: int, kind: int, where: object) -> None:
    with socket.socket(family, kind) as line:
        line.settimeout(5)
        line.connect(where)  # type: ignore[arg-type]
        line.send(b"x")


def _serve(family: int, where: object) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.bind(where)  # type: ignore[arg-type]
        line.listen()


def _parent_by_signal_of_a_file(house: int) -> None:
    ours, theirs = os.pipe()
    fcntl.fcntl(ours, fcntl.F_SETOWN, house)
    os.close(ours)
    os.close(theirs)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _spawn() -> None:
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def _of_memory(house: int) -> None:
    _checked(_libc.ptrace(0x4206, house, 0, 0))  # PTRACE_SEIZE; until we end


def _checked(result: int) -> None:
    if result < 0:
        why = ctypes.get_errno()
        raise OSError(why, os.strerror(why))


def _many_files() -> None:
    opened: list[int] = []
    try:
        while len(opened) < 500:
            opened.append(os.dup(0))
    finally:
        for one in opened:
            os.close(one)


def _ignore(one: signal.Signals) -> None:
    before = signal.signal(one, signal.SIG_IGN)
    signal.signal(one, before)


def _write_new(folder: str) -> None:
    new = Path(folder) / f"new-{os.getpid()}"
    new.write_text("x")
    new.unlink()


def _raise_limit(which: int) -> None:
    soft, hard = resource.getrlimit(which)
    resource.setrlimit(which, (soft, hard))


Attack = Callable[[Targets], object]

READS: dict[str, Attack] = {
    "the key": lambda at: Path(at.key).read_bytes(),
    "the database": lambda at: Path(at.database).read_bytes(),
    "the settings": lambda at: Path(at.settings).read_bytes(),
    "another user's folder": lambda at: os.listdir(at.other_user),
    "another user's recording": lambda at: (Path(at.other_user) / "message.wav").read_bytes(),
    "the key, by a way around": lambda at: Path(f"/proc/self/root{at.key}").read_bytes(),
    "the key, from its folder": lambda at: os.open(
        Path(at.key).name, os.O_RDONLY, dir_fd=os.open(Path(at.key).parent, os.O_PATH)
    ),
    "who has an account here": lambda _: Path("/etc/passwd").read_bytes(),
    "the passwords here": lambda _: Path("/etc/shadow").read_bytes(),
    "the whole disk": lambda _: os.listdir("/"),
    "our own environment": lambda _: Path("/proc/self/environ").read_bytes(),
    "the house's environment": lambda at: Path(f"/proc/{at.house}/environ").read_bytes(),
    "the house's files": lambda at: os.listdir(f"/proc/{at.house}/fd"),
    "the house's command line": lambda at: Path(f"/proc/{at.house}/cmdline").read_bytes(),
    "the house's map of memory": lambda at: Path(f"/proc/{at.house}/maps").read_bytes(),
    "the house's memory": lambda at: os.open(f"/proc/{at.house}/mem", os.O_RDONLY),
    "the house's memory, as a debugger": lambda at: _of_memory(at.house),
    "which processes run": lambda _: os.listdir("/proc"),
    "which networks there are": lambda _: Path("/proc/net/route").read_bytes(),
    "a program that is none of ours": lambda _: Path("/bin/true").read_bytes(),
}
WRITES: dict[str, Attack] = {
    "a new file beside the key": lambda at: _write_new(str(Path(at.key).parent)),
    "a new file in another user's folder": lambda at: _write_new(at.other_user),
    "a new file for everybody": lambda _: _write_new("/tmp"),
    "a file in memory, seen by all": lambda _: _write_new("/dev/shm"),
    "a file without a name": lambda _: os.open("/tmp", os.O_TMPFILE | os.O_RDWR),
    "the database": lambda at: os.open(at.database, os.O_RDWR),
    "the database, appending": lambda at: os.open(at.database, os.O_WRONLY | os.O_APPEND),
    "the database, cut off": lambda at: os.truncate(at.database, 3),
    "a folder": lambda at: os.rmdir(os.mkdir(f"{at.other_user}/new") or f"{at.other_user}/new"),
    "another name for the key": lambda at: os.rename(at.key, at.key),
    "a link to the key": lambda at: os.unlink(os.link(at.key, f"{at.key}2") or f"{at.key}2"),
    "a sign to the key": lambda at: os.unlink(os.symlink(at.key, f"{at.key}3") or f"{at.key}3"),
    "whom the key belongs to": lambda at: os.chown(at.key, os.getuid(), os.getgid()),
    "who may read the key": lambda at: os.chmod(at.key, 0o600),
    "when the key was made": lambda at: os.utime(at.key),
    "a pipe": lambda at: os.unlink(os.mkfifo(f"{at.other_user}/p") or f"{at.other_user}/p"),
    "its own code": lambda _: os.open(seccomp.__file__, os.O_WRONLY),
    "a file of memory": lambda _: os.memfd_create("x"),
}
CONNECTS: dict[str, Attack] = {
    "to a port of this machine": lambda at: _connect(
        socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", at.tcp)
    ),
    "to one of IPv6": lambda at: socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close(),
    "by datagrams": lambda at: _connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", at.udp)),
    "to the front desk": lambda at: _connect(socket.AF_UNIX, socket.SOCK_STREAM, at.path),
    "to an abstract socket": lambda at: _connect(
        socket.AF_UNIX, socket.SOCK_STREAM, f"\0{at.abstract}"
    ),
    "as a server": lambda _: _serve(socket.AF_INET, ("127.0.0.1", 0)),
    "to the kernel": lambda _: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "to the wire": lambda _: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
    "to the kernel's ciphers": lambda _: socket.socket(
        socket.AF_ALG, socket.SOCK_SEQPACKET
    ).close(),
    "by another pair": lambda _: [one.close() for one in socket.socketpair()],
}
RUNS: dict[str, Attack] = {
    "a fork": lambda _: _fork(),
    "a program": lambda _: _spawn(),
    "a shell in its place": lambda _: _fork_and_become(),
    "its own namespace": lambda _: call("unshare", 0x10000000),
    "its own mounts": lambda _: call("unshare", 0x00020000),
}
TAKES: dict[str, Attack] = {
    "a signal to the house": lambda at: os.kill(at.house, 0),
    "a signal by a descriptor": lambda at: signal.pidfd_send_signal(
        os.pidfd_open(at.house), signal.SIGCONT
    ),
    "a signal by a file": lambda at: _parent_by_signal_of_a_file(at.house),
    "to be root": lambda _: os.setresuid(0, 0, 0),
    "to be root's group": lambda _: os.setgroups([0]),
    "to outlive the house": lambda _: _checked(_libc.prctl(1, 0, 0, 0, 0)),
    "to leave a core": lambda _: _checked(_libc.prctl(4, 1, 0, 0, 0)),
    "more time": lambda _: _raise_limit(resource.RLIMIT_CPU),
    "more memory": lambda _: _raise_limit(resource.RLIMIT_AS),
    "to be deaf to the end of its time": lambda _: _ignore(signal.SIGXCPU),
    "many files": lambda _: _many_files(),
    "another's priority": lambda at: os.setpriority(
        os.PRIO_PROCESS, at.house, os.getpriority(os.PRIO_PROCESS, at.house)
    ),
    "the keys of the kernel": lambda _: call("keyctl", 0, -3, 0),  # KEYCTL_GET_KEYRING_ID
}
ATTACKS: dict[str, Attack] = {
    f"{group}: {name}": attack
    for group, attacks in (
        ("reads", READS),
        ("writes", WRITES),
        ("connects", CONNECTS),
        ("runs", RUNS),
        ("takes", TAKES),
    )
    for name, attack in attacks.items()
}


def _fork_and_become() -> None:
    """In a fork where one is possible, so that who tries this lives on."""
    pid = 0
    with suppress(PermissionError):
        pid = os.fork()
    if pid == 0:
        os.execv("/bin/true", ["true"])
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise OSError


def tried(targets: Targets) -> dict[str, str]:
    """By attack: empty when it went through, or how it was held."""
    outcomes = {}
    for name, attack in ATTACKS.items():
        try:
            attack(targets)
        except Exception as why:
            outcomes[name] = type(why).__name__
        else:
            outcomes[name] = ""
    return outcomes
