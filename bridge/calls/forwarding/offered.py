"""A call as the phones see it that it rings: what they show, what is said to who picks up."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Literal

from bridge.api.views import CardState
from bridge.audio.port import AudioPort
from bridge.calls.call.call import Call
from bridge.scope import Scope
from bridge.terms import Cause, EndedBy, Party


class OfferedCall(Call, ABC):
    """Offered to phones, one branch each. Every change is told to the chat by `show`."""

    body: Scope
    """What goes on as long as the call does."""

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
    def show(self) -> None:
        """Tell the chat what has changed."""

    def become(self, state: CardState) -> None:
        self.state = state
        self.show()

    def ringing(self) -> None:
        """A phone is being rung."""
        self.become(CardState.RINGING if self.state is CardState.ARRIVED else self.state)
