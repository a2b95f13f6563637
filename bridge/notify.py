"""What systemd wants to hear (sd_notify(3)): one datagram a fact. Without systemd, nothing."""

import asyncio
import os
import socket

READY = "READY=1"
STOPPING = "STOPPING=1"
_ALIVE = "WATCHDOG=1"


def notify(*facts: str) -> None:
    """Tell it. Raises OSError when systemd's socket is there but cannot be written to."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket, unix(7)
        address = f"\0{address[1:]}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagram:
        datagram.sendto("\n".join(facts).encode(), address)


def watchdog_interval() -> float | None:
    """Seconds between two signs of life: half of what the unit allows. None: nobody watches us."""
    pid, microseconds = os.environ.get("WATCHDOG_PID"), os.environ.get("WATCHDOG_USEC")
    if not microseconds or (pid and int(pid) != os.getpid()):
        return None
    return int(microseconds) / 2e6


async def keep_alive() -> None:
    """For as long as the event loop turns. A worker that hangs is the pool's business: it must not
    take all other users' calls down.
    """
    interval = watchdog_interval()
    while interval:
        notify(_ALIVE)
        await asyncio.sleep(interval)
