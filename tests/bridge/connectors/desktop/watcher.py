"""A reading that is told what was seen, at its time: a timer without a loop."""

from collections.abc import Sequence

from bridge.connectors.desktop.protocol.messages import (
    Action,
    Notified,
    StreamGone,
    StreamSeen,
    Told,
)
from bridge.connectors.desktop.reading.happening import Happening, RingOver, Rings, SignedIn
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe import Recipe


class Watcher:
    """Tells a reading what happens when, and looks whenever it is due: a timer without a loop."""

    def __init__(self, recipe: Recipe) -> None:
        self.time = 0.0
        self.reading = Reading(recipe, lambda: self.time)
        self.happened: list[tuple[float, Happening]] = []

    def at(self, time: float, *told: Told) -> "Watcher":
        looks = 0
        while (due := self.reading.due) is not None and due <= time:
            assert due >= self.time, "it is due in the past"
            looks = looks + 1 if due == self.time else 0
            assert looks < 5, "it is due for ever"
            self.time = due
            self._note(self.reading.look())
        self.time = time
        for one in told:
            self._note(self.reading.take(one))
        return self

    def answer(self, time: float) -> None:
        self.at(time)
        assert self.reading.ring is not None
        self.reading.answered(self.reading.ring)

    def dial(self, time: float) -> None:
        self.at(time)
        self.reading.dialled()

    def _note(self, happened: Sequence[Happening]) -> None:
        self.happened += [(self.time, one) for one in happened]

    def calls(self, until: float) -> list[Happening]:
        """What happened to calls by then."""
        self.at(until)
        return [one for _, one in self.happened if not isinstance(one, SignedIn)]

    def when(self, kind: type[Happening]) -> float:
        return next(time for time, one in self.happened if isinstance(one, kind))


def bob_calls(number: int = 1, who: str = "Bob") -> Notified:
    """As Chromium sends it for a page's service worker."""
    return Notified(
        id=number,
        app="Chromium",
        summary=who,
        body="127.0.0.1:8443\n\nIncoming audio call",
        actions=(
            Action(key="0", label="Accept"),
            Action(key="1", label="Decline"),
            Action(key="default", label="Activate"),
            Action(key="settings", label="Settings"),
        ),
    )


def plays(index: int, program: str = "chromium", corked: bool = False) -> StreamSeen:
    return StreamSeen(stream="plays", index=index, program=program, name="Playback", corked=corked)


def records(index: int, program: str = "chromium", corked: bool = False) -> StreamSeen:
    return StreamSeen(stream="records", index=index, program=program, corked=corked)


def stops(index: int) -> StreamGone:
    return StreamGone(stream="plays", index=index)


def mutes(index: int) -> StreamGone:
    return StreamGone(stream="records", index=index)


def rings(name: str = "Bob") -> Rings:
    return Rings(name, "", ring=None)  # type: ignore[arg-type]  # not compared


def over() -> RingOver:
    return RingOver(ring=None)  # type: ignore[arg-type]  # not compared
