"""A phone that is nobody's yet is not rung without end; what is kept of callers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bridge.errors import NotAllowed
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.calls import calls, voicemails
from bridge.store.people import phones
from bridge.terms import Cause, Direction, Party
from bridge.workers.asked.subscriber import ProfiledSubscriber
from bridge.workers.stored.subscriber import (
    VERIFICATION_CALLS,
    VERIFICATION_PERIOD,
    StoredSubscriber,
)
from tests.bridge.store.conftest import (
    ada,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)

__all__ = ["ada", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]

ADDRESS = "sip:ada@house"
CALLER = Party("+4930999", "Ben", "sip")


@pytest.fixture
def subscriber(store: Store, ada: UUID, tmp_path: Path) -> ProfiledSubscriber:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    record = StoredSubscriber(store, settings, ada, tmp_path, lambda event: None)
    return ProfiledSubscriber(record)


@pytest.fixture
def phone(store: Store, ada: UUID) -> UUID:
    with store.begin() as db:
        return phones.add(db, ada, "Desk", ADDRESS).id


def rung(store: Store, user: UUID, ago: timedelta, called: str = ADDRESS) -> None:
    """To be verified."""
    at = datetime.now(UTC) - ago
    with store.begin() as db:
        record = calls.CallRecord(
            id=uuid4(),
            user_id=user,
            direction=Direction.VERIFICATION,
            network="",
            account="",
            caller_name="",
            caller_address="",
            called=called,
            started=at,
            answered=None,
            ended=at,
            cause=Cause.NO_ANSWER.word,
            ended_by=None,
        )
        calls.write(db, record)


async def test_a_phone_is_rung_six_times_a_day_to_be_verified(
    subscriber: ProfiledSubscriber, store: Store, ada: UUID, phone: UUID
) -> None:
    rung(store, ada, VERIFICATION_PERIOD + timedelta(minutes=1))
    rung(store, ada, timedelta(minutes=1), called="sip:another@house")
    for number in range(VERIFICATION_CALLS):
        assert await subscriber.verification_tries_left(phone) == phones.TRIES
        rung(store, ada, timedelta(hours=VERIFICATION_CALLS - number))
    with pytest.raises(NotAllowed, match="cooling") as refused:
        await subscriber.verification_tries_left(phone)
    until = datetime.fromisoformat(refused.value.facts["until"])
    first = datetime.now(UTC) - timedelta(hours=VERIFICATION_CALLS)
    assert abs(until - (first + VERIFICATION_PERIOD)) < timedelta(minutes=1)


async def test_wrong_digits_end_and_right_ones_begin_anew(
    subscriber: ProfiledSubscriber, phone: UUID
) -> None:
    left = [await subscriber.verification_failed(phone) for _ in range(phones.TRIES)]
    assert left == [*reversed(range(phones.TRIES))]
    with pytest.raises(NotAllowed):
        await subscriber.verification_tries_left(phone)
    await subscriber.verified(phone)
    assert await subscriber.verification_tries_left(phone) == phones.TRIES


async def test_who_is_blocked_by_phone_is_blocked_at_once_and_for_good(
    subscriber: ProfiledSubscriber,
) -> None:
    await subscriber.refresh()
    await subscriber.block(CALLER)
    assert subscriber.rules().blocked == (CALLER.address,)
    await subscriber.refresh()
    assert subscriber.rules().blocked == (CALLER.address,)


async def test_a_message_is_kept_for_its_owner(
    subscriber: ProfiledSubscriber, store: Store, ada: UUID
) -> None:
    kept = await subscriber.keep_voicemail(uuid4(), CALLER, 4.5, b"OggS")
    with store.reading() as db:
        assert voicemails.sound(db, ada, kept.id) == b"OggS"
