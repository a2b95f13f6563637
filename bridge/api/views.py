"""What the chat gets to see: values without secrets, made from rows, sent as JSON."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from bridge.api.listening_views import Playing
from bridge.api.preferences import Preferences
from bridge.api.view import View
from bridge.terms import Direction, EndedBy, Health


class UserView(View):
    """A member of the house."""

    id: UUID
    chat: int
    """The Telegram user id, which is also the id of the private chat."""
    name: str
    language: str
    time_zone: str
    is_owner: bool


class InviteView(View):
    """An invitation, and what came of it."""

    id: UUID
    token: str = ""
    """Only in the answer to MakeInvite; afterwards only its hash is known."""
    created: datetime
    expires: datetime
    used_by: str = ""
    revoked: bool = False


class QuietHoursView(View):
    """Local times; `weekdays` are 0 (Monday) to 6. A range may pass midnight: it belongs to the
    day it starts on.
    """

    weekdays: frozenset[int] = frozenset(range(7))
    start: time
    end: time


class SettingsView(View):
    """What the user has chosen, and what the host has set."""

    language: str
    language_is_chosen: bool
    time_zone: str
    preferences: Preferences
    quiet_hours: tuple[QuietHoursView, ...]
    has_pin: bool = False
    pin_locked_until: datetime | None = None
    voice_languages: frozenset[str] = frozenset()
    """Those in which this house understands speech."""
    has_greeting: bool
    minutes_a_day: int
    longest_call_minutes: int
    concurrent_calls: int
    minutes_used_today: int


class PhoneView(View):
    """One of the user's own phones. `address` is E.164 or sip:someone@host."""

    id: UUID
    label: str
    address: str
    position: int
    ring_seconds: int = 25
    enabled: bool = True
    verified: bool = False
    pin_waived: bool = False
    """Whether who phones in from it is not asked for the PIN."""
    cooling_until: datetime | None = None
    """After three wrong tries, no verification before this instant."""

    @property
    def rings(self) -> bool:
        """Whether it rings by itself when somebody calls."""
        return self.enabled and self.verified

    @property
    def needs_no_pin(self) -> bool:
        """A waiver is one of a telephone number only: of a SIP address with an extension, the host
        is not looked at, so others would have it, too.
        """
        return self.verified and self.pin_waived and self.address.startswith("+")


class AccountView(View):
    """A user's identity on a network, and how it is."""

    id: UUID
    network: str
    address: str
    label: str
    enabled: bool
    is_trunk: bool = False
    is_phone_in: bool = False
    """Whoever calls it comes to the menu, and rings no phone."""
    health: Health
    since: datetime
    reason: str = ""
    """A code of bridge.errors for what is wrong; the chat knows the sentence and the remedy."""
    facts: dict[str, str] = Field(default_factory=dict)


class NetworkView(View):
    """A network to which the user may sign in."""

    network: str
    title: str


class PhoneState(StrEnum):
    """How far a phone is that is rung for a call."""

    DIALLING = "dialling"
    RINGING = "ringing"
    ASKING = "asking"
    """It was picked up; the announcement is being spoken."""
    ACCEPTED = "accepted"
    NO_ANSWER = "no answer"
    BUSY = "busy"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"


class CardPhone(View):
    """A phone on a call's card."""

    id: UUID
    label: str
    state: PhoneState | None = None
    """None: not rung (yet); its "ring" button is offered."""


class CardState(StrEnum):
    """How far a call is."""

    ARRIVED = "arrived"
    RINGING = "ringing"
    ANSWERED = "answered"
    RECORDING = "recording"
    """The caller is talking to the voicemail."""
    ENDED = "ended"
    MISSED = "missed"
    DECLINED = "declined"
    BLOCKED = "blocked"

    @property
    def is_over(self) -> bool:
        return self in {self.ENDED, self.MISSED, self.DECLINED, self.BLOCKED}


class CallAction(StrEnum):
    """What a button of a call's card does."""

    RING = "ring"
    VOICEMAIL = "voicemail"
    NOT_NOW = "not now"
    BLOCK = "block"
    HANG_UP = "hang up"


class ShownCall(View):
    """What is known of a call from its first moment."""

    id: UUID
    direction: Direction
    network: str
    account: str
    caller_name: str
    caller_address: str
    called: str
    started: datetime


class CallCard(ShownCall):
    """One call as the chat shows it, edited in place until it is over."""

    user: UUID
    state: CardState
    phones: tuple[CardPhone, ...] = ()
    answered_on: str = ""
    talk_seconds: float = 0.0
    cause: str = ""
    ended_by: EndedBy | None = None
    voicemail: UUID | None = None
    actions: tuple[CallAction, ...] = ()
    reason: str = ""
    """Why it did not ring: "quiet_hours", "busy_line", "no_phone", "blocked" ...; else empty."""
    playing: Playing | None = None
    """Of a call-out."""


class CallView(ShownCall):
    """One line of the history: the CDR."""

    answered: datetime | None
    ended: datetime
    answered_on: str
    cause: str
    ended_by: EndedBy | None
    ring_seconds: float
    talk_seconds: float
    codec: str
    loss: float
    jitter_ms: float
    voicemail: UUID | None
    reason: str = ""


class VoicemailView(View):
    """A message that a caller left."""

    id: UUID
    call: UUID | None
    caller_name: str
    caller_address: str
    created: datetime
    seconds: float
    heard: bool
    transcript: str | None = None
    """What a machine understood; None without one that can write."""


class BlockedView(View):
    """Somebody whose calls do not ring."""

    address: str
    name: str
    since: datetime
