"""What is left out of the sound for a microphone, and when."""

from array import array

from bridge.connectors.desktop.agent.sound.latency_trim import LatencyTrim

QUIET = array("h", [200, -200] * 160).tobytes()
LOUD = array("h", [9000, -9000] * 160).tobytes()
LONG, SHORT = 0.015, 0.002


def waited(surplus: LatencyTrim, seconds: float, frames: int) -> None:
    for _ in range(frames):
        surplus.waited(seconds)


def test_nothing_is_left_out_of_what_flows() -> None:
    surplus = LatencyTrim()
    waited(surplus, SHORT, 1000)
    assert not surplus.holds(QUIET)


def test_a_wait_now_and_then_is_no_surplus() -> None:
    surplus = LatencyTrim()
    for _ in range(100):
        waited(surplus, LONG, 10)
        waited(surplus, SHORT, 1)
        assert not surplus.holds(QUIET)


def test_one_quiet_frame_is_left_out_of_a_lasting_surplus() -> None:
    surplus = LatencyTrim()
    waited(surplus, LONG, 60)
    assert [surplus.holds(frame) for frame in (LOUD, QUIET, QUIET)] == [False, True, False]


def test_a_loud_one_is_left_out_where_none_is_quiet() -> None:
    surplus = LatencyTrim()
    waited(surplus, LONG, 500)
    assert [surplus.holds(LOUD), surplus.holds(LOUD)] == [True, False]
