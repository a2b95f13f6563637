"""Block list and quiet hours."""

from datetime import time, timedelta
from uuid import UUID

import pytest

from bridge.errors import BadInput
from bridge.store import Store
from bridge.store.preferences import rules
from tests.bridge.store.conftest import NOW

EVERY_DAY = range(7)


def test_blocking_and_unblocking(store: Store, ada: UUID, bob: UUID) -> None:
    with store.begin() as db:
        rules.block(db, ada, "+4930*", "", NOW)
        rules.block(db, ada, "anonymous", "", NOW + timedelta(seconds=1))
        rules.block(db, bob, "+4930*", "", NOW)
        rules.unblock(db, ada, "+4930*")
        rules.unblock(db, ada, "never there")
    with store.begin() as db:
        assert [row.address for row in rules.blocked(db, ada)] == ["anonymous"]
        assert [row.address for row in rules.blocked(db, bob)] == ["+4930*"]


def test_blocking_again_keeps_the_day_and_learns_the_name(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        rules.block(db, ada, "+49301", "", NOW)
        rules.block(db, ada, "+49301", "Spam", NOW + timedelta(days=1))
        rules.block(db, ada, "+49301", "", NOW + timedelta(days=1))
    with store.begin() as db:
        [row] = rules.blocked(db, ada)
        assert (row.name, row.since) == ("Spam", NOW)


def test_an_empty_pattern_would_block_nobody_or_everybody(store: Store, ada: UUID) -> None:
    for pattern in ("", "  ", "\x00"):
        with pytest.raises(BadInput, match="bad_pattern"), store.begin() as db:
            rules.block(db, ada, pattern, "", NOW)


def test_the_list_has_an_end(store: Store, ada: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_BLOCKED", 2)
    with store.begin() as db:
        rules.block(db, ada, "1", "", NOW)
        rules.block(db, ada, "2", "", NOW)
    with pytest.raises(BadInput, match="too_many_blocked"), store.begin() as db:
        rules.block(db, ada, "3", "", NOW)
    with store.begin() as db:
        rules.block(db, ada, "2", "again", NOW)


def test_quiet_hours_replace_those_before(store: Store, ada: UUID, bob: UUID) -> None:
    night, nap = (EVERY_DAY, time(22), time(7)), ({5, 6}, time(13), time(14, 30))
    with store.begin() as db:
        rules.set_quiet_hours(db, bob, [night])
        rules.set_quiet_hours(db, ada, [nap])
        rules.set_quiet_hours(db, ada, [night, nap])
    with store.begin() as db:
        rows = rules.quiet_hours(db, ada)
        assert [(row.weekdays, row.start, row.end) for row in rows] == [
            (frozenset({5, 6}), time(13), time(14, 30)),
            (frozenset(range(7)), time(22), time(7)),
        ]
        assert rules.set_quiet_hours(db, ada, []) == []
        assert len(rules.quiet_hours(db, bob)) == 1


@pytest.mark.parametrize(
    "days, start, end",
    [
        ([], time(22), time(7)),
        ([7], time(22), time(7)),
        ([-1], time(22), time(7)),
        (EVERY_DAY, time(22), time(22)),
        (EVERY_DAY, time(22, tzinfo=NOW.tzinfo), time(7)),
    ],
)
def test_senseless_hours_are_refused_and_change_nothing(
    store: Store, ada: UUID, days, start: time, end: time
) -> None:
    good = (EVERY_DAY, time(22), time(7))
    with store.begin() as db:
        rules.set_quiet_hours(db, ada, [good])
    with pytest.raises(BadInput, match="bad_quiet_hours"), store.begin() as db:
        rules.set_quiet_hours(db, ada, [good, (days, start, end)])
    with pytest.raises(BadInput, match="bad_quiet_hours"), store.begin() as db:
        rules.set_quiet_hours(db, ada, [good] * (rules.MOST_QUIET_HOURS + 1))
    with store.begin() as db:
        assert len(rules.quiet_hours(db, ada)) == 1
