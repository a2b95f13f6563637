"""How one preference is declared: its screen, and the words for each value that it may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


def N_(sentence: str) -> str:
    """Marks what the chat says."""
    return sentence


def S_(sentence: str) -> str:
    """Marks what is spoken on the phone."""
    return sentence


class PreferenceScreen(StrEnum):
    """The screen of the chat on which a preference stands, by its command."""

    SETTINGS = "settings"
    PHONES = "phones"
    QUIET_HOURS = "quiet"
    PHONE_IN = "phonein"


@dataclass(frozen=True)
class Confirmation:
    """What is asked before a choice that may surprise."""

    question: str
    yes: str
    no: str


@dataclass(frozen=True)
class Preference:
    """How a field is offered. Sentences are message ids, each by the value it stands for."""

    screen: PreferenceScreen
    label: Mapping[Any, str]
    """What the button says that chooses the value; other values the chat does not offer."""
    help: Mapping[Any, str]
    """What the chat says while the field has the value."""
    confirm: Mapping[Any, Confirmation] = field(default_factory=dict)
    needs: str = ""
    """The switch without which this one means nothing."""
    by_phone: Mapping[Any, str] = field(default_factory=dict)
    """What the menu says while the field has the value; {key} leads to the next value. Empty: it
    is not offered on the phone.
    """

    def means_something(self, chosen: object) -> bool:
        return not self.needs or bool(getattr(chosen, self.needs))

    def after(self, value: object) -> Any:
        """What the key on the phone leads to."""
        values = list(self.by_phone)
        return values[(values.index(value) + 1) % len(values)]
