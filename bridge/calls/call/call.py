"""What is known of a call while it goes on; its card and its CDR are drawn from this."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from bridge.api.events import LimitReached, SoundSlipped
from bridge.api.listening_views import Playing, PlayoutKey
from bridge.api.views import CallAction, CallCard, CardState, PhoneView
from bridge.calls.ports.call_services import CallServices
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction, EndedBy, MediaReport, Party

log = logging.getLogger(__name__)


class CalledAccount(Protocol):
    """The account that is called; an AccountView is one."""

    @property
    def network(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def is_phone_in(self) -> bool: ...


@dataclass(frozen=True)
class Ending:
    """`by`: the PHONE is the user, on the phone or by a button in the chat."""

    cause: Cause
    by: EndedBy


class Call:
    """One call, whatever it is for."""

    def __init__(self, services: CallServices, direction: Direction) -> None:
        self.services = services
        self.direction = direction
        self.rules = services.subscriber.rules()
        self.id: UUID = uuid4()
        self.network = ""
        self.account = ""
        self.caller = Party("")
        self.called = ""
        self.state = CardState.ARRIVED
        self.reason = ""
        self.started = services.clock.now()
        self.answered: datetime | None = None
        """When the user was through to the other side."""
        self.answered_on = ""
        self.ended: datetime | None = None
        self.ending: Ending | None = None
        self.voicemail: UUID | None = None
        self.playing: Playing | None = None
        self.warned = False
        """The user has been told that his minutes run out."""
        self.leave: Callable[[], None] = lambda: None
        """Whoever serves the call sets how it is left."""
        self._began = asyncio.get_running_loop().time()
        self._answered_at: float | None = None
        self._ended_at: float | None = None
        self._told_limits: set[str] = set()

    @property
    def engages_user(self) -> bool:
        """Whether it rings or occupies one of the user's phones."""
        return self.ending is None

    @property
    def unproved(self) -> bool:
        """Whether it phones in, and must still prove to be the user's."""
        return False

    @property
    def ring_seconds(self) -> float:
        """Until it was picked up, by whomever, or over."""
        return (self._rang_until or self._until) - self._began

    @property
    def talk_seconds(self) -> float:
        return 0.0 if self._answered_at is None else self._until - self._answered_at

    @property
    def _rang_until(self) -> float | None:
        return self._answered_at

    @property
    def _until(self) -> float:
        return self._ended_at or asyncio.get_running_loop().time()

    def card(self) -> CallCard:
        """As the chat shows it."""
        raise NotImplementedError

    async def act(self, action: CallAction, phone: UUID | None) -> None:
        """A button of its card."""
        raise NotImplementedError

    def press(self, key: PlayoutKey) -> None:
        """A button of who listens. UnknownTarget("call_over") when nobody does."""
        raise UnknownTarget("call_over")

    def reports(self) -> tuple[MediaReport, ...]:
        """How the sound of its legs was."""
        return ()

    async def settle(self) -> None:
        """It is over: keep what it leaves behind, before its record is written."""

    def close(self) -> None:
        """It is over, and its record is written."""
        reports = self.reports()
        underruns = sum(report.underruns for report in reports)
        overruns = sum(report.overruns for report in reports)
        if underruns or overruns:
            self.services.tell(
                SoundSlipped(
                    user=self.rules.user,
                    network=self.network,
                    underruns=underruns,
                    overruns=overruns,
                )
            )

    def pick_up(self, phone: PhoneView) -> None:
        """The user is on `phone`."""
        self.through(phone.label)

    def through(self, label: str) -> None:
        """Both sides are through to each other, the user on what he calls `label`."""
        self.answered = self.services.clock.now()
        self._answered_at = asyncio.get_running_loop().time()
        self.answered_on = label

    def end(self, cause: Cause, by: EndedBy) -> None:
        """End it now, unless it has ended already."""
        if self.ending is None:
            self.note_end(cause, by)
            self.leave()

    def note_end(self, cause: Cause, by: EndedBy) -> Ending:
        """It is over; the first one to say why is believed."""
        if self.ending is None:
            self.ending = Ending(cause, by)
            self.ended = self.services.clock.now()
            self._ended_at = asyncio.get_running_loop().time()
        return self.ending

    def refused(self, why: NotAllowed) -> None:
        """A phone may not be rung, or no longer; each rule is told once."""
        if why.code not in self._told_limits:
            self._told_limits.add(why.code)
            self.services.tell(
                LimitReached(user=self.rules.user, call=self.id, rule=why.code, facts=why.facts)
            )
