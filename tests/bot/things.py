"""Calls, cards and messages for the tests, each with what it usually has."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from bridge.api.views import (
    CallCard,
    CallView,
    CardPhone,
    CardState,
    PhoneState,
    PhoneView,
    VoicemailView,
)
from bridge.terms import Direction, EndedBy
from tests.bot.fake_desk import Home, now


def card(home: Home, state: CardState = CardState.RINGING, **more: Any) -> CallCard:
    return card_of(home.user.id, state, **more)


def card_of(user: UUID, state: CardState = CardState.RINGING, **more: Any) -> CallCard:
    usual = {
        "id": uuid4(),
        "user": user,
        "direction": Direction.INCOMING,
        "network": "sip",
        "account": "Work",
        "caller_name": "Grace Hopper",
        "caller_address": "+4930123456",
        "called": "ada",
        "started": now(),
        "state": state,
    }
    return CallCard(**{**usual, **more})


def on_card(phone: PhoneView, state: PhoneState | None = None) -> CardPhone:
    return CardPhone(id=phone.id, label=phone.label, state=state)


def call(**more: Any) -> CallView:
    started = now()
    usual = {
        "id": uuid4(),
        "direction": Direction.INCOMING,
        "network": "sip",
        "account": "Work",
        "caller_name": "Grace Hopper",
        "caller_address": "+4930123456",
        "called": "ada",
        "started": started,
        "answered": started,
        "ended": started + timedelta(seconds=192),
        "answered_on": "Mobile",
        "cause": "normal",
        "ended_by": EndedBy.CALLER,
        "ring_seconds": 5,
        "talk_seconds": 192,
        "codec": "G722",
        "loss": 0.002,
        "jitter_ms": 3.4,
        "voicemail": None,
    }
    return CallView(**{**usual, **more})


def voicemail(**more: Any) -> VoicemailView:
    usual = {
        "id": uuid4(),
        "call": uuid4(),
        "caller_name": "Grace Hopper",
        "caller_address": "+4930123456",
        "created": now(),
        "seconds": 23,
        "heard": False,
    }
    return VoicemailView(**{**usual, **more})
