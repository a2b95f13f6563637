"""A HouseError on its way to another process."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, InstanceOf, PlainSerializer

from bridge.errors import (
    KINDS,
    BadInput,
    HouseError,
    LoginRejected,
    NetworkDown,
    NotAllowed,
    Throttled,
    UnknownTarget,
)

_STATUS: dict[type[HouseError], int] = {
    BadInput: 422,
    LoginRejected: 401,
    NotAllowed: 403,
    UnknownTarget: 404,
    Throttled: 429,
    NetworkDown: 503,
}


class Refusal(BaseModel):
    kind: str
    code: str
    facts: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of(cls, why: HouseError) -> "Refusal":
        return cls(kind=type(why).__name__, code=why.code, facts=why.facts)

    @property
    def status(self) -> int:
        """The HTTP status that says so (RFC 9110)."""
        return _STATUS.get(KINDS.get(self.kind, HouseError), 500)

    def error(self) -> HouseError:
        """The same error again."""
        facts = dict(self.facts)
        if self.kind == Throttled.__name__:
            return Throttled(self.code, float(facts.pop("seconds", "0")), **facts)
        return KINDS.get(self.kind, HouseError)(self.code, **facts)


def _rule(sent: object) -> object:
    return Refusal.model_validate(sent).error() if isinstance(sent, dict) else sent


Rule = Annotated[
    InstanceOf[NotAllowed],
    BeforeValidator(_rule),
    PlainSerializer(lambda why: Refusal.of(why).model_dump()),
]
"""A NotAllowed as a field of what is sent."""
