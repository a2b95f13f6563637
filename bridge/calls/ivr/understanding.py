"""What was said, among what a menu offers: more than fit into one choice are taken in rounds."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from bridge.audio.port import Utterance
from bridge.audio.speech.recognizer import MOST_OPTIONS, Candidate, Option, Recognizer
from bridge.calls.ivr.inputs import Understand
from bridge.calls.ivr.menu import Menu

MOST_ROUNDS = 4
"""Each takes a fortieth of a second; the entries that are read out first come into the first."""
CLOSE = 0.7
"""Who reaches this share of the likeliest one's confidence may have been meant as well."""
MOST_ASKED = 3


def understanding(recognizer: Recognizer, menu: Menu[Any], language: str) -> Understand | None:
    """None where the menu has nothing that can be said."""
    said_as = ((entry.key, entry.said_as(language)) for entry in menu.entries)
    options = [Option(key, forms) for key, forms in said_as if forms]
    if not options:
        return None

    async def understand(said: Utterance) -> Sequence[Candidate]:
        rounds = list(islice(_rounds(options), MOST_ROUNDS))
        if len(rounds) == 1:
            return await recognizer.choose(said, rounds[0], language)
        ahead: set[str] = set()
        for some in rounds:
            ahead |= {one.key for one in await recognizer.choose(said, some, language)}
        finalists = [option for option in options if option.key in ahead][:MOST_OPTIONS]
        return await recognizer.choose(said, finalists, language) if finalists else ()

    return understand


def close_ones(choices: Sequence[Candidate]) -> Sequence[Candidate]:
    """The likeliest, and those that come so near that only the speaker can tell."""
    least = choices[0].confidence * CLOSE if choices else 0.0
    return [one for one in choices if one.confidence >= least][:MOST_ASKED]


def _rounds(options: Sequence[Option]) -> Sequence[Sequence[Option]]:
    return [options[first : first + MOST_OPTIONS] for first in range(0, len(options), MOST_OPTIONS)]
