"""How the library is set up: what is mixed at which rate, and which codec comes first."""

import pytest

from bridge.audio.pjmedia.endpoint import codec_priorities, endpoint_config


@pytest.mark.parametrize(("wideband", "rate"), [(False, 8000), (True, 16000)])
def test_sound_is_mixed_at_the_rate_that_the_host_wants(wideband: bool, rate: int) -> None:
    media = endpoint_config("test", wideband=wideband).medConfig
    assert (media.clockRate, media.sndClockRate) == (rate, rate)


@pytest.mark.parametrize(
    ("wideband", "order"),
    [
        (False, ["PCMA/8000", "PCMU/8000", "G722/16000"]),
        (True, ["G722/16000", "PCMA/8000", "PCMU/8000"]),
    ],
)
def test_the_codec_that_sounds_best_is_offered_first(wideband: bool, order: list[str]) -> None:
    priorities = codec_priorities(wideband)
    assert sorted(priorities, key=priorities.__getitem__, reverse=True) == order
