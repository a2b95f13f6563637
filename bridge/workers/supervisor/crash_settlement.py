"""What a dead worker could not say itself: its leases, its tickets, its jobs, and its calls."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session
from tenacity import retry, retry_if_exception_type, wait_exponential

from bridge.api.commands.phones import TestCall, VerifyPhone
from bridge.api.events import CallsLost, CardChanged, Event, PhoneChecked, TestCallEnded
from bridge.api.views import CallCard, CardState
from bridge.errors import NetworkDown, UnknownTarget
from bridge.store import Store
from bridge.store.calls import calls, usage
from bridge.store.leases import leases
from bridge.store.listening.missed import fail_lost
from bridge.store.people import accounts, phones
from bridge.terms import Cause, Direction, EndedBy

log = logging.getLogger(__name__)

Errand = VerifyPhone | TestCall
Begun = tuple[Errand, datetime]


@dataclass(frozen=True)
class RunningCall:
    """A call that goes on, as far as its cards tell. `answered`: when a phone was joined to it."""

    card: CallCard
    answered: datetime | None


class CrashSettlement:
    """Remembers the running calls of one user by their cards."""

    def __init__(self, store: Store, user: UUID, tell: Callable[[Event], None]) -> None:
        self._store = store
        self._user = user
        self._tell = tell
        self._running: dict[UUID, RunningCall] = {}
        self._errands: list[Begun] = []

    def begun(self, errand: Errand) -> None:
        """The worker calls a phone of the user's; such calls have no card."""
        self._errands.append((errand, datetime.now(UTC)))

    def called_off(self, errand: Errand) -> None:
        self._errands = [one for one in self._errands if one[0] is not errand]

    def note(self, event: Event) -> None:
        """An event of the worker."""
        match event:
            case PhoneChecked():
                self._forget(VerifyPhone)
            case TestCallEnded():
                self._forget(TestCall)
            case CardChanged(card=card):
                self._note_card(card)

    def _forget(self, kind: type[Errand]) -> None:
        """The first of its kind: they end in about the order in which they began."""
        for errand, _ in self._errands:
            if isinstance(errand, kind):
                return self.called_off(errand)

    def _note_card(self, card: CallCard) -> None:
        known = self._running.pop(card.id, None)
        if card.state.is_over:
            return
        answered = known.answered if known else None
        if card.state is CardState.ANSWERED and answered is None:
            answered = datetime.now(UTC)
        self._running[card.id] = RunningCall(card, answered)

    async def publish(self, owner: str, died: datetime) -> None:
        """Others may serve its accounts now, its minutes are counted, its calls are on record."""
        lost, self._running = list(self._running.values()), {}
        errands, self._errands = self._errands, []
        try:
            await self._settle(owner, died, lost, errands)
        except UnknownTarget:
            return  # the user was forgotten meanwhile
        except Exception:
            log.exception("a dead worker's affairs could not be settled")
        for call in lost:
            self._tell(CardChanged(user=self._user, card=_ended(call, died)))
        if lost or errands:
            self._tell(CallsLost(user=self._user, calls=len(lost) + len(errands)))

    @retry(retry=retry_if_exception_type(NetworkDown), wait=wait_exponential(0.2, max=10))
    async def _settle(
        self,
        owner: str,
        died: datetime,
        lost: list[RunningCall],
        errands: list[Begun],
    ) -> None:
        await self._store.run(self._write, owner, died, lost, errands)

    def _write(
        self,
        db: Session,
        owner: str,
        died: datetime,
        lost: list[RunningCall],
        errands: list[Begun],
    ) -> None:
        leases.release_owner(db, owner)
        usage.close_of_lost(db, self._user, died)
        accounts.unserved(db, self._user, died)
        fail_lost(db, self._user, died)
        for call in lost:
            calls.write(db, _record(self._user, call, died))
        for errand, began in errands:
            with suppress(UnknownTarget):  # the phone was removed
                phone = phones.get(db, self._user, errand.phone)
                calls.write(db, _record_of_errand(errand, phone.address, began, died))


def _ended(call: RunningCall, died: datetime) -> CallCard:
    return call.card.model_copy(
        update={
            "state": CardState.ENDED if call.answered else CardState.MISSED,
            "cause": Cause.NETWORK_LOST.word,
            "ended_by": EndedBy.HOUSE,
            "talk_seconds": _seconds(call.answered, died),
            "actions": (),
        }
    )


def _record(user: UUID, call: RunningCall, died: datetime) -> calls.CallRecord:
    card = call.card
    return calls.CallRecord(
        id=card.id,
        user_id=user,
        direction=card.direction,
        network=card.network,
        account=card.account,
        caller_name=card.caller_name,
        caller_address=card.caller_address,
        called=card.called,
        started=card.started,
        answered=call.answered,
        ended=max(died, card.started),
        answered_on=card.answered_on,
        cause=Cause.NETWORK_LOST.word,
        ended_by=EndedBy.HOUSE,
        ring_seconds=_seconds(card.started, call.answered or died),
        talk_seconds=_seconds(call.answered, died),
        reason=card.reason,
    )


def _record_of_errand(
    errand: Errand, called: str, began: datetime, died: datetime
) -> calls.CallRecord:
    verifies = isinstance(errand, VerifyPhone)
    return calls.CallRecord(
        id=uuid4(),
        user_id=errand.user,
        direction=Direction.VERIFICATION if verifies else Direction.TEST,
        network="",
        account="",
        caller_name="",
        caller_address="",
        called=called,
        started=began,
        answered=None,
        ended=max(died, began),
        cause=Cause.NETWORK_LOST.word,
        ended_by=EndedBy.HOUSE,
        ring_seconds=_seconds(began, died),
    )


def _seconds(begin: datetime | None, end: datetime) -> float:
    return 0.0 if begin is None else max(0.0, (end - begin).total_seconds())
