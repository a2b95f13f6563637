"""The PIN: what makes a good one, and what wrong ones lead to, also from many calls at once."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from bridge.errors import BadInput, NotAllowed, SetupFault
from bridge.store import KeyRing, Store
from bridge.store.engine.seal import MasterKey
from bridge.store.people import pins
from bridge.store.upkeep import personal_records
from tests.bridge.store.conftest import NOW
from tests.bridge.store.crowd import at_once

PIN = "8305"


def set_pin(store: Store, user: UUID, pin: str | None = PIN) -> None:
    hash = None if pin is None else pins.hashed(pin)
    with store.begin() as db:
        pins.keep(db, user, hash)


def enter(store: Store, user: UUID, digits: str, now=NOW) -> bool:
    with store.begin() as db:
        guess = pins.guess(db, user, now)
    if not pins.matches(guess.hash, digits):
        return False
    with store.begin() as db:
        pins.right(db, user, guess)
    return True


def refusal(store: Store, user: UUID, digits: str, now=NOW) -> tuple[str, dict[str, str]]:
    with pytest.raises(NotAllowed) as why:
        enter(store, user, digits, now)
    return why.value.code, why.value.facts


@pytest.mark.parametrize("pin", ["8305", "19720", "240689", "94037261", "0159"])
def test_good_ones(pin: str) -> None:
    pins.check(pin)


@pytest.mark.parametrize(
    "pin", ["", "123", "123456789", "12a4", "１２３４", " 8305", "8305\n", "-123"]
)
def test_what_is_no_pin(pin: str) -> None:
    with pytest.raises(BadInput, match="bad_pin") as why:
        pins.check(pin)
    assert why.value.facts == {}


@pytest.mark.parametrize(
    "pin",
    ["0000", "1234", "4321", "7890", "0987", "2468", "13579", "1212", "123123", "99999999", "2580"],
)
def test_what_everybody_would_try_first(pin: str) -> None:
    with pytest.raises(BadInput, match="easy_pin"):
        pins.check(pin)


def test_without_one_nobody_comes_in(store: Store, ada: UUID) -> None:
    assert refusal(store, ada, PIN) == ("no_pin", {})
    set_pin(store, ada)
    assert enter(store, ada, PIN)
    set_pin(store, ada, None)
    assert refusal(store, ada, PIN) == ("no_pin", {})


def test_three_wrong_ones_in_a_row_lock(store: Store, url: str, keys: KeyRing, ada: UUID) -> None:
    set_pin(store, ada)
    assert not enter(store, ada, "8306") and not enter(store, ada, "")
    assert enter(store, ada, PIN)
    assert [enter(store, ada, "830") for _ in range(3)] == [False] * 3
    until = NOW + timedelta(minutes=30)
    locked = ("pin_locked", {"until": until.isoformat()})
    assert refusal(store, ada, PIN) == locked
    with Store.open(url, keys) as restarted:
        assert refusal(restarted, ada, PIN, until - timedelta(seconds=1)) == locked
        with restarted.reading() as db:
            assert pins.locked_until(db, ada, NOW) == until
            assert pins.locked_until(db, ada, until) is None
        assert not enter(restarted, ada, "8306", until)
        assert enter(restarted, ada, PIN, until)


def test_a_new_pin_ends_a_lock(store: Store, ada: UUID, bob: UUID) -> None:
    for user in (ada, bob):
        set_pin(store, user)
        for _ in range(3):
            enter(store, user, "0001")
    set_pin(store, ada, "94037")
    assert enter(store, ada, "94037")
    assert refusal(store, bob, PIN)[0] == "pin_locked"


def _try(meet: Callable[[], object], url: str, keys: KeyRing, user: UUID) -> list[str]:
    outcomes = []
    with Store.open(url, keys) as store:
        meet()
        for number in range(5):
            try:
                outcomes.append(str(enter(store, user, f"000{number}")))
            except NotAllowed as why:
                outcomes.append(why.code)
    return outcomes


def test_many_calls_at_once_have_three_tries_together(
    store: Store, url: str, keys: KeyRing, ada: UUID
) -> None:
    set_pin(store, ada)
    outcomes = [each for one in at_once(2, _try, url, keys, ada) for each in one]
    assert sorted(outcomes) == ["False"] * 3 + ["pin_locked"] * 7


def test_a_lock_by_another_call_outlasts_a_right_one(store: Store, ada: UUID) -> None:
    set_pin(store, ada)
    with store.begin() as db:
        right_one = pins.guess(db, ada, NOW)
    enter(store, ada, "0001")
    enter(store, ada, "0002")
    with store.begin() as db:
        pins.right(db, ada, right_one)
    assert refusal(store, ada, PIN)[0] == "pin_locked"


def test_the_third_try_may_be_the_right_one(store: Store, ada: UUID) -> None:
    set_pin(store, ada)
    enter(store, ada, "0001")
    enter(store, ada, "0002")
    assert enter(store, ada, PIN) and not enter(store, ada, "0003")


def test_what_is_kept_says_nothing(store: Store, url: str, ada: UUID, bob: UUID) -> None:
    """Ten thousand hashes are made in minutes: without the master key there is none to compare."""
    set_pin(store, ada)
    set_pin(store, bob)
    with store.begin() as db:
        [one, another] = db.execute(text("SELECT sealed FROM pins")).scalars()
        guess = pins.guess(db, ada, NOW)
        assert guess.hash not in bytes(one) and guess.hash not in bytes(another)
        assert "hash" not in repr(guess) and PIN not in json.dumps(personal_records.export(db, ada))
        db.execute(text("UPDATE pins SET sealed = :sealed"), {"sealed": bytes(one)})
    with (
        Store.open(url, KeyRing([MasterKey.fresh()])) as thief,
        pytest.raises(SetupFault, match="seal_broken"),
        thief.begin() as db,
    ):
        pins.guess(db, ada, NOW)
    opened = []
    for user in (ada, bob):  # a PIN that was copied into another one's row does not open
        try:
            opened.append(enter(store, user, PIN))
        except SetupFault as why:
            assert why.code == "seal_broken"
    assert opened == [True]
