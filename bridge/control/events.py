"""Everything the house tells the chat. Events are kept until the chat has acknowledged them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bridge.control.views import (
    AccountView,
    CallCard,
    PhoneView,
    Question,
    TestReport,
    VoicemailView,
)
from bridge.terms import Health


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)
    user: UUID


class CardChanged(_Event):
    kind: Literal["card_changed"] = "card_changed"
    card: CallCard


class VoicemailLeft(_Event):
    kind: Literal["voicemail_left"] = "voicemail_left"
    voicemail: VoicemailView


class HealthChanged(_Event):
    """Told once when an account goes down and once when it is up again, not in between."""

    kind: Literal["health_changed"] = "health_changed"
    account: AccountView
    was: Health


class Asked(_Event):
    kind: Literal["asked"] = "asked"
    sign_in: UUID
    network: str
    question: Question


class SignInEnded(_Event):
    """`account` is there when it succeeded; otherwise `reason` is a code of bridge.errors."""

    kind: Literal["sign_in_ended"] = "sign_in_ended"
    sign_in: UUID
    account: AccountView | None = None
    reason: str = ""
    facts: dict[str, str] = Field(default_factory=dict)


class PhoneChecked(_Event):
    """How a verification call went: "verified", "wrong_digits", "no_answer", "cooling" or a
    Cause's word.
    """

    kind: Literal["phone_checked"] = "phone_checked"
    phone: PhoneView
    outcome: str
    tries_left: int


class TestCallEnded(_Event):
    __test__ = False  # not a pytest class
    kind: Literal["test_call_ended"] = "test_call_ended"
    report: TestReport


class NothingHeard(_Event):
    """One-way sound: nothing arrived from `side` for `seconds`; `likely` is a code for the
    cause.
    """

    kind: Literal["nothing_heard"] = "nothing_heard"
    call: UUID
    side: Literal["caller", "phone"]
    seconds: float
    likely: str


class LimitReached(_Event):
    """A call was refused or cut: `rule` is a code of bridge.errors, `facts` its figures."""

    kind: Literal["limit_reached"] = "limit_reached"
    call: UUID | None
    rule: str
    facts: dict[str, str] = Field(default_factory=dict)


class CallsLost(_Event):
    """The user's worker died and was restarted; `calls` were running."""

    kind: Literal["calls_lost"] = "calls_lost"
    calls: int


Event = Annotated[
    CardChanged
    | VoicemailLeft
    | HealthChanged
    | Asked
    | SignInEnded
    | PhoneChecked
    | TestCallEnded
    | NothingHeard
    | LimitReached
    | CallsLost,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Numbered(BaseModel):
    """An event as it travels: `number` grows; acknowledging n acknowledges everything up to n."""

    number: int
    event: Event
