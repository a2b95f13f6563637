"""When things happened, for the timeline."""

from __future__ import annotations

import time
from pathlib import Path

from tests.demo.timeline import Span, Story


class Clock:
    """Collects what happened in an act, in seconds since it was made; all moments are those of
    time.monotonic().
    """

    def __init__(self, title: str) -> None:
        self.begun = time.monotonic()
        self._story = Story(title, 0.0)

    def mark(self, side: str, text: str, at: float | None = None) -> float:
        at = at or time.monotonic()
        self._story.marks.append((at - self.begun, side, text))
        return at

    def span(self, side: str, state: str, start: float, end: float) -> None:
        self._story.spans.append(Span(side, state, start - self.begun, end - self.begun))

    def heard(self, side: str, recording: Path, at: float) -> None:
        self._story.heard_by[side] = (recording, at - self.begun)

    def story(self, over: float) -> Story:
        self._story.seconds = over - self.begun + 1.5
        return self._story
