"""What a worker asks of its house: a question that knows the type of its answer.

No question names a user: the house knows at whose link it listens.
"""

from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

R = TypeVar("R")

QUESTIONS: dict[str, type["Question[Any]"]] = {}
"""All that were declared, by name."""


class Question(BaseModel, Generic[R]):
    """`class Verified(Question[None])` reads: ask Verified, get nothing. A refusal comes back as
    the same HouseError.
    """

    # what is asked may be a password: a validation error must not quote it
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kept: ClassVar[bool] = False
    """What it says costs or matters: it is asked until the house has it, or left in the spool for
    the next one. Asked twice it changes nothing more.
    """

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        if "[" not in cls.__name__:
            QUESTIONS[cls.__name__] = cls
