"""Sound between two clocks: nothing is missed, nothing stays late."""

from array import array

import pytest

from bridge.audio.pjmedia.jitter_buffer import KEPT, MOST, JitterBuffer

SAMPLES = 160


def frame(number: int, level: int = 1000) -> bytes:
    """One that can be told from the others."""
    return array("h", [number, *[level] * (SAMPLES - 1)]).tobytes()


def number_of(sound: bytes | None) -> int | None:
    return None if sound is None else array("h", sound)[0]


@pytest.fixture
def jitter() -> JitterBuffer:
    return JitterBuffer()


def flow(jitter: JitterBuffer, first: int, ticks: int) -> list[int | None]:
    """One frame comes, one is taken."""
    heard = []
    for number in range(first, first + ticks):
        jitter.put([frame(number)])
        heard.append(number_of(jitter.take()))
    return heard


def test_a_steady_stream_is_held_up_by_one_frame(jitter: JitterBuffer) -> None:
    assert flow(jitter, 0, 500) == [None, *range(499)]
    assert (jitter.underruns, jitter.overruns) == (0, 0)


def test_a_frame_that_is_late_by_one_tick_is_not_missed(jitter: JitterBuffer) -> None:
    flow(jitter, 0, 10)
    jitter.put([])
    late = number_of(jitter.take())
    jitter.put([frame(10), frame(11)])
    assert [late, number_of(jitter.take())] == [9, 10]
    assert (jitter.underruns, jitter.overruns) == (0, 0)


def test_a_longer_gap_is_counted_once_and_the_reserve_is_built_up_again(
    jitter: JitterBuffer,
) -> None:
    flow(jitter, 0, 10)
    heard = []
    for _ in range(5):
        jitter.put([])
        heard.append(number_of(jitter.take()))
    assert heard == [9, None, None, None, None]
    assert flow(jitter, 10, 3) == [None, 10, 11]
    assert (jitter.underruns, jitter.overruns) == (1, 0)


def test_a_pause_of_the_sender_is_no_underrun(jitter: JitterBuffer) -> None:
    flow(jitter, 0, 10)
    for _ in range(100):
        jitter.put([])
        jitter.take()
    flow(jitter, 10, 10)
    assert jitter.underruns == 0


def test_a_surplus_that_lasts_is_cut_out_where_it_is_quietest(jitter: JitterBuffer) -> None:
    flow(jitter, 0, 10)
    jitter.put([frame(number) for number in range(10, 12)])
    heard: list[int | None] = []
    for number in range(12, 312):
        jitter.put([frame(number, level=3 if number % 2 else 1000)])
        heard.append(number_of(jitter.take()))
    left_out = set(range(12, 300)) - set(heard)
    assert heard[-1] == 311 - KEPT
    assert len(left_out) == jitter.overruns == 2
    assert all(number % 2 for number in left_out)


def test_unevenness_that_is_used_now_and_then_is_kept(jitter: JitterBuffer) -> None:
    """Two frames at every other tick: cutting one out would only be missed at the next."""
    flow(jitter, 0, 10)
    for number in range(10, 410, 2):
        jitter.put([])
        jitter.take()
        jitter.put([frame(number), frame(number + 1)])
        jitter.take()
    assert (jitter.underruns, jitter.overruns) == (0, 0)


def test_what_piled_up_while_something_stood_still_is_dropped_at_once(
    jitter: JitterBuffer,
) -> None:
    flow(jitter, 0, 10)
    jitter.put([frame(number) for number in range(10, 60)])
    assert jitter.overruns == 51
    assert flow(jitter, 60, 3) == [None, 60, 61]


def test_it_never_holds_more_than_it_may(jitter: JitterBuffer) -> None:
    for number in range(100):
        jitter.put([frame(number)])
        assert len(jitter._line) <= MOST


@pytest.mark.parametrize("parts_per_million", [-100, 100])
def test_two_clocks_that_drift_apart_cost_one_frame_now_and_then(
    jitter: JitterBuffer, parts_per_million: int
) -> None:
    """An hour of sound: 0.36 s, or 18 frames, too much or too little come in it."""
    ticks, came, deepest, silent = 3600 * 50, 0, 0, 0
    for tick in range(ticks):
        due = int(tick * (1 + parts_per_million / 1e6) + 0.5)
        jitter.put([frame(0)] * (due - came))
        came = due
        deepest = max(deepest, len(jitter._line))
        silent += jitter.take() is None
    assert deepest <= KEPT + 3
    assert jitter.overruns + silent == pytest.approx(18, abs=3)
