"""The walls of a session: what the program in it can see of this machine is what is named here.

A program in it runs with namespaces of its own (bubblewrap): of the files it sees the system's
programs, this house's agent with its libraries, a few lines of /etc, and its own folder. Of the
house's settings, database and keys, and of other sessions, there is nothing to be seen, so there is
nothing to be forbidden. As root, everything runs as the session's uid without any privilege; else
as the service's own user, in a user namespace.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import bridge.connectors.desktop as house
from bridge.connectors.desktop.sandbox.etc import ETC, etc_of
from bridge.connectors.desktop.sandbox.folder import Folder
from bridge.connectors.desktop.sandbox.limits import SessionLimits

AGENT = "bridge.connectors.desktop.agent"
_KEPT = ("SETUID", "SETGID", "SETPCAP")
"""What it takes to become the session's user, until that has been done."""


@dataclass(frozen=True)
class Needs:
    """What the recipe's program needs of its session."""

    rate: int = 16000
    """Samples a second on the link."""
    screen: bool = False
    browser: bool = False
    origins: tuple[str, ...] = ()
    """Of the web app: these may show notifications and use the microphone."""

    @property
    def flags(self) -> tuple[str, ...]:
        wanted = {"--screen": self.screen, "--browser": self.browser}
        return ("--rate", str(self.rate), *(flag for flag, is_on in wanted.items() if is_on))


def bubblewrap(limits: SessionLimits, folder: Folder, fds: "Fds") -> tuple[str, ...]:
    """The command before the agent's command. What it names of this machine is told it apart: what
    stands here, everybody can see in the list of processes.
    """
    return (
        *("bwrap", "--args", str(fds.told), "--info-fd", str(fds.tells)),
        *("--block-fd", str(fds.waits)),
        *_become(folder.number),
        # inside: what is limited outside counts all processes of the service's own user together
        *limits.prefix,
    )


class Fds(NamedTuple):
    """File descriptors of bubblewrap: where it is told the walls, where it tells its child's pid,
    and where it waits for a word before it begins.
    """

    told: int
    tells: int
    waits: int


def walls(folder: Folder, limits: SessionLimits, shown: Iterable[Path] = ()) -> bytes:
    """What bubblewrap is told."""
    words = (
        *("--die-with-parent", "--new-session"),
        *("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--unshare-net", "--hostname", "desktop"),
        *(() if _is_root() else ("--unshare-user",)),
        *_files(folder, limits, shown),
        *_environment(),
        *(_capabilities() if _is_root() else ()),
    )
    return b"".join(word.encode() + b"\0" for word in words)


def _files(folder: Folder, limits: SessionLimits, shown: Iterable[Path]) -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ("bin", "sbin", "lib", "lib64"):
        yield from ("--symlink", f"usr/{name}", f"/{name}")
    yield from ("--proc", "/proc", "--dev", "/dev")
    for scratch in ("/dev/shm", "/tmp", "/run"):
        yield from ("--perms", "1777", "--size", str(limits.scratch), "--tmpfs", scratch)
    binds = {Path(kept): (Path(kept), "--ro-bind-try") for kept in ETC}
    binds |= {Path("/etc") / name: (made_up, "--ro-bind") for name, made_up in _made_up(folder)}
    binds |= {path: (path, "--ro-bind") for path in (*_python(), *shown)}
    binds |= {Path("/home/user"): (folder.home, "--bind")}
    yield from _folders(binds)
    for target, (source, how) in binds.items():
        yield from (how, str(source), str(target))
    yield from ("--bind", str(folder.run), "/run/session")
    yield from ("--chdir", "/home/user")


def _made_up(folder: Folder) -> Iterator[tuple[Path, Path]]:
    """File by file: one of them may lie in a folder of the system's."""
    etc = etc_of(folder)
    for path in etc.rglob("*"):
        if path.is_file():
            yield path.relative_to(etc), path


def _folders(targets: Iterable[Path]) -> Iterator[str]:
    """Those above what is bound; made by bubblewrap itself they would be its owner's alone."""
    above = {parent for target in targets for parent in target.parents} - {Path("/")}
    for folder in sorted(above):
        if not folder.is_relative_to("/usr"):
            yield from ("--perms", "0755", "--dir", str(folder))


def _python() -> Iterator[Path]:
    """The interpreter with its libraries, wherever they are (also under /root, mode 0700: what is
    bound is bound before the uid is dropped), and of this house only what the agent imports.
    """
    for prefix in (Path(sys.base_prefix), Path(sys.prefix)):
        if not prefix.is_relative_to("/usr"):
            yield prefix
    desktop = Path(house.__path__[0])
    yield desktop.parents[1] / "__init__.py"
    yield desktop.parents[1] / "tagged.py"
    yield desktop.parent / "__init__.py"
    yield desktop


def _environment() -> Iterator[str]:
    yield "--clearenv"
    for name, value in {
        "HOME": "/home/user",
        "LANG": "C.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/usr/games",
        "PYTHONPATH": str(Path(house.__path__[0]).parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_RUNTIME_DIR": "/run/session",
    }.items():
        yield from ("--setenv", name, value)


def _capabilities() -> Iterator[str]:
    for name in _KEPT:
        yield from ("--cap-add", f"CAP_{name}")


def _become(number: int) -> Iterator[str]:
    yield "--"
    if _is_root():
        yield from ("setpriv", "--reuid", str(number), "--regid", str(number), "--clear-groups")
        yield from ("--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all")
        yield from ("--no-new-privs", "--")


def _is_root() -> bool:
    return os.geteuid() == 0
