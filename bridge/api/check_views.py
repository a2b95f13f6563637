"""What comes of the calls that check a phone."""

from bridge.api.view import View


class VerificationView(View):
    """The digits to show; the person types them on the phone that rings."""

    digits: str
    tries_left: int


class TestReport(View):
    """How a test call went."""

    phone: str
    answered: bool
    cause: str = ""
    codec: str = ""
    delay_ms: float | None = None
    """Round trip by RTCP, None when the phone does not report it."""
    heard_from_phone: bool = False
    heard_by_phone: bool | None = None
    """True for "I heard it" (1), False for "no" (2), None when nothing was pressed."""
    digits: str = ""
    loss: float = 0.0
    jitter_ms: float = 0.0
