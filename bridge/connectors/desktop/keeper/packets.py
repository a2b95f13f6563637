"""Packets with file descriptors, between processes of one machine (unix(7), SCM_RIGHTS)."""

import asyncio
import os
import socket
from collections.abc import Iterable

from bridge.connectors.desktop.keeper.messages import LONGEST


def pair() -> tuple[socket.socket, socket.socket]:
    """Of packets, neither end blocking."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setblocking(False)
    return ends


async def received(end: socket.socket, most: int = 0) -> tuple[bytes, list[int]]:
    """The next packet with at most so many descriptors, the kernel closes what is more; b"" when
    the other end is closed. OSError.
    """
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(end, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(end)
    packet, found, *_ = socket.recv_fds(end, LONGEST, most, socket.MSG_CMSG_CLOEXEC)
    return packet, found


def sent(end: socket.socket, packet: bytes, *passed: socket.socket) -> None:
    """OSError where it is not taken at once: who does not read does not get."""
    socket.send_fds(end, [packet], [one.fileno() for one in passed], socket.MSG_NOSIGNAL)


def sockets(found: Iterable[int]) -> list[socket.socket]:
    """Of descriptors that came; of a foreign kind are closed, and left out."""
    taken = []
    for descriptor in found:
        try:
            end = socket.socket(fileno=descriptor)
        except OSError:
            os.close(descriptor)
            continue
        if (end.family, end.type) == (socket.AF_UNIX, socket.SOCK_SEQPACKET):
            end.setblocking(False)
            taken.append(end)
        else:
            end.close()
    return taken
