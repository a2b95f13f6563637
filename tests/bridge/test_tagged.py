"""A class stands for all messages below it, and each says what it is."""

import pytest
from pydantic import BaseModel, ValidationError

from bridge.tagged import Tagged, any_below


class Signal(Tagged):
    to: str


class LineBusy(Signal):
    """Nothing of its own."""


class Rung(Signal):
    times: int = 1


class Envelope(BaseModel):
    signal: Signal


SIGNAL = any_below(Signal)


def test_a_message_is_called_as_its_class() -> None:
    assert LineBusy(to="Ada").model_dump() == {"kind": "line_busy", "to": "Ada"}
    assert SIGNAL.dump_python(Rung(to="Ada", times=2)) == {"kind": "rung", "to": "Ada", "times": 2}


def test_each_is_read_as_what_it_is() -> None:
    assert SIGNAL.validate_json('{"kind": "line_busy", "to": "Ada"}') == LineBusy(to="Ada")
    sent = Envelope(signal=Rung(to="Ada", times=3))
    assert Envelope.model_validate_json(sent.model_dump_json()) == sent


@pytest.mark.parametrize("kind", ["signal", "rang", "Rung", None])
def test_no_other_is_read(kind: str | None) -> None:
    with pytest.raises(ValidationError):
        SIGNAL.validate_python({"kind": kind, "to": "Ada"})
    with pytest.raises(ValidationError):
        Envelope.model_validate({"signal": {"kind": kind, "to": "Ada"}})


def test_a_message_has_no_other_name() -> None:
    with pytest.raises(ValidationError):
        Rung.model_validate({"kind": "line_busy", "to": "Ada"})
