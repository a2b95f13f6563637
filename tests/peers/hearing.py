"""What was heard: is it the sentence that was spoken, how late, and how good?

Two measures.  `correlation` asks whether the waveform arrived at all; it looks at half-second
pieces, each with its own small delay, because two clocks slip against each other and a jitter
buffer drops or repeats a frame now and then.  PESQ (ITU-T P.862, narrow band) asks how good it
sounds: about 4 for one passage through G.711 (shared facts: 4.09 for espeak-ng's English).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.signal import correlate

from tests.peers.speech import Samples, Sound, as_sound

RATE = 8000  # what a telephone carries; all comparisons are made at this rate
PIECE = 0.5  # seconds
SLIP = 0.08  # seconds that one piece may be away from the whole's delay
_PLACES = 4  # in which a sentence is looked for
_EDGE = 0.02  # seconds that a recording may cut off a sentence
ENOUGH = 0.7  # correlation; measured: own sentence >= 0.95, another one <= 0.4


class Match(NamedTuple):
    """How well, and how much later, something spoken was heard."""

    correlation: float  # 0 .. 1
    delay: float  # seconds from the start of the recording to the start of the sentence


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence was heard; true in a condition when it was."""

    heard: bool
    why: str
    match: Match
    pesq: float | None  # MOS-LQO, 1 .. 4.5; None when PESQ could not find speech

    def __bool__(self) -> bool:
        return self.heard


def correlation(spoken: Path | Sound, heard: Path | Sound) -> Match:
    """The best normalised cross-correlation of `spoken` in `heard`, and where it begins there."""
    said, got = _prepared(spoken), _prepared(heard)
    if len(got) < PIECE * RATE or not said.any() or not got.any():
        return Match(0.0, 0.0)
    tried = [(start, _score(said, got, start)) for start in _starts(said, got)]
    best = max(score for _, score in tried)
    # of several equally good places (a sentence that is repeated) the first one counts
    start, score = next(one for one in tried if one[1] > 0.95 * best or one[1] == best)
    return Match(max(0.0, score), start / RATE)


def _score(said: Samples, got: Samples, start: int) -> float:
    """How well the pieces of `said` fit near their places; a jitter buffer may have shifted each
    by a little, and a pause between words says nothing.
    """
    score, weight = 0.0, 0.0
    size, slip = round(PIECE * RATE), round(SLIP * RATE)
    for at in range(0, len(said) - size // 2, size):
        piece = said[at : at + size]
        energy = float(np.dot(piece, piece))
        if energy < 0.02 * size * np.mean(said**2):
            continue
        around = _window(got, start + at - slip, len(piece) + 2 * slip)
        score += energy * float(_normalised(piece, around).max())
        weight += energy
    return score / weight if weight else 0.0


def pesq_nb(spoken: Path | Sound, heard: Path | Sound) -> float | None:
    """PESQ narrow band after alignment: MOS-LQO, 1 (bad) to 4.5; None where it finds no speech.

    Silence is a failure of the call, not of the measurement, hence None and no error.
    """
    import pesq  # slow to import, and not everyone who loads this module wants it

    said, got = as_sound(spoken).at(RATE).samples, as_sound(heard).at(RATE).samples
    start = round(correlation(spoken, heard).delay * RATE)
    part = _window(got, start, len(said))
    if not part.any() or not said.any():
        return None
    try:
        return float(pesq.pesq(RATE, said, part, "nb"))
    except (pesq.PesqError, ValueError):
        return None


def heard_sentence(
    spoken: Path | Sound,
    heard: Path | Sound,
    *,
    enough: float = ENOUGH,
    pesq_at_least: float | None = None,
    whole: bool = False,
) -> Verdict:
    """Whether `spoken` is in `heard`, with the reason in words.

    `whole` asks for all of it, also its last word: for a recording that still grows.

    `assert heard_sentence(spoken, heard)` shows the reason when it fails.
    """
    match = correlation(spoken, heard)
    if whole and match.delay < -_EDGE:  # its end only: listen for the next time it is said
        heard = as_sound(heard).after(match.delay + as_sound(spoken).seconds)
        match = correlation(spoken, heard)
    loudness = float(np.sqrt(np.mean(as_sound(heard).samples ** 2))) if _any(heard) else 0.0
    if loudness < 0.001:  # -60 dB of full scale: comfort noise at most
        return Verdict(False, f"silence was heard (rms {loudness:.5f})", match, None)
    if match.correlation < enough:
        why = f"something else was heard: correlation {match.correlation:.2f} < {enough}"
        return Verdict(False, why, match, None)
    ends = match.delay + as_sound(spoken).seconds
    if whole and not -_EDGE <= match.delay <= ends <= as_sound(heard).seconds + _EDGE:
        why = f"not the whole sentence was heard: it ends {ends:.2f} s into the recording"
        return Verdict(False, why, match, None)
    quality = pesq_nb(spoken, heard)
    if pesq_at_least is not None and (quality is None or quality < pesq_at_least):
        why = f"it was heard badly: PESQ {quality} is less than {pesq_at_least}"
        return Verdict(False, why, match, quality)
    told = "not measurable" if quality is None else f"{quality:.2f}"
    why = f"heard: correlation {match.correlation:.2f}, PESQ {told}"
    return Verdict(True, why, match, quality)


def _any(sound: Path | Sound) -> bool:
    return len(as_sound(sound).samples) > 0


def _prepared(sound: Path | Sound) -> Samples:
    """At telephone rate and with the deep voice's hum taken out (pre-emphasis): else any two
    sentences of one synthetic voice look alike, since they share its pitch."""
    samples = as_sound(sound).at(RATE).samples
    return np.append(samples[:1], samples[1:] - 0.95 * samples[:-1])


def _starts(said: Samples, got: Samples) -> list[int]:
    """Where `said` may begin in `got`, as sample indexes in their order (negative: before the
    recording).
    """
    lags = correlate(got, said, mode="full", method="fft")
    power = np.concatenate([[0.0], np.cumsum(got**2)])
    begin = np.arange(len(lags)) - (len(said) - 1)
    inside = power[np.clip(begin + len(said), 0, len(got))] - power[np.clip(begin, 0, len(got))]
    # a bit of the sentence over the edge of the recording must not win by its tiny energy
    scale = np.sqrt(np.maximum(inside, 0.25 * inside.max()) * np.dot(said, said)) + 1e-12
    scores = lags / scale
    found: list[int] = []
    for _ in range(_PLACES):
        peak = int(np.argmax(scores))
        found.append(int(begin[peak]))
        scores[max(0, peak - len(said) // 4) : peak + len(said) // 4] = -np.inf
    return sorted(found)


def _window(samples: Samples, start: int, length: int) -> Samples:
    """`length` samples from `start`, with silence where the recording has none."""
    part = samples[max(0, start) : max(0, start + length)]
    before = min(length, max(0, -start))
    return np.pad(part, (before, length - before - len(part)))


def _normalised(piece: Samples, around: Samples) -> Samples:
    """Normalised cross-correlation of `piece` at each place where it fits into `around`."""
    products = correlate(around, piece, mode="valid", method="fft")
    power = np.concatenate([[0.0], np.cumsum(around**2)])
    energies = power[len(piece) :] - power[: -len(piece)]
    loud = np.maximum(energies, 0) * np.dot(piece, piece)
    return np.where(loud > 1e-12, products / np.sqrt(np.maximum(loud, 1e-12)), 0.0)
