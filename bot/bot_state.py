"""What all requests share: the house, the bot, and the questions that are open."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from telegram import Bot

from bot.delivery import Sleep
from bridge.api.front_desk import FrontDesk
from bridge.api.questions import Question
from bridge.api.views import CallCard


@dataclass(frozen=True)
class Pending:
    """The next message of this chat answers a question. Like a button, it names what is done."""

    step: str
    arguments: Mapping[str, Any]
    secret: bool = False
    media: bool = False
    """Whether the answer may be something else than text: a voice message, a location."""
    number: bool = False
    """Whether a contact that is sent means its telephone number."""


@dataclass
class OpenSignIn:
    """A connector's dialogue as far as the chat has followed it."""

    network: str
    question: Question | None = None
    picture: int | None = None
    """The message that shows a QR code or a screen, so that a newer one replaces it."""
    is_picture_above: bool = False
    """Something was asked since."""


@dataclass
class ShownCard:
    """The message in a chat that shows a call, and what it shows."""

    message: int
    card: CallCard
    noted: bool = False


@dataclass
class BotState:
    """A restart may lose it: what matters is remembered by the house."""

    desk: FrontDesk
    bot: Bot
    pending: dict[int, Pending] = field(default_factory=dict)
    sign_ins: dict[UUID, OpenSignIn] = field(default_factory=dict)
    cards: dict[UUID, ShownCard] = field(default_factory=dict)
    unnoted: dict[UUID, int] = field(default_factory=dict)
    """Voice notes that the house does not know of yet: the message of each, by voicemail."""
    sleep: Sleep = asyncio.sleep
