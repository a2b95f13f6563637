"""What the service's processes cost: processor time and memory, from the kernel's own books."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_MIB = 1 << 20
_KEEPER = "bridge.connectors.desktop.keeper"


@dataclass(frozen=True)
class Spent:
    """A reading: processor seconds by process id, at a moment (monotonic seconds)."""

    at: float
    seconds: dict[int, float]

    def percent_until(self, later: Spent, *pids: int) -> float:
        """Percent of one core between the two readings; of `pids`, or of all that live in both."""
        chosen = pids or tuple(self.seconds.keys() & later.seconds.keys())
        used = sum(later.seconds[pid] - self.seconds[pid] for pid in chosen)
        return 100 * used / (later.at - self.at)


def spent_by(*pids: int) -> Spent:
    """User and system time of every thread of `pids`, those that have ended included."""
    return Spent(time.monotonic(), {pid: _processor_seconds(pid) for pid in pids})


class Processes:
    """The service whose first process is `pid`, with all its descendants."""

    def __init__(self, pid: int) -> None:
        self._first = psutil.Process(pid)

    def pids(self) -> list[int]:
        return [self._first.pid, *(one.pid for one in self._first.children(recursive=True))]

    def workers(self) -> list[int]:
        """The forks of the fork server."""
        servers = [one for one in self._first.children() if _is_fork_server(one)]
        return [fork.pid for server in servers for fork in server.children()]

    def keepers(self) -> list[int]:
        """What opens client programs' sessions; one, or none where nobody wants any."""
        return [one.pid for one in self._first.children() if _KEEPER in one.cmdline()]

    def owner_of(self, udp_port: int) -> int:
        """Which worker's SIP socket this is."""
        for pid in self.workers():
            sockets = psutil.Process(pid).net_connections("udp4")
            if any(one.laddr.port == udp_port for one in sockets):
                return pid
        raise LookupError(f"no worker has the UDP port {udp_port}")

    def spent(self) -> Spent:
        """By all processes."""
        return spent_by(*self.pids())

    def resident(self, *pids: int) -> float:
        """RSS in MiB, of `pids` or of all processes; shared pages count for each of them."""
        return sum(psutil.Process(pid).memory_info().rss for pid in pids or self.pids()) / _MIB

    def descriptors(self) -> int:
        """Open file descriptors of all processes."""
        return sum(psutil.Process(pid).num_fds() for pid in self.pids())


def proportional(*pids: int) -> float:
    """PSS in MiB: pages that n processes share count one nth for each."""
    return sum(psutil.Process(pid).memory_full_info().pss for pid in pids) / _MIB


async def percent_during(seconds: float, *pids: int) -> float:
    """Percent of one core that `pids` take together in the next `seconds`."""
    began, before = time.monotonic(), sum(map(_processor_seconds, pids))
    await asyncio.sleep(seconds)
    return 100 * (sum(map(_processor_seconds, pids)) - before) / (time.monotonic() - began)


def _processor_seconds(pid: int) -> float:
    """utime and stime of /proc/PID/stat, counted in ticks of 10 ms."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / 100


def _is_fork_server(process: psutil.Process) -> bool:
    return any("forkserver" in word for word in process.cmdline())
