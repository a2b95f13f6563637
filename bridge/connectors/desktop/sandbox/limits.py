"""How much of the machine a session may take, and who sees to it.

The kernel holds the number of processes (of threads: RLIMIT_NPROC, counted for the session alone)
and of open files, and by their mounts the sizes of /tmp, /run and /dev/shm. Memory and processor
time of the session as a whole it would hold by control groups, which a service may use only where
systemd hands them over; so whoever opened it looks every few seconds what its processes have
taken, and ends a session that took too much. Between two looks it can take more, and memory that
is in a file without a name (memfd_create(2)) and nowhere mapped is not seen. What is written to the
home is not counted. `deploy/desktop.conf` bounds all sessions together, by the kernel.
"""

from contextlib import suppress
from dataclasses import dataclass

from bridge.connectors.desktop.sandbox import processes
from bridge.errors import NetworkDown

EVERY = 5.0
"""Seconds between two looks."""
_PATIENCE = 12
"""So many looks in a row may find the processor taken."""


@dataclass(frozen=True)
class SessionLimits:
    """How much of the machine one session may take."""

    memory: int = 1536 << 20
    """Bytes, of all processes together. Files that are mapped (libraries) are not counted, and what
    processes share with each other is counted for each.
    """
    processes: int = 512
    """Threads are counted, as the kernel does; Chromium in a call has about 150."""
    files: int = 4096
    """Open at a time, in each process."""
    cores: float = 1.5
    """Of processor time, for a minute on end."""
    scratch: int = 256 << 20
    """Bytes in each of /tmp, /run and /dev/shm."""

    @property
    def prefix(self) -> tuple[str, ...]:
        """A command before the command."""
        return (
            "prlimit",
            f"--nproc={self.processes}",
            f"--nofile={self.files}",
            "--core=0",
            "--rtprio=0",
            "--",
        )


class Consumption:
    """What the descendants of `pid` take. A process that ends takes its time with it: a session
    that starts a new one every moment looks idle, and is held by the kernel's scheduler alone.
    """

    def __init__(self, pid: int, limits: SessionLimits) -> None:
        self._session = pid
        self._limits = limits
        self._times: dict[int, float] = {}
        self._hungry = 0

    def look(self) -> None:
        """NetworkDown("desktop_memory") or ("desktop_busy") when it is too much."""
        held, taken, times = 0, 0.0, {}
        for member in processes.descendants(self._session):
            with suppress(OSError):  # it has gone
                times[member] = processes.seconds(member)
                held += processes.memory(member)
                taken += times[member] - self._times.get(member, 0.0)
        self._times = times
        self._hungry = self._hungry + 1 if taken > self._limits.cores * EVERY else 0
        if held > self._limits.memory:
            raise NetworkDown("desktop_memory", mb=str(held >> 20))
        if self._hungry >= _PATIENCE:
            raise NetworkDown("desktop_busy")
