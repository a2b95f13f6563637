"""How good a sentence sounds at the other end: PESQ, for telephones and for HD voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.peers.hearing import correlation, pesq_nb
from tests.peers.programs import PeerFailed
from tests.peers.speech import Sound, load

WIDE = 16000


def narrow(spoken: Sound, recording: Path) -> float:
    """MOS-LQO by ITU-T P.862, 300 to 3400 Hz."""
    found = pesq_nb(spoken, _said_again(spoken, recording))
    if found is None:
        raise PeerFailed("no speech was heard")
    return found


def wide(spoken: Sound, recording: Path) -> float:
    """MOS-LQO by ITU-T P.862.2, 50 to 7000 Hz. Its scale is another one than that of `narrow`."""
    import pesq  # slow to import

    heard = _said_again(spoken, recording)
    begins = max(0.0, correlation(spoken, heard).delay)
    said, got = spoken.at(WIDE).samples, heard.after(begins).at(WIDE).samples[: len(spoken.samples)]
    part = np.pad(got, (0, len(said) - len(got)))
    try:
        return float(pesq.pesq(WIDE, said, part, "wb"))
    except (pesq.PesqError, ValueError):
        raise PeerFailed("no speech was heard") from None


def _said_again(spoken: Sound, recording: Path) -> Sound:
    """What was heard without the sentence's first time, which may have begun before both ends of
    the call were there.
    """
    return load(recording).after(spoken.seconds / 2)
