"""What a child gives up before it reads a byte, enforced by the kernel."""

import os
import resource
import signal
import stat
import sys
from pathlib import Path

from bridge.children import landlock, seccomp
from bridge.children.kinds import ChildKind
from bridge.kernel import end_with_parent, keep_memory_private

OWN = 70999
"""The user and the group of all children, where the house has the right to be somebody else and
the program can be read by everybody.
"""
RENEWALS = 100
"""So often may the time of a child be renewed: not even its parent can give it more."""
_MOST_FILES = 64
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/localtime")


def enter(kind: ChildKind, parent: int) -> None:
    """From now on and for ever. `parent` is the process with which it ends. RuntimeError when a
    library has begun a thread, which would stay outside; OSError.
    """
    _limit(kind)
    program = _program()
    _become_nobody(program)
    # only now: a change of user takes it back (prctl(2))
    end_with_parent(signal.SIGKILL)
    if os.getppid() != parent:  # it ended before that
        sys.exit(1)
    keep_memory_private()
    if len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("a thread began before the walls were up")
    landlock.enter((*program, *kind.reads))
    seccomp.enter()


def _limit(kind: ChildKind) -> None:
    if kind.memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (kind.memory, kind.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (kind.writes, kind.writes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_FILES, _MOST_FILES))
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + kind.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, soft + RENEWALS * kind.seconds))


def _program() -> tuple[str, ...]:
    """Where its code is: libraries are loaded late, such as that of a character set."""
    root = Path(__file__).parents[2]
    own = [root / name for name in ("bridge", "scheduler")]
    told = [Path(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    others = [one for one in told if one != root]
    return (*map(str, (*own, *others)), sys.prefix, sys.base_prefix, *_SYSTEM)


def _become_nobody(program: tuple[str, ...]) -> None:
    if os.geteuid() == 0 and all(map(_is_for_all, program)):
        os.setgroups([])
        os.setresgid(OWN, OWN, OWN)
        os.setresuid(OWN, OWN, OWN)


def _is_for_all(path: str) -> bool:
    """Whether everybody can go to it and read it, if it is there."""
    way = Path(path).resolve()
    if not way.exists():
        return True
    passable = all(one.stat().st_mode & stat.S_IXOTH for one in way.parents)
    return passable and bool(way.stat().st_mode & stat.S_IROTH)
