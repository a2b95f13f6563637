"""The user's own phones."""

from uuid import UUID

from bridge.api.check_views import VerificationView
from bridge.api.command import UserCommand
from bridge.api.views import PhoneView


class ListPhones(UserCommand[list[PhoneView]]):
    """The user's phones, in the order in which they ring."""


class AddPhone(UserCommand[PhoneView]):
    """`address` is a telephone number as people write it, or sip:someone@host. It rings only once
    verified.
    """

    label: str
    address: str


class ChangePhone(UserCommand[PhoneView]):
    """Only what is given changes."""

    phone: UUID
    label: str | None = None
    ring_seconds: int | None = None
    enabled: bool | None = None
    pin_waived: bool | None = None
    position: int | None = None


class RemovePhone(UserCommand[None]):
    """It does not ring any more."""

    phone: UUID


class VerifyPhone(UserCommand[VerificationView]):
    """Calls the phone; the outcome is the event PhoneChecked."""

    phone: UUID


class TestCall(UserCommand[None]):
    """Calls the phone; the outcome is the event TestCallEnded."""

    __test__ = False  # not a pytest class
    phone: UUID
