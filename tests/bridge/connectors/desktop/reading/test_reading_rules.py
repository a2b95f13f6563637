"""What holds for every recipe and whatever is told, in whatever order."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_of

from bridge.connectors.desktop.protocol.messages import (
    Action,
    NotificationClosed,
    Notified,
    PageSeen,
    ProgramEnded,
    ProgramStarted,
    StreamGone,
    StreamSeen,
    Told,
    WindowGone,
    WindowSeen,
)
from bridge.connectors.desktop.reading.evidence import STANDS
from bridge.connectors.desktop.reading.happening import Ended, InCall, IncomingRing, RingOver, Rings
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe import Recipe
from tests.bridge.connectors.desktop.watcher import Watcher, mutes, over, records, rings

EVERYTHING = Recipe.model_validate(
    {
        "title": "Everything at once",
        "network": "test",
        "web": {"address": "https://app.example.org/", "screen": True},
        "elements": {"toast": "#toast", "hang_up": "#hang-up", "caller": "#caller"},
        "signs": {
            "rings": [
                {"window": {"class": "popup"}, "name": "title"},
                {"page": {"element": "toast"}, "name": "caller"},
                {"notification": {"action": "accept"}, "name": "summary"},
            ],
            "in_call": [{"page": {"element": "hang_up"}}, {"stream": {"does": "records"}}],
        },
        "answer": [{"action": "accept"}],
        "hang_up": [{"click": "hang_up"}],
    }
)
"""Its signs are written from the last to the first that is believed."""


def page(*shown: str, caller: str = "Toast") -> PageSeen:
    texts = {"caller": caller} if "toast" in shown else {}
    return PageSeen(url="https://app.example.org/", shown=frozenset(shown), texts=texts)


def note(number: int = 1) -> Notified:
    accept = Action(key="0", label="Accept")
    return Notified(id=number, app="App", summary="Note", body="", actions=(accept,))


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(EVERYTHING).at(0, ProgramStarted(pid=7), page())


# --- signs that contradict each other -------------------------------------------------------------


def test_the_one_that_ranks_higher_says_who_calls(watcher: Watcher) -> None:
    both = [note(), page("toast")]
    for told in (both, both[::-1]):
        fresh = Watcher(EVERYTHING).at(0, ProgramStarted(pid=7), page())
        for one in told:
            fresh.reading.scene.take(one)
        assert fresh.at(0.0, WindowGone(id=9)).calls(0.1) == [rings("Note")]


def test_a_kind_of_sign_that_is_not_seen_says_nothing(watcher: Watcher) -> None:
    assert watcher.at(1, page("toast")).calls(60) == [rings("Toast")]


def test_a_higher_sign_that_goes_ends_the_ring_though_a_lower_one_stays(watcher: Watcher) -> None:
    watcher.at(1, note(), page("toast")).at(5, NotificationClosed(id=1))
    assert watcher.calls(60) == [rings("Note"), over()]


def test_a_lower_sign_that_goes_is_not_believed_for_a_while(
    watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    watcher.at(1, note(), page("toast")).at(5, page())
    assert watcher.calls(5 + STANDS - 0.1) == [rings("Note")]
    assert not caplog.records
    assert watcher.calls(60) == [rings("Note"), over()]
    assert watcher.when(RingOver) == 5 + STANDS + 1
    assert [record.getMessage() for record in caplog.records] == [
        "signs disagree about a ring: notification there, page gone"
    ]


def test_a_lower_sign_that_comes_back_in_time_changes_nothing(watcher: Watcher) -> None:
    watcher.at(1, note(), page("toast"))
    for time in range(5, 60, 5):
        watcher.at(time, page()).at(time + 4, page("toast"))
    assert watcher.calls(60) == [rings("Note")]


def test_a_microphone_that_stays_open_does_not_hold_a_call_for_ever(watcher: Watcher) -> None:
    watcher.dial(1)
    watcher.at(2, records(1), page("hang_up")).at(20, page())
    assert watcher.calls(60) == [InCall(), Ended()]
    assert watcher.when(Ended) == pytest.approx(20 + STANDS + 0.5)


def test_a_button_that_stays_does_not_hold_a_call(watcher: Watcher) -> None:
    watcher.dial(1)
    watcher.at(2, records(1), page("hang_up")).at(20, mutes(1))
    assert watcher.calls(60) == [InCall(), Ended()]
    assert watcher.when(Ended) == 20.5


# --- whatever is told -----------------------------------------------------------------------------

NUMBERS = any_of.integers(1, 3)
SHOWN = any_of.frozensets(any_of.sampled_from(["toast", "hang_up", "caller"]))
FACTS: any_of.SearchStrategy[Told] = any_of.one_of(
    any_of.builds(note, NUMBERS),
    any_of.builds(NotificationClosed, id=NUMBERS),
    any_of.builds(
        StreamSeen,
        stream=any_of.sampled_from(["plays", "records"]),
        index=NUMBERS,
        program=any_of.sampled_from(["chromium", "parec"]),
        corked=any_of.booleans(),
    ),
    any_of.builds(StreamGone, stream=any_of.sampled_from(["plays", "records"]), index=NUMBERS),
    any_of.builds(PageSeen, url=any_of.just("https://app.example.org/"), shown=SHOWN),
    any_of.builds(WindowSeen, id=NUMBERS, wm_class=any_of.sampled_from(["popup", "app"])),
    any_of.builds(WindowGone, id=NUMBERS),
    any_of.just(ProgramStarted(pid=7)),
    any_of.just(ProgramEnded(status=0)),
)
ACTS = any_of.sampled_from(["answer", "dial", "drop"])
PAUSES = any_of.sampled_from([0.0, 0.05, 0.3, 0.6, 1.1, 6.0])


class Rules:
    """What must hold after each step; it knows nothing of how a reading works."""

    def __init__(self) -> None:
        self.wanted = self.in_call = False
        self.rung: list[IncomingRing] = []
        self.rings: set[int] = set()

    def check(self, reading: Reading, happened: list[object]) -> None:
        for one in happened:
            match one:
                case InCall():
                    assert self.wanted, "a call that nobody took or made"
                    assert not self.in_call, "two calls at once"
                    self.in_call, self.wanted = True, False
                case Ended():
                    assert self.in_call, "an end without a call"
                    self.in_call = False
                case Rings(ring=ring):
                    assert all(ring is not other for other in self.rung), "it rang before"
                    self.rung.append(ring)
                    self.rings.add(id(ring))
                case RingOver(ring=ring):
                    assert id(ring) in self.rings, "the end of no ring, or a second end"
                    self.rings.discard(id(ring))
                case _:
                    pass
        assert reading.in_call is self.in_call
        if reading.ring is not None:
            assert reading.ring is self.rung[-1]


@settings(max_examples=300, deadline=None)
@given(any_of.lists(any_of.tuples(PAUSES, any_of.one_of(FACTS, ACTS)), max_size=60))
def test_no_call_without_one_and_one_end_for_each(
    steps: list[tuple[float, Told | str]],
) -> None:
    watcher, rules = Watcher(EVERYTHING), Rules()
    for pause, step in steps:
        seen = len(watcher.happened)
        watcher.at(watcher.time + pause)
        rules.check(watcher.reading, [one for _, one in watcher.happened[seen:]])
        seen = len(watcher.happened)
        if step == "answer" and watcher.reading.ring is not None:
            watcher.answer(watcher.time)
            rules.wanted = True
        elif step == "dial":
            watcher.dial(watcher.time)
            rules.wanted = True
        elif step == "drop":
            watcher.reading.dropped()
            rules.wanted = False
        elif not isinstance(step, str):
            watcher.at(watcher.time, step)
        rules.check(watcher.reading, [one for _, one in watcher.happened[seen:]])
    watcher.at(watcher.time, ProgramEnded(status=0)).at(watcher.time + 60)
    assert not watcher.reading.in_call
    assert watcher.reading.ring is None
    assert watcher.reading.due is None, "nothing is left that could happen"
