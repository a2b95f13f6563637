"""Packets on a socket, as the clock sees them: it never waits, and never fails."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bridge.audio.pjmedia.stream import PacketStream

SIZE = 320
SILENCE = bytes(SIZE)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def stream(ends: tuple[socket.socket, socket.socket]) -> Iterator[PacketStream]:
    stream = PacketStream(ends[0], SIZE)
    yield stream
    stream.close()


@pytest.fixture
def program(ends: tuple[socket.socket, socket.socket]) -> socket.socket:
    return ends[1]


def packet(number: int) -> bytes:
    return bytes([number]) * SIZE


def test_packets_are_heard_in_their_order(stream: PacketStream, program: socket.socket) -> None:
    heard = []
    for number in range(1, 6):
        program.send(packet(number))
        heard.append(stream.take())
    assert heard == [SILENCE, *map(packet, (1, 2, 3, 4))]


def test_silence_is_heard_where_nothing_comes(stream: PacketStream) -> None:
    assert [stream.take() for _ in range(3)] == [SILENCE] * 3
    assert stream.underruns == 0


def test_what_waits_before_the_call_is_never_heard(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, program = ends
    for _ in range(3):
        program.send(packet(9))
    stream = PacketStream(ours, SIZE)
    assert [stream.take() for _ in range(3)] == [SILENCE] * 3
    stream.close()


@pytest.mark.parametrize("size", [1, SIZE - 2, SIZE + 1, SIZE * 2, 60000])
def test_packets_of_another_size_are_not_heard(
    stream: PacketStream, program: socket.socket, size: int
) -> None:
    for number in (1, 2, 3):
        program.send(b"\x55" * size)
        program.send(packet(number))
    assert [stream.take() for _ in range(3)] == [packet(1), packet(2), packet(3)]


def test_what_is_given_arrives(stream: PacketStream, program: socket.socket) -> None:
    stream.give(packet(7))
    assert program.recv(2 * SIZE) == packet(7)


def test_a_program_that_does_not_listen_is_not_waited_for(stream: PacketStream) -> None:
    for _ in range(2000):
        stream.give(packet(1))
    assert 0 < stream.overruns < 2000


def test_a_program_that_floods_is_heard_as_silence(
    stream: PacketStream, program: socket.socket
) -> None:
    for _ in range(50):
        program.send(packet(1))
    assert stream.take() == SILENCE
    assert stream.overruns == 50


def test_the_report_counts_frames(stream: PacketStream, program: socket.socket) -> None:
    for number in range(10):
        program.send(packet(number))
        stream.take()
        stream.give(packet(1))
    assert (stream.report.received, stream.report.sent, stream.report.loss) == (10, 10, 0.0)
    for _ in range(8):
        program.send(packet(1))
    stream.take()  # nine have piled up
    assert stream.report.loss == 9 / 18


def test_what_comes_while_nobody_listens_is_not_lost(
    stream: PacketStream, program: socket.socket
) -> None:
    """The conference bridge takes nothing from who is heard by nobody."""
    for _ in range(100):
        program.send(packet(1))
        stream.give(packet(1))
    heard = []
    for number in range(2, 12):
        heard.append(stream.take())
        stream.give(packet(1))
        program.send(packet(number))
    assert heard == [SILENCE, SILENCE, *(packet(number) for number in range(2, 10))]
    assert (stream.underruns, stream.overruns, stream.report.loss) == (0, 0, 0.0)
    assert stream.report.received == 9


@pytest.mark.timeout(20)
def test_a_program_that_never_stops_to_flood_does_not_hold_the_clock_up(
    stream: PacketStream, program: socket.socket
) -> None:
    done = threading.Event()
    program.setblocking(False)

    def flood() -> None:
        while not done.is_set():
            with suppress(BlockingIOError):
                program.send(packet(1))

    flooding = threading.Thread(target=flood)
    flooding.start()
    for _ in range(100):
        stream.take()
    done.set()
    flooding.join()


def test_a_program_that_is_gone_is_heard_as_silence(
    stream: PacketStream, program: socket.socket
) -> None:
    program.close()
    assert stream.take() == SILENCE
    stream.give(packet(1))
    assert stream.overruns == 0


def test_the_owner_may_close_the_socket_in_mid_call(
    ends: tuple[socket.socket, socket.socket], stream: PacketStream
) -> None:
    ours, program = ends
    ours.close()
    stream.give(packet(3))
    assert program.recv(2 * SIZE) == packet(3)


def test_a_clock_that_ticks_once_more_after_the_end_does_no_harm(
    stream: PacketStream, program: socket.socket
) -> None:
    stream.close()
    stream.give(packet(1))
    assert stream.take() == SILENCE
    program.settimeout(1)
    with pytest.raises(TimeoutError):  # the other end of the pair is still open
        program.recv(1)
