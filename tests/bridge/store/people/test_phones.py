"""The user's phones: their order, and the proof that they are his."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.store import Store
from bridge.store.people import phones
from tests.bridge.store.conftest import NOW

DAY = timedelta(hours=24)


def order(store: Store, user: UUID) -> list[str]:
    with store.begin() as db:
        rows = phones.of_user(db, user)
    assert [row.position for row in rows] == list(range(len(rows)))
    return [row.label for row in rows]


@pytest.fixture
def three(store: Store, ada: UUID) -> list[UUID]:
    with store.begin() as db:
        return [phones.add(db, ada, label, f"+493012345{label}").id for label in "012"]


def test_a_new_phone_is_last_and_not_verified(store: Store, ada: UUID, three: list[UUID]) -> None:
    with store.begin() as db:
        row = phones.get(db, ada, three[2])
    assert (row.position, row.ring_seconds, row.enabled) == (2, 25, True)
    assert row.verified_at is None and row.cooling_until is None


@pytest.mark.parametrize(
    "phone, to, expected",
    [(0, 2, "120"), (2, 0, "201"), (1, 1, "012"), (0, 99, "120"), (2, -5, "201"), (1, 0, "102")],
)
def test_moving_one_moves_the_others(
    store: Store, ada: UUID, three: list[UUID], phone: int, to: int, expected: str
) -> None:
    with store.begin() as db:
        phones.change(db, ada, three[phone], position=to)
    assert order(store, ada) == list(expected)


def test_the_pin_is_waived_for_one_phone(store: Store, ada: UUID, three: list[UUID]) -> None:
    with store.begin() as db:
        phones.change(db, ada, three[1], pin_waived=True)
        phones.change(db, ada, three[1], label="1")
        assert [row.pin_waived for row in phones.of_user(db, ada)] == [False, True, False]
        phones.remove(db, ada, three[1], NOW)
        assert not phones.add(db, ada, "1", "+4930123451").pin_waived


def test_removing_one_closes_the_gap(store: Store, ada: UUID, three: list[UUID]) -> None:
    with store.begin() as db:
        phones.remove(db, ada, three[0], NOW)
    assert order(store, ada) == ["1", "2"]


def test_a_phone_is_in_the_list_once(store: Store, ada: UUID, bob: UUID, three: list[UUID]) -> None:
    with pytest.raises(BadInput, match="phone_exists"), store.begin() as db:
        phones.add(db, ada, "again", "+4930123450")
    with store.begin() as db:
        phones.add(db, bob, "shared", "+4930123450")  # a household may share one


def test_eight_are_enough(store: Store, ada: UUID, three: list[UUID]) -> None:
    with store.begin() as db:
        for number in range(3, phones.MOST):
            phones.add(db, ada, str(number), f"+493012345{number}")
    with pytest.raises(BadInput, match="too_many_phones"), store.begin() as db:
        phones.add(db, ada, "one more", "+4930999999")
    assert len(order(store, ada)) == phones.MOST


@pytest.mark.parametrize("seconds", [0, -1, 4, 121, 10**9])
def test_a_silly_ring_time_is_refused(
    store: Store, ada: UUID, three: list[UUID], seconds: int
) -> None:
    with pytest.raises(BadInput, match="bad_ring_seconds"), store.begin() as db:
        phones.change(db, ada, three[0], label="changed", ring_seconds=seconds)
    assert order(store, ada)[0] == "0"


def test_nobody_touches_the_phone_of_another(
    store: Store, ada: UUID, bob: UUID, three: list[UUID]
) -> None:
    for act in (
        lambda db, phone: phones.get(db, bob, phone),
        lambda db, phone: phones.change(db, bob, phone, label="mine"),
        lambda db, phone: phones.remove(db, bob, phone, NOW),
        lambda db, phone: phones.tries_left(db, bob, phone, NOW),
        lambda db, phone: phones.failed(db, bob, phone, NOW),
        lambda db, phone: phones.verified(db, bob, phone, NOW),
    ):
        for phone in (three[0], uuid4()):
            with pytest.raises(UnknownTarget, match="no_such_phone"), store.begin() as db:
                act(db, phone)
    assert order(store, ada) == ["0", "1", "2"] and order(store, bob) == []


# --- verification


def fail(store: Store, user: UUID, phone: UUID, times: int) -> list[int]:
    left = []
    for _ in range(times):
        with store.begin() as db:
            left.append(phones.failed(db, user, phone, NOW))
    return left


def test_three_wrong_tries_and_a_day_of_rest(store: Store, ada: UUID, three: list[UUID]) -> None:
    phone = three[0]
    assert fail(store, ada, phone, 3) == [2, 1, 0]
    with pytest.raises(NotAllowed) as why, store.begin() as db:
        phones.tries_left(db, ada, phone, NOW + DAY - timedelta(seconds=1))
    assert why.value.code == "cooling"
    assert why.value.facts == {"until": (NOW + DAY).isoformat()}
    with store.begin() as db:
        assert phones.tries_left(db, ada, phone, NOW + DAY) == 3
        assert phones.tries_left(db, ada, three[1], NOW) == 3


def test_the_right_digits_wipe_the_wrong_ones(store: Store, ada: UUID, three: list[UUID]) -> None:
    fail(store, ada, three[0], 2)
    with store.begin() as db:
        assert phones.verified(db, ada, three[0], NOW).verified_at == NOW
    with store.begin() as db:
        assert phones.tries_left(db, ada, three[0], NOW) == 3


@pytest.mark.parametrize("wrong", [2, 3])
def test_removing_a_phone_does_not_wash_off_wrong_tries(
    store: Store, ada: UUID, three: list[UUID], wrong: int
) -> None:
    fail(store, ada, three[0], wrong)
    with store.begin() as db:
        phones.remove(db, ada, three[0], NOW)
    with store.begin() as db:
        again = phones.add(db, ada, "0", "+4930123450")
        assert again.tries == wrong and (again.cooling_until is not None) == (wrong == 3)
        assert db.scalars(select(phones.RemovedPhone)).all() == []


def test_a_phone_that_comes_back_must_be_verified_again(
    store: Store, ada: UUID, three: list[UUID]
) -> None:
    with store.begin() as db:
        phones.verified(db, ada, three[0], NOW)
        phones.remove(db, ada, three[0], NOW)
        assert phones.add(db, ada, "0", "+4930123450").verified_at is None
