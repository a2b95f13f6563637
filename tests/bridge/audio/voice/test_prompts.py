"""Every sentence of the phone, spoken as one: nowhere inside it is there a gap."""

import re
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
from babel.messages.pofile import read_po

from bridge.audio.voice.espeak import synthesize
from bridge.calls.spoken import LOCALE
from tests.peers.speech import Sound

LONGEST_GAP = 0.3
"""Seconds."""
_QUIET = 10 ** (-50 / 20)
_FRAME = 0.01
FACTS = {
    "name": "Ada Lovelace",
    "network": "XMPP",
    "title": "The Analytical Engine",
    "length": "43 minutes",
    "position": "12 minutes",
    "count": "3",
    "seconds": "30",
}


def sentences(language: str) -> list[str]:
    """What is said, with names where names belong."""
    with Path(LOCALE, language, "LC_MESSAGES", "bridge.po").open("rb") as file:
        catalog = read_po(file)
    told = [str(one.string or one.id) for one in catalog if one.id]
    whole = [text.format_map({**_blanks(text), **FACTS}) for text in told]
    return sorted({part for text in whole for part in re.split(r"(?<=[.?!])\s+", text) if part})


def _blanks(text: str) -> dict[str, str]:
    """A number for whatever FACTS does not know."""
    return {name: "7" for _, name, _, _ in Formatter().parse(text) if name}


def longest_gap(sound: Sound) -> float:
    """Seconds of quiet between the first and the last of what is heard."""
    size = round(sound.rate * _FRAME)
    frames = sound.samples[: len(sound.samples) // size * size].reshape(-1, size)
    loud = np.flatnonzero(np.sqrt((frames**2).mean(axis=1)) > _QUIET)
    return round(float(np.diff(loud).max(initial=1) - 1) * _FRAME, 2)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_sentence_has_a_gap(language: str) -> None:
    found = {}
    for sentence in sentences(language):
        rate, pcm = synthesize(sentence, language)
        sound = Sound(np.frombuffer(pcm, dtype="<i2") / 32768, rate)
        found[sentence] = longest_gap(sound)
    assert len(found) > 30
    assert not {sentence: gap for sentence, gap in found.items() if gap > LONGEST_GAP}
