"""PocketSphinx with the English model that it brings: which of a few names it was.

The decoder knows its words by tokens of ours, so that no spelling matters. Its scores are relative
to the best sound among those that the grammar allows; so they say, too, whether it was any of them
(measured: tests/bench/speech.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pocketsphinx

from bridge.audio.speech.arpabet import reading
from bridge.audio.speech.line import RATE, as_at_a_desk
from bridge.audio.speech.recognizer import MOST_OPTIONS, Candidate, Option

LEAST_LIKELY = -3.4
"""Per frame of 10 ms, a logarithm; what is less likely was none of the options."""
_CERTAIN = 2.0  # where the two differ by 0.2 a frame, the first is right in five of six cases
_CHOICES = 2
_VOICES = ("en-us", "de")


@dataclass(frozen=True)
class _Found:
    option: Option
    likelihood: float


class Sphinx:
    """Chooses, and cannot transcribe: of free speech on a telephone it understands too little."""

    def __init__(self) -> None:
        self._decoder: Any = pocketsphinx.Decoder(samprate=RATE, lm=None, loglevel="FATAL")
        self._tokens: dict[str, str] = {}

    def choose(
        self, pcm: bytes, rate: int, options: Sequence[Option], language: str
    ) -> tuple[Candidate, ...]:
        sound = as_at_a_desk(pcm, rate)
        left = list(options[:MOST_OPTIONS])
        found = list[_Found]()
        while len(found) < _CHOICES and (best := self._best(sound, left)) is not None:
            found.append(best)
            left.remove(best.option)
        if not found or found[0].likelihood < LEAST_LIKELY:
            return ()
        return _weighed(found)

    def transcribe(self, pcm: bytes, rate: int, language: str) -> str | None:
        return None

    def _best(self, sound: bytes, options: Sequence[Option]) -> _Found | None:
        said = {
            " ".join(map(self._token, words)): option
            for option in reversed(options)  # of two that sound the same, the first one
            for form in option.forms
            for words in self._readings(form)
        }
        if not said:
            return None
        decoder = self._decoder
        decoder.add_jsgf_string("said", f"#JSGF V1.0;grammar g;public <g> = {' | '.join(said)};")
        decoder.activate_search("said")
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        decoder.end_utt()
        heard = decoder.hyp()
        option = heard and said.get(heard.hypstr)  # a beginning of it is not enough
        if not option:
            return None
        # the scores of the library are no logarithms any more, whatever their name says
        total = sum(math.log(max(part.ascore, 1e-300)) for part in decoder.seg())
        return _Found(option, total / decoder.n_frames())

    def _readings(self, form: str) -> list[tuple[str, ...]]:
        """Each a word's phones after the other: as the dictionary has it, as an English and as a
        German voice reads it.
        """
        spoken = [reading(form, voice) for voice in _VOICES]
        english = spoken[0]
        known = [self._decoder.lookup_word(word.lower()) for word in form.split()]
        if len(known) == len(english):
            pairs = zip(known, english, strict=True)
            spoken.insert(0, tuple(word or read for word, read in pairs))
        spoken += [_without_hiss(words) for words in spoken]
        return [words for words in dict.fromkeys(spoken) if words]

    def _token(self, phones: str) -> str:
        if phones not in self._tokens:
            token = f"w{len(self._tokens)}"
            self._decoder.add_word(token, phones, False)
            self._tokens[phones] = token
        return self._tokens[phones]


def _without_hiss(words: tuple[str, ...]) -> tuple[str, ...]:
    """A telephone cuts off most of an S at the end, and noise the rest."""
    if not words or not words[-1].endswith((" S", " Z")):
        return words
    return (*words[:-1], words[-1][:-2])


def _weighed(found: Sequence[_Found]) -> tuple[Candidate, ...]:
    """Together they are certain: a runner-up that fits as well makes each of two half as sure."""
    weights = [math.exp(_CERTAIN * (one.likelihood - found[0].likelihood)) for one in found]
    pairs = zip(found, weights, strict=True)
    return tuple(Candidate(one.option.key, weight / sum(weights)) for one, weight in pairs)
