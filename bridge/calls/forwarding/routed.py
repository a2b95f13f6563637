"""A call that makes the user's phones ring: the hunt for one, and the card that shows it."""

from abc import abstractmethod
from uuid import UUID

from bridge.api.events import CardChanged
from bridge.api.views import CallCard, CardState, PhoneView
from bridge.calls.call import card
from bridge.calls.forwarding.hunt import Hunt
from bridge.calls.forwarding.offered import OfferedCall
from bridge.calls.ports.call_services import CallServices
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Direction, MediaReport


class RoutedCall(OfferedCall):
    """Its kind says what the phones show, and what is asked of who picks up."""

    def __init__(self, services: CallServices, direction: Direction) -> None:
        super().__init__(services, direction)
        self.hunt = Hunt(self)
        self._shown: CallCard | None = None
        self._closed = False

    @abstractmethod
    def _final_state(self) -> CardState: ...

    def joined_to(self, phone: PhoneView) -> None:
        """Caller and user, or the sound and user, are through to each other."""
        if self.answered is None:
            self.pick_up(phone)
            self.become(CardState.ANSWERED)

    def reports(self) -> tuple[MediaReport, ...]:
        winner = self.hunt.winner
        return (winner.dialled.leg.media_report(),) if winner and winner.dialled else ()

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
