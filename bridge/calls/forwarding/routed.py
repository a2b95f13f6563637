"""A call that makes the user's phones ring: the hunt for one, and the card that shows it."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Literal
from uuid import UUID

from bridge.api.events import CardChanged
from bridge.api.views import CallCard, CardState, PhoneView
from bridge.audio.port import AudioPort
from bridge.calls.call import card
from bridge.calls.call.call import Call
from bridge.calls.forwarding.hunt import Hunt
from bridge.calls.ports.call_services import CallServices
from bridge.errors import NotAllowed, UnknownTarget
from bridge.scope import Scope
from bridge.terms import Cause, Direction, EndedBy, MediaReport, Party


class RoutedCall(Call, ABC):
    """Its kind says what the phones show, and what is asked of who picks up. Every change is told
    to the chat by `show`.
    """

    body: Scope
    """What goes on as long as the call does."""

    def __init__(self, services: CallServices, direction: Direction) -> None:
        super().__init__(services, direction)
        self.hunt = Hunt(self)
        self._shown: CallCard | None = None
        self._closed = False

    # --- what its kind decides -------------------------------------------------------------------

    @property
    @abstractmethod
    def showing(self) -> Party:
        """What a phone shows while it rings."""

    @property
    @abstractmethod
    def screened(self) -> bool:
        """Whether who picks up hears what it is about, and must accept."""

    @abstractmethod
    def announce(self, port: AudioPort) -> Awaitable[None]:
        """Say what it is about, and which keys accept, put off and refuse."""

    @abstractmethod
    def gone(self, cause: Cause | None, by: EndedBy) -> None:
        """One side is gone."""

    def nothing_heard(self, side: Literal["caller", "phone"], seconds: float, likely: str) -> None:
        """One-way sound."""

    @abstractmethod
    def _final_state(self) -> CardState: ...

    # --- what they all are -----------------------------------------------------------------------

    def ringing(self) -> None:
        """A phone is being rung."""
        self.become(CardState.RINGING if self.state is CardState.ARRIVED else self.state)

    def joined_to(self, phone: PhoneView) -> None:
        """Caller and user, or the sound and user, are through to each other."""
        if self.answered is None:
            self.pick_up(phone)
            self.become(CardState.ANSWERED)

    def reports(self) -> tuple[MediaReport, ...]:
        winner = self.hunt.winner
        return (winner.dialled.leg.media_report(),) if winner and winner.dialled else ()

    def become(self, state: CardState) -> None:
        self.state = state
        self.show()

    def show(self) -> None:
        """Tell the chat what has changed; after the end only `close` has something to tell."""
        if (self.ending is None or self._closed) and (drawn := self.card()) != self._shown:
            self._shown = drawn
            self.services.tell(CardChanged(user=self.rules.user, card=drawn))

    def card(self) -> CallCard:
        return card.draw(self, self.hunt.states(only_live=self.state is CardState.RECORDING))

    def close(self) -> None:
        """The last card."""
        super().close()
        self._closed = True
        self.become(self._final_state())

    def ring(self, phone: UUID | None) -> None:
        """The button of one of the phones."""
        self.hunt.ring(self._own_phone(phone), again=True)

    def _own_phone(self, id: UUID | None) -> PhoneView:
        phone = self.services.subscriber.rules().phone(id) if id else None
        if phone is None:
            raise UnknownTarget("no_such_phone")
        if not phone.verified:
            raise NotAllowed("not_verified")
        return phone
