"""What a user may choose about the house's behaviour."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.views import QuietHoursView, SettingsView


class GetSettings(UserCommand[SettingsView]):
    """What the user has chosen, and what the host has set."""


class ChangeSettings(UserCommand[SettingsView]):
    """Only what is given changes."""

    reschedules: ClassVar[bool] = True

    language: Literal["de", "en"] | None = None
    time_zone: str | None = None
    patch: dict[str, Any] = Field(default_factory=dict)
    """Fields of `Preferences` (BadInput("bad_preference", field=))."""
    quiet_hours: tuple[QuietHoursView, ...] | None = None


class SetPin(UserCommand[SettingsView]):
    """The PIN that is asked for on the phone: four to eight digits, no trivial ones
    (BadInput("bad_pin" | "easy_pin")). None: there is none any more, and nobody phones in. Either
    way a lock is over.
    """

    pin: str | None = Field(repr=False)


class SetGreeting(UserCommand[None]):
    """The voicemail greeting: any audio file, base64; decoded, cut to 60 s. None: back to the
    spoken one.
    """

    audio: str | None = Field(repr=False)
