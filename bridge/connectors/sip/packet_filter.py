"""A filter in the kernel before our SIP sockets: packets from strangers are dropped before anybody
parses them.

The wheel's SIP parser is old and its socket table small, so only registrars, proxies, trunks and
the phones that are dialled directly may speak to us. A classic BPF program on the socket
(socket(7), SO_ATTACH_FILTER) decides by source address; it needs no rights and costs scanners
everything and us nothing.
"""

import ctypes
import os
import socket
import struct
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

_SO_ATTACH_FILTER = 26
# linux/filter.h
_LOAD_WORD, _LOAD_HALF = 0x20, 0x28  # BPF_LD | BPF_ABS with BPF_W, BPF_H
_AND, _JUMP_EQUAL, _RETURN = 0x54, 0x15, 0x06
_FROM_NETWORK_HEADER = 0xFFF00000  # SKF_NET_OFF
_IP_SOURCE = _FROM_NETWORK_HEADER + 12
_SOURCE_PORT = 0  # a socket's filter sees the packet from its UDP or TCP header on
_PAYLOAD = 8  # behind the UDP header
MOST_NETWORKS = 500
"""The kernel has memory for about so many in one filter."""
_QUEUE_BYTES = 16384
_PASS, _DROP = 0xFFFFFFFF, 0


def program(
    allowed: Iterable[IPv4Network], bell: tuple[IPv4Address, int], *, invites: bool = True
) -> bytes:
    """The filter as an array of `struct sock_filter`: our own doorbell and `allowed` sources pass,
    the rest is dropped. Without `invites` new calls are dropped too, whoever sends them; callers
    that are honest send them again after half a second (RFC 3261, timer A).
    """
    bell_address, bell_port = bell
    steps: list[tuple[int, int, int, int]] = [
        (_LOAD_WORD, 0, 0, _IP_SOURCE),
        (_JUMP_EQUAL, 0, 3, int(bell_address)),
        (_LOAD_HALF, 0, 0, _SOURCE_PORT),
        (_JUMP_EQUAL, 0, 1, bell_port),
        (_RETURN, 0, 0, _PASS),
    ]
    if not invites:
        steps += [
            (_LOAD_WORD, 0, 0, _PAYLOAD),
            (_JUMP_EQUAL, 0, 1, int.from_bytes(b"INVI")),
            (_RETURN, 0, 0, _DROP),
        ]
    for network in sorted(set(allowed))[:MOST_NETWORKS]:
        steps += [
            (_LOAD_WORD, 0, 0, _IP_SOURCE),
            (_AND, 0, 0, int(network.netmask)),
            (_JUMP_EQUAL, 0, 1, int(network.network_address)),
            (_RETURN, 0, 0, _PASS),
        ]
    steps.append((_RETURN, 0, 0, _DROP))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def close_to_strangers(ports: Collection[int], datagrams: bytes, streams: bytes) -> int:
    """Put filters that `program` made before every inet socket of this process that is bound to one
    of `ports`; gives how many there were. Called again, the new programs replace the old ones.
    """
    closed = 0
    for one in _inet_sockets():
        if one.getsockname()[1] in ports:
            code = streams if one.type == socket.SOCK_STREAM else datagrams
            steps = ctypes.create_string_buffer(code, len(code))
            # struct sock_fprog { unsigned short len; struct sock_filter *filter; }, native
            fprog = struct.pack("HP", len(code) // 8, ctypes.addressof(steps))
            one.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, fprog)
            closed += 1
    return closed


def shorten_queues(ports: Collection[int]) -> None:
    """Keep few datagrams waiting: what a burst has queued has passed the filter already."""
    for one in _inet_sockets():
        if one.getsockname()[1] in ports:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _QUEUE_BYTES)


def cut_off(peer: tuple[str, int]) -> None:
    """End our TCP connection with `peer`, if there is one, and throw away what waits there: no
    filter reaches that any more, and a socket that is shut down still gives it out.
    """
    for one in _inet_sockets():
        with suppress(OSError):  # it listens, or is not connected, or nothing waits
            if one.type == socket.SOCK_STREAM and one.getpeername() == peer:
                one.shutdown(socket.SHUT_RDWR)
                while one.recv(_QUEUE_BYTES, socket.MSG_DONTWAIT):
                    continue


def _inet_sockets() -> Iterator[socket.socket]:
    """A copy of each; other threads open and close theirs meanwhile."""
    for entry in Path("/proc/self/fd").iterdir():
        try:
            if not os.readlink(entry).startswith("socket:"):
                continue
            copy = os.dup(int(entry.name))
        except OSError:
            continue  # closed meanwhile
        try:
            one = socket.socket(fileno=copy)
        except OSError:  # no socket any more
            os.close(copy)
            continue
        with one:
            if one.family == socket.AF_INET:
                yield one


def addresses_of(host: str, port: int = 5060) -> set[IPv4Network]:
    """Every IPv4 address behind a host name, now. Blocks on DNS; raises OSError when the name is
    unknown.
    """
    answers = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)
    return {IPv4Network(str(answer[4][0])) for answer in answers}
