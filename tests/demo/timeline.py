"""Draws what happened: who rang, answered and spoke when, over the states of the calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.peers.speech import load

INK, FAINT, CALLER, PHONE = "#222222", "#bbbbbb", "#1f6fb4", "#c8601a"
SHADES = {
    "ringing": "#f5d76e",
    "asking": "#f0a860",
    "talking": "#8fcf8a",
    "voicemail": "#b9a5dd",
    "listening": "#86c5d8",
}


@dataclass(frozen=True)
class Span:
    """A state of one side, from `start` to `end` seconds after the picture's beginning."""

    side: str  # "caller", "chat" or "phone"
    state: str  # a key of SHADES
    start: float
    end: float


@dataclass
class Story:
    """One call as it is drawn. Sounds are (recording, the second at which it begins)."""

    title: str
    seconds: float
    spans: list[Span] = field(default_factory=list)
    marks: list[tuple[float, str, str]] = field(default_factory=list)  # second, side, text
    heard_by: dict[str, tuple[Path, float]] = field(default_factory=dict)


def draw(stories: list[Story], path: Path) -> None:
    """One row of two lanes per story: states as bars, what was heard as waveforms beneath."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.patches import Patch

    figure, rows = pyplot.subplots(
        len(stories), 1, figsize=(13, 4.2 * len(stories)), layout="constrained", squeeze=False
    )
    for axes, story in zip(rows[:, 0], stories, strict=True):
        _draw_story(axes, story)
    figure.legend(
        handles=[Patch(color=shade, label=state) for state, shade in SHADES.items()],
        loc="outside lower center",
        ncols=len(SHADES),
        frameon=False,
    )
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


_LANES = {"caller": 1.0, "chat": 1.0, "phone": 0.0}


def _draw_story(axes, story: Story) -> None:  # type: ignore[no-untyped-def]  # matplotlib's own
    axes.set_title(story.title, loc="left", fontsize=12, color=INK)
    axes.set_xlim(0, story.seconds)
    axes.set_ylim(-0.35, 1.95)
    other = "chat" if any(side == "chat" for _, side, _ in story.marks) else "caller"
    axes.set_yticks([0.22, 1.22], ["phone", other], fontsize=11)
    axes.set_xlabel("seconds")
    for edge in ("top", "right", "left"):
        axes.spines[edge].set_visible(False)
    axes.tick_params(axis="y", length=0)
    for span in story.spans:
        axes.broken_barh(
            [(span.start, span.end - span.start)],
            (_LANES[span.side] + 0.42, 0.18),
            color=SHADES[span.state],
        )
    for side, (recording, begins) in story.heard_by.items():
        times, low, high = _outline(recording, begins)
        colour = CALLER if side == "caller" else PHONE
        middle = _LANES[side] + 0.1
        axes.fill_between(times, middle + low, middle + high, color=colour, linewidth=0)
        axes.text(begins, middle - 0.33, f"heard by the {side}", fontsize=8, color=colour)
    for nth, (second, side, text) in enumerate(sorted(story.marks)):
        top = _LANES[side] + 0.62
        axes.plot([second, second], [_LANES[side] - 0.15, top], color=INK, linewidth=0.7)
        axes.text(
            second,
            top + 0.02 + 0.11 * (nth % 2),
            text,
            fontsize=8,
            color=INK,
            ha="left",
            rotation=0,
        )


def _outline(recording: Path, begins: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The lowest and highest sample of each 20 ms, scaled to +-0.25."""
    sound = load(recording)
    size = sound.rate // 50
    count = len(sound.samples) // size
    frames = np.asarray(sound.samples[: count * size]).reshape(count, size)
    largest = float(np.abs(frames).max()) if count else 0.0
    scale = 0.25 / (largest or 1.0)
    return begins + np.arange(count) / 50, frames.min(axis=1) * scale, frames.max(axis=1) * scale
