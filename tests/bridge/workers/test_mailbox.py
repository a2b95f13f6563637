"""The messages in the store: a file as long as one is played, and what the chat is told."""

import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bridge.api.events import Event, VoicemailMarked, VoicemailTranscribed
from bridge.errors import UnknownTarget
from bridge.store import Store
from bridge.store.calls import voicemails
from bridge.workers.asked.mailbox import PlayableMailbox
from bridge.workers.stored.mailbox import StoredMailbox
from tests.bridge.store.conftest import (
    NOW,
    ada,
    bob,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def mailbox(store: Store, ada: UUID, tmp_path: Path, told: list[Event]) -> PlayableMailbox:
    return PlayableMailbox(StoredMailbox(store, ada, told.append), tmp_path)


@pytest.fixture
def message(store: Store, ada: UUID) -> UUID:
    with store.begin() as db:
        return voicemails.keep(
            db,
            ada,
            uuid4(),
            caller_name="Grace",
            caller_address="+4930999",
            seconds=3.0,
            ogg=b"OggS, and what she said",
            now=NOW,
        ).id


def is_private(path: Path, directory: Path) -> None:
    assert path.read_bytes() == b"OggS, and what she said"
    assert path.is_relative_to(directory)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def is_empty(directory: Path) -> bool:
    return not list(directory.rglob("*.ogg"))


async def test_a_message_is_a_file_while_it_is_played(
    mailbox: PlayableMailbox, message: UUID, tmp_path: Path
) -> None:
    with pytest.raises(ConnectionError):
        async with mailbox.sound(message) as source:
            assert not source.live
            is_private(Path(source.where), tmp_path)
            async with mailbox.sound(message) as again:
                assert again.where != source.where
            raise ConnectionError("the caller has hung up")
    assert is_empty(tmp_path)


async def test_what_a_killed_worker_left_goes(
    store: Store, ada: UUID, tmp_path: Path, told: list[Event]
) -> None:
    left = tmp_path / "messages" / f"{uuid4()}.ogg"
    left.parent.mkdir()
    left.write_bytes(b"OggS")
    PlayableMailbox(StoredMailbox(store, ada, told.append), tmp_path)
    assert not left.exists()


async def test_marks_are_told_once(
    mailbox: PlayableMailbox, message: UUID, ada: UUID, told: list[Event]
) -> None:
    await mailbox.heard(message)
    await mailbox.heard(message)
    [marked] = told
    assert isinstance(marked, VoicemailMarked) and marked.voicemail is not None
    assert (marked.user, marked.id, marked.voicemail.heard) == (ada, message, True)
    assert [one.heard for one in await mailbox.messages()] == [True]


async def test_what_was_written_down_is_told_without_its_words(
    mailbox: PlayableMailbox, message: UUID, ada: UUID, told: list[Event]
) -> None:
    await mailbox.write_down(message, "please call me back")
    assert told == [VoicemailTranscribed(user=ada, id=message)]
    assert "call me back" not in told[0].model_dump_json()
    assert [one.transcript for one in await mailbox.messages()] == ["please call me back"]
    await mailbox.delete(message)
    await mailbox.write_down(message, "please call me back")
    assert len(told) == 2


async def test_a_deletion_is_told_once(
    mailbox: PlayableMailbox, message: UUID, ada: UUID, told: list[Event]
) -> None:
    await mailbox.delete(message)
    await mailbox.delete(message)
    await mailbox.heard(message)  # it was deleted in the chat while it was listened to
    assert told == [VoicemailMarked(user=ada, id=message, voicemail=None)]
    assert await mailbox.messages() == []
    with pytest.raises(UnknownTarget, match="no_such_voicemail"):
        async with mailbox.sound(message):
            pass


async def test_nobody_hears_another_one_s(
    store: Store, mailbox: PlayableMailbox, message: UUID, bob: UUID, tmp_path: Path
) -> None:
    told: list[Event] = []
    bobs = PlayableMailbox(StoredMailbox(store, bob, told.append), tmp_path / "bob")
    with pytest.raises(UnknownTarget, match="no_such_voicemail"):
        async with bobs.sound(message):
            pass
    await bobs.heard(message)
    await bobs.write_down(message, "what bob would have her say")
    await bobs.delete(message)
    assert not told and await bobs.messages() == []
    assert [(one.heard, one.transcript) for one in await mailbox.messages()] == [(False, None)]
