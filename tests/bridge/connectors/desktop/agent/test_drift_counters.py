"""What slipped is told soon, and not all the time."""

from bridge.connectors.desktop.agent.sound.drift_counters import DriftCounters
from bridge.connectors.desktop.protocol.messages import SoundDrifted


def test_a_bad_second_is_one_fact() -> None:
    told: list[SoundDrifted] = []
    time = 5.0
    slips = DriftCounters(told.append, lambda: time)
    slips.tell(now=True)
    assert told == []
    slips.gap()
    slips.gap()
    slips.left_out(3)
    slips.left_out(0)
    assert told == [SoundDrifted(underruns=1, overruns=0)]
    time += 1.0
    slips.left_out()
    assert told[1:] == [SoundDrifted(underruns=1, overruns=4)]
    slips.gap()
    slips.tell(now=True)
    assert told[2:] == [SoundDrifted(underruns=1, overruns=0)]
