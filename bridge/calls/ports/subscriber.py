"""What the calls need to know of their user, and what they leave behind.

The switchboard asks a `Subscriber`; the worker implements it on the store, the tests keep one in
memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from bridge.api.preferences import Preferences
from bridge.api.refusal import Rule
from bridge.api.views import AccountView, CallView, PhoneView, QuietHoursView, VoicemailView
from bridge.terms import Party


@dataclass(frozen=True)
class SubscriberProfile:
    """A snapshot of what the user and the host have decided."""

    user: UUID
    language: str
    zone: ZoneInfo
    country: str
    """ISO region in which a number without country code is meant."""
    countries: frozenset[str]
    """ISO regions whose numbers may be called."""
    phones: tuple[PhoneView, ...] = ()
    preferences: Preferences = field(default_factory=Preferences)
    quiet_hours: tuple[QuietHoursView, ...] = ()
    blocked: tuple[str, ...] = ()
    """Numbers, sip: addresses, prefixes ending in *, "anonymous"."""
    greeting: Path | None = None
    """The user's own voicemail greeting, 16-bit mono WAV."""
    has_pin: bool = False
    """Without one nobody phones in."""

    def phone(self, id: UUID) -> PhoneView | None:
        return next((phone for phone in self.phones if phone.id == id), None)


@dataclass(frozen=True)
class Ticket:
    """Permission for one phone leg; it may last `seconds_left` from now on, then `rule` ends it."""

    id: UUID
    seconds_left: float
    rule: Rule


class SubscriberRecord(Protocol):
    """The user's rules and history, where they are kept."""

    async def profile(self) -> SubscriberProfile:
        """As it is now; his greeting is laid out."""

    async def open_leg(self, call: UUID, phone: UUID | None, counted: bool) -> Ticket:
        """Reserve a leg to a phone, or (None) to a contact, within all limits before its INVITE;
        NotAllowed(rule, limit=).
        """

    async def renew_leg(self, ticket: UUID) -> Ticket:
        """How long a leg may go on, what other calls used meanwhile taken into account."""

    async def close_leg(self, ticket: UUID, talk_seconds: float) -> None:
        """The leg is over; `talk_seconds` is how long it was established."""

    async def write(self, cdr: CallView) -> None:
        """Keep a finished call; once per call."""

    async def keep_voicemail(
        self, call: UUID, party: Party, seconds: float, ogg: bytes
    ) -> VoicemailView:
        """Keep a message; comes before the call is written."""

    async def block(self, party: Party) -> None:
        """Put a caller on the block list; one without an address stands for all who hide theirs."""

    async def verification_tries_left(self, phone: UUID) -> int:
        """NotAllowed("cooling", until=) while the phone must rest."""

    async def verification_failed(self, phone: UUID) -> int:
        """One wrong try more; how many are left."""

    async def verified(self, phone: UUID) -> None:
        """The phone has proved to be the user's."""

    async def check_pin(self, digits: str, caller: Party) -> bool:
        """Whether it is the right one. The third wrong one in a row locks phone-in and tells the
        user; from then on, right or wrong, NotAllowed("pin_locked", until=). NotAllowed("no_pin").
        """

    async def pin_locked(self) -> bool:
        """Whether nobody phones in at the moment, for too many wrong ones."""

    async def prefer(self, patch: Mapping[str, Any]) -> None:
        """Change fields of the preferences: BadInput("bad_preference", field=)."""

    async def enable_phone(self, phone: UUID, on: bool) -> None: ...

    async def accounts(self) -> Sequence[AccountView]:
        """How the user's accounts are."""


class Subscriber(SubscriberRecord, Protocol):
    """The same with the rules at hand: what changes them is in force when it returns."""

    def rules(self) -> SubscriberProfile:
        """The latest snapshot."""

    async def refresh(self) -> None:
        """Read the rules anew."""
