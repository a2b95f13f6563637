"""The words of the house: small frozen values that every floor may use.

Nothing here knows a network, a database or a chat. Durations are seconds, instants are
aware datetimes in UTC, telephone numbers are E.164 ("+4930123456").
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from bridge.text import clean_text

PHONE, SIP = "phone", "sip"
"""Networks: telephone numbers in E.164, and addresses such as sip:ada@example.org."""


class State(StrEnum):
    """Where one end of a call stands (RFC 3261 dialogs, in the words of RFC 4235)."""

    IDLE = "idle"
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    RINGING = "ringing"
    EARLY = "early"
    ESTABLISHED = "established"
    HELD = "held"
    TERMINATED = "terminated"


class Cause(Enum):
    """Why a leg or a call ended. The value is (word, SIP status code that says so)."""

    NORMAL = ("normal", 200)
    ELSEWHERE = ("answered elsewhere", 200)
    CANCELLED = ("cancelled", 487)
    BUSY = ("busy", 486)
    DECLINED = ("declined", 603)
    NO_ANSWER = ("no answer", 480)
    NOT_FOUND = ("not found", 404)
    UNREACHABLE = ("unreachable", 503)
    FORBIDDEN = ("forbidden", 403)
    NOT_ACCEPTABLE = ("no common codec", 488)
    LIMIT = ("limit reached", 480)
    MEDIA_LOST = ("no sound any more", 200)
    NETWORK_LOST = ("connection lost", 503)
    FAILED = ("failed", 500)

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def sip_code(self) -> int:
        return self.value[1]

    @classmethod
    def of_word(cls, word: str) -> "Cause":
        return next(cause for cause in cls if cause.word == word)

    @classmethod
    def of_sip_code(cls, code: int) -> "Cause":
        """The cause behind a final SIP response (RFC 3261 section 21)."""
        return _BY_CODE.get(code) or (cls.NORMAL if code < 300 else cls.FAILED)


_BY_CODE = {
    401: Cause.FORBIDDEN,
    403: Cause.FORBIDDEN,
    404: Cause.NOT_FOUND,
    407: Cause.FORBIDDEN,
    408: Cause.UNREACHABLE,
    410: Cause.NOT_FOUND,
    480: Cause.NO_ANSWER,
    484: Cause.NOT_FOUND,
    486: Cause.BUSY,
    487: Cause.CANCELLED,
    488: Cause.NOT_ACCEPTABLE,
    502: Cause.UNREACHABLE,
    503: Cause.UNREACHABLE,
    504: Cause.UNREACHABLE,
    600: Cause.BUSY,
    603: Cause.DECLINED,
    604: Cause.NOT_FOUND,
    606: Cause.NOT_ACCEPTABLE,
}


class Health(StrEnum):
    """How an account is, as its user is told."""

    OFF = "off"
    CONNECTING = "connecting"
    READY = "ready"
    OFFLINE = "offline"
    NEEDS_SIGN_IN = "needs sign-in"
    BROKEN = "broken"


class RingMode(StrEnum):
    """How the user's phones ring: a ring group (together) or a hunt group (in order)."""

    TOGETHER = "together"
    IN_ORDER = "in order"


class Direction(StrEnum):
    """Which of the doors of the switchboard a call came through."""

    INCOMING = "incoming"
    VERIFICATION = "verification"
    TEST = "test"
    PHONED_IN = "phoned in"
    OUTGOING = "outgoing"
    """The user calls one of his contacts, from the menu or from the chat."""
    CALL_OUT = "call-out"


class RingRule(StrEnum):
    """When a podcast rings the phone."""

    AT_ONCE = "at once"
    AT_TIMES = "at times"
    NEVER = "never"


class Pick(StrEnum):
    """Which of a podcast's unheard episodes a call-out plays."""

    NEWEST = "newest"
    ALL = "all"
    """Every one, the oldest first."""


class FeedState(StrEnum):
    """How a podcast's feed is, as its subscribers are told."""

    LOOKING = "looking"
    """It was just added and has not been fetched yet."""
    FINE = "fine"
    FAILING = "failing"
    GONE = "gone"
    """It said that it is gone for good (410), or was never a feed: it is not asked any more."""


class DueJobState(StrEnum):
    """How far a due call-out has come; from DIALLING on a phone may have rung."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DIALLING = "dialling"
    DONE = "done"
    FAILED = "failed"
    MISSED = "missed"


class EndedBy(StrEnum):
    """Who ended a call."""

    CALLER = "caller"
    PHONE = "phone"
    HOUSE = "house"


@dataclass(frozen=True)
class Party:
    """Somebody on a network: `address` as the network spells it, `name` as people do."""

    address: str
    name: str = ""
    network: str = ""

    @property
    def shown(self) -> str:
        """What a display shows: the name if there is one."""
        return self.name or self.address

    def cleaned(self) -> "Party":
        """What is believed of a stranger: no line breaks, nothing unseen, no novels."""
        return Party(clean_text(self.address), clean_text(self.name), self.network)


@dataclass(frozen=True)
class MediaReport:
    """What a leg's sound was like. Loss is a share 0..1, jitter and round trip are milliseconds.
    Underruns are gaps, overruns frames that were left out: of legs whose sound has another clock.
    """

    codec: str = ""
    received: int = 0
    sent: int = 0
    loss: float = 0.0
    jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    underruns: int = 0
    overruns: int = 0
