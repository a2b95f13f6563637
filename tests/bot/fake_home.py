"""What one member has in the house in memory, and what all its parts ask of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bridge.api.command import UserCommand
from bridge.api.views import (
    AccountView,
    BlockedView,
    CallCard,
    CallView,
    PhoneView,
    SettingsView,
    UserView,
    VoicemailView,
)
from bridge.calls.policy import tollguard
from bridge.errors import NotAllowed, UnknownTarget

COUNTRY = "DE"


def now() -> datetime:
    """When a thing is made: "today" must not be a day that ended since the tests were read."""
    return datetime.now(UTC)


@dataclass
class Home:
    """What one member has."""

    user: UserView
    settings: SettingsView
    phones: list[PhoneView] = field(default_factory=list)
    accounts: list[AccountView] = field(default_factory=list)
    blocked: list[BlockedView] = field(default_factory=list)
    calls: list[CallView] = field(default_factory=list)
    running: list[CallCard] = field(default_factory=list)
    voicemails: list[VoicemailView] = field(default_factory=list)
    cards: dict[UUID, int] = field(default_factory=dict)
    notes: dict[UUID, int] = field(default_factory=dict)
    greeting: bytes | None = None
    pin: str | None = None


class FakeRoom:
    """A part of the house; it answers a command by its method of the command's name."""

    def __init__(self) -> None:
        self.homes: dict[UUID, Home] = {}

    def home_of(self, asked: UserCommand[Any]) -> Home:
        if asked.user not in self.homes:
            raise UnknownTarget("no_such_user")
        return self.homes[asked.user]

    def rings(self, asked: UserCommand[Any]) -> None:
        """Some phone of the user does."""
        if not any(phone.rings for phone in self.home_of(asked).phones):
            raise NotAllowed("no_phone")

    def dialable(self, typed: str) -> str:
        address = tollguard.normalise(typed, COUNTRY)
        tollguard.check(address, {COUNTRY})
        return address


def found(things: list[Any], wanted: UUID, code: str) -> Any:
    for thing in things:
        if thing.id == wanted:
            return thing
    raise UnknownTarget(code)


def given(asked: UserCommand[Any], but: str = "") -> dict[str, Any]:
    """What a command changes: all that it names, besides whose it is and of which (`but`)."""
    named = {name: getattr(asked, name) for name in type(asked).model_fields}
    return {
        name: value
        for name, value in named.items()
        if value is not None and name not in ("user", but)
    }
