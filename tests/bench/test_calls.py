"""Which INVITE at the phone belongs to which call."""

from datetime import datetime, timedelta

import pytest

from tests.bench.calls import _milliseconds_until

NOON = datetime(2026, 1, 1, 12)


def after(milliseconds: float) -> datetime:
    return NOON + timedelta(milliseconds=milliseconds)


def test_the_next_invite_at_the_phone_belongs_to_the_call() -> None:
    rang = [after(-4000), after(12), after(3000)]
    assert _milliseconds_until(rang, NOON) == pytest.approx(12)


def test_an_invite_whose_sending_was_logged_late_still_belongs_to_its_call() -> None:
    assert _milliseconds_until([after(-0.3), after(3000)], NOON) == pytest.approx(-0.3)
