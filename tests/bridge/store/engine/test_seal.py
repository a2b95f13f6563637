"""Sealed values open in their own place only, and say nothing when they do not."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import SetupFault
from bridge.store.engine.seal import KeyRing, MasterKey, SecretPlace

HERE = SecretPlace("accounts", uuid4(), "sealed")
SECRET = b"open sesame"


def ring(*ids: int) -> KeyRing:
    return KeyRing([MasterKey(number, bytes([number]) * 32) for number in ids])


@given(st.binary(max_size=4096))
def test_what_was_sealed_opens(secret: bytes) -> None:
    keys = ring(1)
    sealed = keys.seal(secret, HERE)
    assert keys.open(sealed, HERE) == secret
    assert len(sealed) == len(secret) + 91


def test_it_never_looks_the_same_and_never_shows_the_secret() -> None:
    keys = ring(1)
    assert keys.seal(SECRET, HERE) != keys.seal(SECRET, HERE)
    assert SECRET not in keys.seal(SECRET, HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        SecretPlace("accounts", uuid4(), "sealed"),
        SecretPlace("users", HERE.row, "sealed"),
        SecretPlace("accounts", HERE.row, "options"),
    ],
)
def test_it_does_not_open_elsewhere(elsewhere: SecretPlace) -> None:
    with pytest.raises(SetupFault, match="seal_broken"):
        ring(1).open(ring(1).seal(SECRET, HERE), elsewhere)


def test_no_bit_may_be_turned() -> None:
    keys = ring(1)
    sealed = keys.seal(SECRET, HERE)
    for index in range(len(sealed)):
        altered = bytearray(sealed)
        altered[index] ^= 1
        with pytest.raises(SetupFault, match="seal_broken"):
            keys.open(bytes(altered), HERE)


@given(st.binary(max_size=200))
def test_garbage_is_a_fault_and_not_a_crash(garbage: bytes) -> None:
    for attempt in (ring(1).open, ring(1).rewrap):
        with pytest.raises(SetupFault, match="seal_broken"):
            attempt(garbage, HERE)


def test_a_cut_value_does_not_open() -> None:
    sealed = ring(1).seal(SECRET, HERE)
    for length in range(len(sealed)):
        with pytest.raises(SetupFault, match="seal_broken"):
            ring(1).open(sealed[:length], HERE)


def test_another_master_key_of_the_same_number_does_not_open_it() -> None:
    other = KeyRing([MasterKey(1, b"x" * 32)])
    with pytest.raises(SetupFault) as why:
        other.open(ring(1).seal(SECRET, HERE), HERE)
    assert why.value.__cause__ is None and why.value.__suppress_context__
    assert "sign in again" in why.value.facts["remedy"]


def test_rewrapping_changes_the_wrapping_only() -> None:
    sealed = ring(1).seal(SECRET, HERE)
    fresh = ring(2, 1).rewrap(sealed, HERE)
    assert ring(2).open(fresh, HERE) == SECRET
    assert fresh[63:] == sealed[63:] and ring(2, 1).rewrap(fresh, HERE) == fresh
    with pytest.raises(SetupFault):
        ring(1).open(fresh, HERE)
    with pytest.raises(SetupFault):
        ring(2).rewrap(sealed, HERE)


def test_a_ring_that_meets_an_unknown_key_looks_again() -> None:
    kept = [MasterKey(1, bytes([1]) * 32)]
    keys = KeyRing(list(kept), again=lambda: kept)
    old = keys.seal(SECRET, HERE)
    kept[:] = [MasterKey(2, bytes([2]) * 32)]  # rotated by another process
    assert keys.open(ring(2).seal(SECRET, HERE), HERE) == SECRET
    assert keys.seal(SECRET, HERE)[2] == 2
    assert keys.open(old, HERE) == SECRET  # a row read just before


def test_neither_key_nor_ring_shows_itself() -> None:
    key = MasterKey.fresh()
    for shown in (repr(key), str(key), repr(KeyRing([key])), repr(vars(KeyRing([key])))):
        assert repr(key.secret)[2:12] not in shown


def test_fresh_keys_take_numbers_that_are_free() -> None:
    assert MasterKey.fresh().id == 1
    assert MasterKey.fresh(after=[MasterKey(255, b""), MasterKey(0, b"")]).id == 1
    assert MasterKey.fresh(after=[MasterKey(4, b""), MasterKey(5, b"")]).id == 6
