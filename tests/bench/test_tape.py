"""When sound begins and ends on a tape."""

import numpy as np
import pytest

from tests.bench.tape import AUDIBLE, first_loud, goes_on, last_loud, longest_quiet, loudness
from tests.peers.speech import Sound

RATE = 8000


def tone(seconds: float, loud: float = 0.1) -> Sound:
    return Sound(loud * np.sin(np.arange(round(seconds * RATE)) * 0.5), RATE)


SPOKEN = Sound.nothing(0.3).then(tone(0.5)).then(Sound.nothing(0.2)).then(tone(0.1))


def test_the_first_and_the_last_sound() -> None:
    tape = SPOKEN.then(Sound.nothing(0.4))
    assert first_loud(tape) == pytest.approx(0.3)
    assert last_loud(tape) == pytest.approx(1.1)


def test_a_faint_end_belongs_to_a_word() -> None:
    tape = SPOKEN.then(tone(0.2, 0.01)).then(Sound.nothing(0.4))
    assert last_loud(tape) == pytest.approx(1.1)
    assert last_loud(tape, AUDIBLE) == pytest.approx(1.3)


def test_nothing_ends_at_once_where_there_is_nothing() -> None:
    assert last_loud(Sound.nothing(1.0)) == 0


def test_the_longest_pause() -> None:
    assert longest_quiet(loudness(SPOKEN)) == pytest.approx(0.3)


def test_a_prompt_goes_on_but_in_its_pauses() -> None:
    """Counted from its first word."""
    assert goes_on(SPOKEN, 0.2)
    assert not goes_on(SPOKEN, 0.5)
    assert goes_on(SPOKEN, 0.68)
