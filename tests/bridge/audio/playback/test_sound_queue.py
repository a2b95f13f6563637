"""Sound and facts between two threads, without either."""

import pytest

from bridge.audio.playback.sound_queue import Depth, SoundQueue
from bridge.audio.port import Finished, Interrupted, PlaybackFact, Returned, Titled

SIZE = 4
SECOND = b"\x01" * SIZE * 50


DEPTH = Depth(least=0.1, low=1.0, high=2.0)


class Clock:
    def __init__(self, speed: float = 1.0) -> None:
        self.facts: list[PlaybackFact] = []
        self.hungry = 0
        self.queue = SoundQueue(DEPTH, SIZE, 10.0, speed, self.grow_hungry, self.facts.append)

    def grow_hungry(self) -> None:
        self.hungry += 1

    def ticks(self, times: int) -> int:
        """How many of them brought sound."""
        return sum(self.queue.take() is not None for _ in range(times))


def test_it_flows_once_there_is_enough() -> None:
    clock = Clock()
    clock.queue.put(10.0, SECOND[: 4 * SIZE])
    assert clock.ticks(3) == 0
    clock.queue.put(10.08, SECOND[:SIZE])
    assert clock.ticks(5) == 5
    assert not clock.queue.ran_dry


@pytest.mark.parametrize("speed", [0.75, 1.0, 2.0])
def test_the_position_moves_with_each_frame(speed: float) -> None:
    clock = Clock(speed)
    clock.queue.put(10.0, SECOND)
    assert clock.queue.position == 10.0
    clock.ticks(25)
    assert clock.queue.position == pytest.approx(10.0 + 0.5 * speed)


def test_running_dry_is_noticed_once_and_it_gathers_anew() -> None:
    clock = Clock()
    clock.queue.put(10.0, SECOND)
    assert clock.ticks(60) == 50
    assert clock.queue.ran_dry
    clock.queue.ran_dry = False
    clock.queue.put(11.0, SECOND[: 4 * SIZE])
    assert clock.ticks(5) == 0
    assert not clock.queue.ran_dry


def test_facts_have_their_turn() -> None:
    clock = Clock()
    clock.queue.note(Titled("one"))
    clock.queue.put(10.0, SECOND)
    clock.queue.note(Titled("two"))
    clock.queue.put(11.0, SECOND)
    clock.ticks(50)
    assert clock.facts == [Titled("one")]
    clock.ticks(1)
    assert clock.facts == [Titled("one"), Titled("two")]


def test_the_end_comes_after_the_last_frame_and_is_no_underrun() -> None:
    clock = Clock()
    clock.queue.put(10.0, SECOND[: SIZE + 1])
    clock.queue.note(Finished())
    assert clock.ticks(2) == 2
    assert clock.facts == []
    assert clock.ticks(5) == 0
    assert clock.facts == [Finished()]
    assert not clock.queue.ran_dry


def test_silence_is_as_it_should_be_until_a_station_returns() -> None:
    clock = Clock()
    clock.queue.put(10.0, SECOND)
    clock.queue.note(Interrupted("stream_down"))
    clock.ticks(100)
    assert not clock.queue.ran_dry
    clock.queue.note(Returned())
    clock.queue.put(20.0, SECOND)
    assert clock.ticks(60) == 50
    assert clock.queue.ran_dry
    assert clock.facts == [Interrupted("stream_down"), Returned()]


def test_it_asks_for_more_once_when_it_is_low() -> None:
    clock = Clock()
    clock.queue.put(10.0, SECOND)
    assert not clock.queue.full
    clock.queue.put(11.0, SECOND)
    assert clock.queue.full
    clock.ticks(50)
    assert not clock.hungry
    clock.ticks(40)
    assert clock.hungry == 1
    assert not clock.queue.full


def test_the_last_frame_is_filled_up() -> None:
    clock = Clock()
    clock.queue.put(10.0, b"\x01" * (SIZE + 1))
    clock.queue.note(Finished())
    assert [clock.queue.take(), clock.queue.take()] == [b"\x01" * 4, b"\x01\0\0\0"]
