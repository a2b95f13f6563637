"""What a command is: a question to the front desk that knows the type of its answer."""

from functools import cache
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter

R = TypeVar("R")


class Command(BaseModel, Generic[R]):
    # an answer may be a password: a validation error must not quote it
    """A question to the front desk that knows the type of its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    reschedules: ClassVar[bool] = False
    """Whether something may be due, or to be fetched, earlier than the scheduler thought."""


@cache
def reply(kind: type[Command[Any]]) -> TypeAdapter[Any]:
    """What reads and writes the answers: they are of the type in the brackets of the class
    statement.
    """
    for base in kind.__mro__:
        args = getattr(base, "__pydantic_generic_metadata__", {}).get("args", ())
        if args:
            return TypeAdapter(args[0])
    raise TypeError(f"{kind.__name__} names no reply")


class UserCommand(Command[R], Generic[R]):
    """Asked by, and for, one user; the front desk never lets one user reach another's things."""

    user: UUID


def every_command(kind: type[Command[Any]]) -> list[type[Command[Any]]]:
    """All commands that have been declared below `kind`."""
    found: list[type[Command[Any]]] = []
    for sub in kind.__subclasses__():
        if "[" not in sub.__name__ and sub is not UserCommand:
            found.append(sub)
        found.extend(every_command(sub))
    return found
