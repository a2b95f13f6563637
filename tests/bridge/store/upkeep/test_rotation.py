"""A new master key: nothing is locked up, whenever the power goes."""

from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest

from bridge.errors import SetupFault
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.engine import keyfile
from bridge.store.engine.seal import KeyRing
from bridge.store.people import accounts, pins
from bridge.store.upkeep import rotation
from tests.bridge.store.conftest import NOW, person

SECRETS = {"password": "open sesame"}


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return tmp_path / "var" / "seal.key"


@pytest.fixture
def keys(key_file: Path) -> KeyRing:
    return key_ring(Settings(_env_file=None, data_dir=key_file.parent))


@pytest.fixture
def signed_in(store: Store, ada: UUID) -> UUID:
    return sign_in(store, ada, "ada")


def sign_in(store: Store, user: UUID, name: str) -> UUID:
    with store.begin() as db:
        return accounts.keep(
            db, user, "sip", f"sip:{name}@example.org", options={}, secrets=SECRETS, now=NOW
        ).id


def opens(store: Store, user: UUID, account: UUID) -> bool:
    with store.begin() as db:
        return accounts.secrets(db, user, account) == SECRETS


def test_afterwards_the_old_key_is_not_needed(
    store: Store, url: str, ada: UUID, signed_in: UUID, key_file: Path
) -> None:
    bob = person(store, "Bob")
    another = sign_in(store, bob, "bob")
    with store.begin() as db:
        pins.keep(db, bob, b"hash")
    before = keyfile.read(key_file)
    assert rotation.rotate(store, key_file) == 3
    after = keyfile.read(key_file)
    assert len(after) == 1 and not set(after) & set(before)
    with Store.open(url, KeyRing(after)) as fresh:
        assert opens(fresh, ada, signed_in) and opens(fresh, bob, another)
        with fresh.begin() as db:
            assert pins.guess(db, bob, NOW).hash == b"hash"
    with (
        Store.open(url, KeyRing(before)) as stolen,
        pytest.raises(SetupFault, match="seal_broken"),
    ):
        opens(stolen, ada, signed_in)


def test_a_process_that_runs_meanwhile_goes_on(
    store: Store, url: str, ada: UUID, signed_in: UUID, key_file: Path
) -> None:
    with Store.open(url, key_ring(Settings(_env_file=None, data_dir=key_file.parent))) as other:
        rotation.rotate(other, key_file)
        rotation.rotate(other, key_file)
    assert opens(store, ada, signed_in)
    late = sign_in(store, ada, "late")
    with Store.open(url, KeyRing(keyfile.read(key_file))) as fresh:
        assert opens(fresh, ada, late)


@pytest.mark.parametrize("at", [1, 2])
def test_the_power_goes_while_the_key_file_is_written(
    store: Store,
    url: str,
    ada: UUID,
    signed_in: UUID,
    key_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
) -> None:
    written: list[object] = []

    def power_cut(path: Path, keys: object) -> None:
        written.append(keys)
        if len(written) == at:
            raise KeyboardInterrupt
        kept(path, keys)

    kept = keyfile.write
    monkeypatch.setattr(keyfile, "write", power_cut)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(store, key_file)
    monkeypatch.setattr(keyfile, "write", kept)
    with Store.open(url, KeyRing(keyfile.read(key_file))) as again:
        assert opens(again, ada, signed_in)
        late = sign_in(again, ada, "late")
    rotation.rotate(store, key_file)
    assert len(keyfile.read(key_file)) == 1
    with Store.open(url, KeyRing(keyfile.read(key_file))) as fresh:
        assert opens(fresh, ada, signed_in) and opens(fresh, ada, late)


def test_the_power_goes_while_rows_are_rewrapped(
    store: Store, url: str, ada: UUID, signed_in: UUID, key_file: Path
) -> None:
    with store.begin() as db:  # one row that no key opens: the rotation cannot go through
        broken = accounts.keep(db, ada, "sip", "sip:x@example.org", options={}, secrets={}, now=NOW)
        broken.sealed = bytes(200)
    with pytest.raises(SetupFault, match="seal_broken"):
        rotation.rotate(store, key_file)
    assert len(keyfile.read(key_file)) == 2
    with Store.open(url, KeyRing(keyfile.read(key_file))) as again:
        assert opens(again, ada, signed_in)


def test_who_is_just_sealing_is_waited_for(
    store: Store, url: str, ada: UUID, key_file: Path
) -> None:
    with store.begin() as db:
        late = accounts.keep(
            db, ada, "sip", "sip:late@example.org", options={}, secrets=SECRETS, now=NOW
        ).id
        rotating = Thread(target=rotation.rotate, args=(store, key_file))
        rotating.start()
        rotating.join(0.3)  # time enough to do it wrong
        assert rotating.is_alive()
    rotating.join(10)
    with Store.open(url, KeyRing(keyfile.read(key_file))) as fresh:
        assert len(keyfile.read(key_file)) == 1 and opens(fresh, ada, late)
