"""Events: none is lost, none comes out of order, none stays for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import UUID, uuid4

import pytest

from bridge.errors import UnknownTarget
from bridge.store import Store
from bridge.store.calls import outbox
from bridge.store.upkeep import personal_records
from tests.bridge.store.conftest import NOW


def append(store: Store, user: UUID, *bodies: str) -> list[int]:
    with store.begin() as db:
        return [outbox.append(db, user, {"kind": body}, NOW) for body in bodies]


def waiting(store: Store, consumer: str, **more: int) -> list[str]:
    with store.reading() as db:
        return [row.body["kind"] for row in outbox.after(db, consumer, **more)]


def acknowledge(store: Store, consumer: str, number: int) -> None:
    with store.begin() as db:
        outbox.acknowledge(db, consumer, number)


def attend(store: Store, consumer: str) -> int:
    with store.begin() as db:
        return outbox.attend(db, consumer)


def test_events_wait_in_order_until_they_are_acknowledged(store: Store, ada: UUID) -> None:
    numbers = append(store, ada, "a", "b", "c")
    assert numbers == sorted(numbers)
    assert waiting(store, "chat") == ["a", "b", "c"]
    assert waiting(store, "chat", limit=2) == ["a", "b"]
    acknowledge(store, "chat", numbers[1])
    assert waiting(store, "chat") == ["c"] and attend(store, "chat") == numbers[1]


def test_what_was_sent_is_not_sent_again_on_the_same_stream(store: Store, ada: UUID) -> None:
    numbers = append(store, ada, "a", "b", "c")
    assert waiting(store, "chat", beyond=numbers[0]) == ["b", "c"]
    assert waiting(store, "chat") == ["a", "b", "c"]


def test_an_event_goes_when_all_consumers_are_done(store: Store, ada: UUID) -> None:
    attend(store, "clock")
    first, last = append(store, ada, "a", "b")
    acknowledge(store, "chat", last)
    assert waiting(store, "clock") == ["a", "b"] and waiting(store, "chat") == []
    acknowledge(store, "clock", first)
    assert waiting(store, "newcomer") == ["b"]
    acknowledge(store, "clock", last)
    assert waiting(store, "newcomer") == []


def test_a_number_is_never_given_twice(store: Store, ada: UUID) -> None:
    [number] = append(store, ada, "a")
    acknowledge(store, "chat", number)
    assert waiting(store, "newcomer") == []  # the table is empty
    assert append(store, ada, "b")[0] > number
    assert waiting(store, "chat") == ["b"]


@pytest.mark.parametrize("too_much", [10**6, 2**62, -1, 0])
def test_an_acknowledgement_neither_runs_ahead_nor_goes_back(
    store: Store, ada: UUID, too_much: int
) -> None:
    numbers = append(store, ada, "a", "b")
    attend(store, "clock")
    acknowledge(store, "chat", numbers[0])
    acknowledge(store, "chat", too_much)
    append(store, ada, "c")
    assert waiting(store, "chat") == (["c"] if too_much > 0 else ["b", "c"])
    acknowledge(store, "empty", too_much)


def test_a_forgotten_users_events_go_with_him(store: Store, ada: UUID, bob: UUID) -> None:
    append(store, ada, "a")
    append(store, bob, "b")
    with store.begin() as db:
        personal_records.forget(db, ada)
    assert waiting(store, "chat") == ["b"]
    for stranger in (ada, uuid4()):
        with pytest.raises(UnknownTarget, match="no_such_user"):
            append(store, stranger, "late")


def test_a_reader_never_misses_one(store: Store, ada: UUID) -> None:
    writers, each, done = 4, 25, Event()

    def read() -> list[int]:
        seen: list[int] = []
        while True:
            last_look = done.is_set()
            with store.reading() as db:
                seen += [row.number for row in outbox.after(db, "chat", 7, max(seen, default=0))]
            if last_look and not waiting(store, "chat", beyond=max(seen, default=0)):
                return seen

    with ThreadPoolExecutor(writers + 1) as crowd:
        reader = crowd.submit(read)
        written = [
            crowd.submit(lambda: [append(store, ada, "x", "y") for _ in range(each)])
            for _ in range(writers)
        ]
        try:
            numbers = sorted(n for one in written for pair in one.result() for n in pair)
        finally:
            done.set()
        assert reader.result() == numbers
    assert len(numbers) == writers * each * 2
