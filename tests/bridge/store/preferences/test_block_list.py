"""Callers that are not wanted."""

from datetime import timedelta
from uuid import UUID

import pytest

from bridge.errors import BadInput
from bridge.store import Store
from bridge.store.preferences import block_list
from tests.bridge.store.conftest import NOW


def test_blocking_and_unblocking(store: Store, ada: UUID, bob: UUID) -> None:
    with store.begin() as db:
        block_list.block(db, ada, "+4930*", "", NOW)
        block_list.block(db, ada, "anonymous", "", NOW + timedelta(seconds=1))
        block_list.block(db, bob, "+4930*", "", NOW)
        block_list.unblock(db, ada, "+4930*")
        block_list.unblock(db, ada, "never there")
    with store.begin() as db:
        assert [row.address for row in block_list.of_user(db, ada)] == ["anonymous"]
        assert [row.address for row in block_list.of_user(db, bob)] == ["+4930*"]


def test_blocking_again_keeps_the_day_and_learns_the_name(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        block_list.block(db, ada, "+49301", "", NOW)
        block_list.block(db, ada, "+49301", "Spam", NOW + timedelta(days=1))
        block_list.block(db, ada, "+49301", "", NOW + timedelta(days=1))
    with store.begin() as db:
        [row] = block_list.of_user(db, ada)
        assert (row.name, row.since) == ("Spam", NOW)


def test_an_empty_pattern_would_block_nobody_or_everybody(store: Store, ada: UUID) -> None:
    for pattern in ("", "  ", "\x00"):
        with pytest.raises(BadInput, match="bad_pattern"), store.begin() as db:
            block_list.block(db, ada, pattern, "", NOW)


def test_the_list_has_an_end(store: Store, ada: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_list, "MOST_BLOCKED", 2)
    with store.begin() as db:
        block_list.block(db, ada, "1", "", NOW)
        block_list.block(db, ada, "2", "", NOW)
    with pytest.raises(BadInput, match="too_many_blocked"), store.begin() as db:
        block_list.block(db, ada, "3", "", NOW)
    with store.begin() as db:
        block_list.block(db, ada, "2", "again", NOW)
