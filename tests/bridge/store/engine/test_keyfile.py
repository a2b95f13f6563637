"""The file with the master keys: made once, closed to others, never half written."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from bridge.errors import SetupFault
from bridge.settings import Settings
from bridge.store import key_ring
from bridge.store.engine import keyfile
from bridge.store.engine.seal import MasterKey, SecretPlace

HERE = SecretPlace("accounts", uuid4(), "sealed")


@pytest.fixture(autouse=True)
def no_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)


def house(tmp_path: Path, **more: object) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "var", **more)


def placed(path: Path, mode: int = 0o400) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"7:{base64.b64encode(bytes(32)).decode()}\n")
    path.chmod(mode)
    return path


def test_it_is_made_once_and_for_us_only(tmp_path: Path) -> None:
    settings = house(tmp_path)
    sealed = key_ring(settings).seal(b"secret", HERE)
    assert key_ring(settings).open(sealed, HERE) == b"secret"
    assert (settings.data_dir / "seal.key").stat().st_mode & 0o777 == 0o400
    assert [path.name for path in settings.data_dir.iterdir()] == ["seal.key"]


def test_whoever_comes_at_the_same_moment_gets_the_same_key(tmp_path: Path) -> None:
    settings = house(tmp_path)
    with ThreadPoolExecutor(8) as crowd:
        rings = list(crowd.map(lambda _: key_ring(settings), range(8)))
    sealed = rings[0].seal(b"secret", HERE)
    assert {keys.open(sealed, HERE) for keys in rings} == {b"secret"}


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    for mode in (0o440, 0o404, 0o640, 0o666):
        path = placed(tmp_path / "own.key", mode)
        with pytest.raises(SetupFault, match="seal_key_open") as why:
            key_ring(house(tmp_path, seal_key_file=path))
        assert why.value.facts["remedy"].endswith(f"chmod 400 {path}")
        path.unlink()
    assert key_ring(house(tmp_path, seal_key_file=placed(path, 0o600))).current.id == 7


def test_a_chosen_file_is_never_made_by_itself(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="seal_key_missing"):
        key_ring(house(tmp_path, seal_key_file=tmp_path / "not-mounted" / "own.key"))
    assert not (tmp_path / "not-mounted").exists()


def test_systemds_credential_goes_first_and_shows_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(tmp_path / "credentials" / "seal.key", 0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    settings = house(tmp_path)
    assert key_ring(settings).current.id == 7
    assert not settings.data_dir.exists()
    with pytest.raises(SetupFault, match="seal_key_read_only"):
        keyfile.writable(settings)


@pytest.mark.parametrize(
    "text", ["", "garbage", "1:short", "1:AAAA", "300:" + "A" * 43 + "=", "é", "x" * 9000]
)
def test_a_broken_file_is_told_without_its_content(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.key"
    path.write_text(text)
    path.chmod(0o400)
    with pytest.raises(SetupFault, match="seal_key_unreadable") as why:
        key_ring(house(tmp_path, seal_key_file=path))
    assert not text or text not in str(why.value)


def test_two_keys_of_one_number_are_refused(tmp_path: Path) -> None:
    path = placed(tmp_path / "own.key")
    path.chmod(0o600)
    path.write_text(path.read_text() * 2)
    with pytest.raises(SetupFault, match="seal_key_unreadable"):
        key_ring(house(tmp_path, seal_key_file=path))


def test_writing_replaces_wholly_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = placed(tmp_path / "own.key")
    keys = [MasterKey.fresh(), MasterKey(9, bytes(32))]
    keyfile.write(path, keys)
    assert keyfile.read(path) == keys
    assert [entry.name for entry in tmp_path.iterdir()] == ["own.key"]
    assert path.stat().st_mode & 0o777 == 0o400
