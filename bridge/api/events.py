"""Everything the house tells the chat. Events are kept until the chat has acknowledged them."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from bridge.api.check_views import TestReport
from bridge.api.listening_views import Playing, PodcastView
from bridge.api.questions import Question
from bridge.api.views import AccountView, CallCard, PhoneView, VoicemailView
from bridge.tagged import Tagged, any_below
from bridge.terms import FeedState, Health


class _Event(Tagged):
    model_config = ConfigDict(frozen=True)
    told: ClassVar[bool] = True
    """Whether the chat is told; else it is only counted."""
    user: UUID


class CardChanged(_Event):
    """A call is not as its card shows it."""

    card: CallCard


class VoicemailLeft(_Event):
    """A caller left a message."""

    voicemail: VoicemailView


class HealthChanged(_Event):
    """Told once when an account goes down and once when it is up again, not in between."""

    account: AccountView
    was: Health


class Asked(_Event):
    """A connector asks its user something."""

    sign_in: UUID
    network: str
    question: Question


class SignInEnded(_Event):
    """`account` is there when it succeeded; otherwise `reason` is a code of bridge.errors."""

    sign_in: UUID
    account: AccountView | None = None
    reason: str = ""
    facts: dict[str, str] = Field(default_factory=dict)


class PhoneChecked(_Event):
    """How a verification call went: "verified", "wrong_digits", "no_answer", "cooling" or a
    Cause's word.
    """

    phone: PhoneView
    outcome: str
    tries_left: int


class TestCallEnded(_Event):
    """A test call is over; how it went."""

    __test__ = False  # not a pytest class
    report: TestReport


class NothingHeard(_Event):
    """One-way sound: nothing arrived from `side` for `seconds`; `likely` is a code for the
    cause.
    """

    call: UUID
    side: Literal["caller", "phone"]
    seconds: float
    likely: str


class SoundSlipped(_Event):
    """A call is over in whose sound there were gaps, or frames were left out: two clocks had
    drifted apart, or something stood still.
    """

    told: ClassVar[bool] = False
    network: str
    underruns: int
    overruns: int


class LimitReached(_Event):
    """A call was refused or cut: `rule` is a code of bridge.errors, `facts` its figures."""

    call: UUID | None
    rule: str
    facts: dict[str, str] = Field(default_factory=dict)


class PodcastChanged(_Event):
    """A feed was fetched for the first time, failed for a day, came back, or is gone; told once.
    `was` is its state before.
    """

    podcast: PodcastView
    was: FeedState


class CallOutMissed(_Event):
    """The phone did not ring, or may not have: `reason` is a code ("house_was_down",
    "worker_lost", "quiet_hours", "not_accepted", "not_downloaded", or a rule of the limits).
    """

    due: datetime
    playing: Playing
    reason: str
    facts: dict[str, str] = Field(default_factory=dict)


class StationDown(_Event):
    """The station that is being listened to is gone; told once in a call."""

    call: UUID
    name: str


class PinLocked(_Event):
    """Somebody typed three wrong PINs: nobody phones in before `until`."""

    caller: str
    until: datetime


class VoicemailMarked(_Event):
    """On the phone a message was heard, or deleted (`voicemail` is None then)."""

    id: UUID
    voicemail: VoicemailView | None


class VoicemailTranscribed(_Event):
    """A message was written down. The text is not in here: events outlive what they tell of."""

    id: UUID


class ScheduleChanged(_Event):
    """Something may be due, or to be fetched, earlier than the scheduler thought; the chat has
    nothing to say about it.
    """

    told: ClassVar[bool] = False


class CallsLost(_Event):
    """The user's worker died and was restarted; `calls` were running."""

    calls: int


Event = _Event
EVENT = any_below(Event)


class Numbered(BaseModel):
    """An event as it travels: `number` grows; acknowledging n acknowledges everything up to n."""

    number: int
    event: Event
