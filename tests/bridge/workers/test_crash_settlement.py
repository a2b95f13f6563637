"""What a call leaves behind whose worker has died in the middle of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from bridge.api.commands.phones import VerifyPhone
from bridge.api.events import CallsLost, CardChanged, Event, PhoneChecked
from bridge.api.views import CallAction, CallCard, CardState, PhoneView
from bridge.store import Store
from bridge.store.calls import calls
from bridge.store.people import phones
from bridge.terms import Cause, Direction, EndedBy
from bridge.workers.supervisor.crash_settlement import CrashSettlement
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


def card(user: UUID, state: CardState, began: datetime) -> CallCard:
    return CallCard(
        id=uuid4(),
        user=user,
        direction=Direction.INCOMING,
        network="sip",
        account="Home",
        caller_name="Ben",
        caller_address="+4930999",
        called="+4930555",
        started=began,
        state=state,
        actions=(CallAction.HANG_UP,),
    )


async def test_each_call_is_on_record_and_its_card_is_closed(store: Store, ada: UUID) -> None:
    told: list[Event] = []
    settlement = CrashSettlement(store, ada, told.append)
    now = datetime.now(UTC)
    ringing = card(ada, CardState.RINGING, now - timedelta(seconds=5))
    talking = card(ada, CardState.ANSWERED, now - timedelta(seconds=20))
    over = card(ada, CardState.ENDED, now - timedelta(seconds=60))
    for one in (ringing, talking, over):
        settlement.note(CardChanged(user=ada, card=one))
    await settlement.publish("a worker", now + timedelta(seconds=10))
    closed = {event.card.id: event.card for event in told if isinstance(event, CardChanged)}
    assert {one: closed[one].state for one in closed} == {
        ringing.id: CardState.MISSED,
        talking.id: CardState.ENDED,
    }
    assert all(not one.actions and one.ended_by is EndedBy.HOUSE for one in closed.values())
    assert closed[talking.id].talk_seconds > 9
    assert [event.calls for event in told if isinstance(event, CallsLost)] == [2]
    kept = {row.id: row for row in await store.read(calls.of_user, ada)}
    assert kept.keys() == closed.keys()
    assert {row.cause for row in kept.values()} == {Cause.NETWORK_LOST.word}
    assert kept[ringing.id].answered is None
    assert kept[talking.id].talk_seconds > 9


async def test_a_verification_that_was_over_before_is_not_lost(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        phone = phones.add(db, ada, "Desk", "sip:ada@house").id
    shown = PhoneView(
        id=phone,
        label="Desk",
        address="sip:ada@house",
        position=0,
        ring_seconds=25,
        enabled=True,
        verified=True,
    )
    told: list[Event] = []
    settlement = CrashSettlement(store, ada, told.append)
    for _ in range(3):
        settlement.begun(VerifyPhone(user=ada, phone=phone))
    refused = VerifyPhone(user=ada, phone=phone)
    settlement.begun(refused)
    settlement.called_off(refused)
    settlement.note(PhoneChecked(user=ada, phone=shown, outcome="verified", tries_left=3))
    await settlement.publish("a worker", datetime.now(UTC))
    assert [event.calls for event in told if isinstance(event, CallsLost)] == [2]
    kept = await store.read(calls.of_user, ada)
    assert [row.direction for row in kept] == [Direction.VERIFICATION] * 2
