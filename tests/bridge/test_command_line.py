"""`python -m bridge` from a shell: one sentence with the remedy where something is wrong."""

import asyncio
import json
import os
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from bridge import files
from bridge.api.client import Client
from bridge.api.commands.access import OpenClaim
from bridge.errors import NetworkDown
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.migrate import migrate
from bridge.store.people import accounts, users
from tests.peers.programs import until

ROOT = Path(__file__).parents[2]
SECRET = "the-password-of-this-test"


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


async def bridge(directory: Path, *words: str, **settings: str) -> Said:
    """Run it to its end in an empty folder, with no settings but these."""
    child = await started(directory, *words, **settings)
    out, err = await asyncio.wait_for(child.communicate(), 40)
    assert child.returncode is not None
    return Said(child.returncode, out.decode(), err.decode())


async def started(directory: Path, *words: str, **settings: str) -> asyncio.subprocess.Process:
    known = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in known}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bridge", *words),
        cwd=directory,
        env={**kept, "PYTHONPATH": str(ROOT), "DATA_DIR": str(directory / "var"), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def running(directory: Path, **settings: str) -> AsyncIterator[Client]:
    """The house itself, without chat and clock."""
    child = await started(directory, "run", "--alone", DRAIN_SECONDS="0", **settings)
    client = Client(Settings(_env_file=None, data_dir=directory / "var"))

    async def is_open() -> bool:
        try:
            await client.ask(OpenClaim())
        except NetworkDown:
            return False
        return True

    try:
        await until(is_open, "the house to open", 20)
        yield client
    finally:
        await client.close()
        child.terminate()
        await asyncio.wait_for(child.communicate(), 20)


@pytest.fixture
async def ada(tmp_path: Path) -> UUID:
    """A member with an account, in a house that does not run."""
    settings = Settings(_env_file=None, data_dir=tmp_path / "var")
    settings.data_dir.mkdir(mode=0o700)
    await asyncio.to_thread(migrate, settings.database)
    now = datetime.now(UTC)
    with Store.open(settings.database, key_ring(settings)) as store, store.begin() as db:
        user = users.add(db, 4711, "Ada", language="en", time_zone="Europe/Berlin", now=now).id
        secrets = {"password": SECRET}
        accounts.keep(db, user, "sip", "ada@h", options={}, secrets=secrets, now=now)
    (files.folder(settings.data_dir, user) / "greeting.wav").write_bytes(b"RIFF")
    return user


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TIME_ZONE", "Europa/Berlin"),
        ("COUNTRY", "Germany"),
        ("ALLOWED_COUNTRIES", "DE,XX"),
        ("RTP_PORTS", "20000-20010"),
        ("CONCURRENT_CALLS", "many"),
        ("SIP_ADDRESS", "fritz.box"),
        ("SIP_TRUSTED", "192.168.178.0/99"),
        ("TRUNK_TRANSPORT", "carrier pigeon"),
        ("LOG_LEVEL", "CHATTY"),
        ("WIDEBAND", "perhaps"),
    ],
)
async def test_a_bad_setting_is_one_sentence_that_names_it(
    tmp_path: Path, setting: str, value: str
) -> None:
    said = await bridge(tmp_path, "run", **{setting: value})
    assert said.code != 0
    assert said.err.startswith(f"skype2sip: {setting} cannot be used")
    assert ".env" in said.err
    assert said.err.count("\n") == 1


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = await bridge(tmp_path, "run", DATA_DIR=str(tmp_path / "file" / "var"))
    assert said.code != 0
    assert "Set DATA_DIR in .env" in said.err
    assert "Traceback" not in said.err


async def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://house:{SECRET}@127.0.0.1:9/house"
    said = await bridge(tmp_path, "run", "--alone", DATABASE_URL=url)
    assert said.code != 0
    assert "Check DATABASE_URL in .env" in said.err
    assert SECRET not in said.out + said.err
    assert "Traceback" not in said.err


async def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        token = "0123456789abcdef0123"
        said = await bridge(tmp_path, "run", "--alone", CONTROL_TCP=address, CONTROL_TOKEN=token)
    assert said.code != 0
    assert f"CONTROL_TCP={address} cannot be used" in said.err
    assert token not in said.err


async def test_a_second_house_is_told_that_there_is_one(tmp_path: Path) -> None:
    async with running(tmp_path):
        said = await bridge(tmp_path, "run", "--alone")
    assert said.code != 0
    assert "running already" in said.err


async def test_the_database_is_brought_up_to_date_once(tmp_path: Path) -> None:
    first, second = await bridge(tmp_path, "migrate"), await bridge(tmp_path, "migrate")
    assert (first.code, second.code) == (0, 0)
    assert "brought up to date" in first.out
    assert "is up to date" in second.out


async def test_export_tells_everything_but_the_password(tmp_path: Path, ada: UUID) -> None:
    said = await bridge(tmp_path, "export", "Ada")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["accounts"][0]["address"] == "ada@h"
    assert SECRET not in said.out


@pytest.mark.parametrize("verb", ["export", "forget"])
async def test_nobody_of_that_name_is_told_who_is_there(
    tmp_path: Path, ada: UUID, verb: str
) -> None:
    said = await bridge(tmp_path, verb, "Adda")
    assert said.code != 0
    assert "Ada (4711)" in said.err


@pytest.mark.parametrize("runs", [False, True], ids=["house is down", "house runs"])
async def test_forget_leaves_no_row_and_no_file(tmp_path: Path, ada: UUID, runs: bool) -> None:
    if runs:
        async with running(tmp_path):
            said = await bridge(tmp_path, "forget", "4711")
    else:
        said = await bridge(tmp_path, "forget", "4711")
    assert said.code == 0, said.err
    with closing(sqlite3.connect(tmp_path / "var" / "skype2sip.db")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = repr(database.execute(f"SELECT * FROM {table}").fetchall())
            assert ada.hex not in rows.replace("-", ""), table
            assert "Ada" not in rows, table
    assert not [path for path in (tmp_path / "var").rglob("*") if str(ada) in str(path)]


async def test_a_new_key_opens_what_the_old_one_sealed(tmp_path: Path, ada: UUID) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "var")
    before = (tmp_path / "var" / "seal.key").read_bytes()
    async with running(tmp_path):  # which would go on sealing with the old one
        said = await bridge(tmp_path, "rotate-key")
        assert said.code == 2 and "Stop it first" in said.err
        assert (tmp_path / "var" / "seal.key").read_bytes() == before
    said = await bridge(tmp_path, "rotate-key")
    assert (said.code, said.out) == (0, "Secrets sealed with the new key: 1.\n")
    assert (tmp_path / "var" / "seal.key").read_bytes() != before
    with Store.open(settings.database, key_ring(settings)) as store, store.reading() as db:
        [account] = accounts.of_user(db, ada)
        assert accounts.secrets(db, ada, account.id) == {"password": SECRET}


async def test_without_a_word_it_tells_what_there_is(tmp_path: Path) -> None:
    said = await bridge(tmp_path)
    assert said.code != 0
    for verb in ("run", "doctor", "migrate", "rotate-key", "export", "forget"):
        assert verb in said.err


async def test_a_recipe_is_checked_from_a_shell(tmp_path: Path) -> None:
    shipped = ROOT / "bridge/connectors/desktop/recipes/dino.toml"
    (tmp_path / "mine.toml").write_text(shipped.read_text().replace("[[answer]]", "[[anwser]]"))
    said = await bridge(tmp_path, "recipe", "check", str(shipped), "mine.toml")
    assert said.code == 1
    assert said.out.splitlines() == [
        f"{shipped}: Dino (XMPP): can be used (Dino 0.4.2 on Debian 12).",
        "mine.toml: answer is missing. Correct it; docs/recipes.md explains every key.",
    ]


async def test_a_recipe_that_is_wrong_is_not_tried(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("title = 7")
    said = await bridge(tmp_path, "recipe", "try", "mine.toml")
    assert said.code != 0
    assert said.err.startswith("skype2sip: mine.toml: title must be a text.")
    assert not (tmp_path / "var").exists()
