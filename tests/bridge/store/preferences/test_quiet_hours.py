"""Hours in which no phone rings."""

from datetime import time
from uuid import UUID

import pytest

from bridge.errors import BadInput
from bridge.store import Store
from bridge.store.preferences import quiet_hours
from tests.bridge.store.conftest import NOW

EVERY_DAY = range(7)


def test_quiet_hours_replace_those_before(store: Store, ada: UUID, bob: UUID) -> None:
    night, nap = (EVERY_DAY, time(22), time(7)), ({5, 6}, time(13), time(14, 30))
    with store.begin() as db:
        quiet_hours.replace(db, bob, [night])
        quiet_hours.replace(db, ada, [nap])
        quiet_hours.replace(db, ada, [night, nap])
    with store.begin() as db:
        rows = quiet_hours.of_user(db, ada)
        assert [(row.weekdays, row.start, row.end) for row in rows] == [
            (frozenset({5, 6}), time(13), time(14, 30)),
            (frozenset(range(7)), time(22), time(7)),
        ]
        assert quiet_hours.replace(db, ada, []) == []
        assert len(quiet_hours.of_user(db, bob)) == 1


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
        quiet_hours.replace(db, ada, [good])
    with pytest.raises(BadInput, match="bad_quiet_hours"), store.begin() as db:
        quiet_hours.replace(db, ada, [good, (days, start, end)])
    with pytest.raises(BadInput, match="bad_quiet_hours"), store.begin() as db:
        quiet_hours.replace(db, ada, [good] * (quiet_hours.MOST_QUIET_HOURS + 1))
    with store.begin() as db:
        assert len(quiet_hours.of_user(db, ada)) == 1
