"""Messages of many kinds on one wire: a tagged union, told apart by the names of its classes."""

import re
from functools import reduce
from inspect import get_annotations
from operator import or_
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema

Base = TypeVar("Base", bound="Tagged")
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Tagged(BaseModel):
    """Where a class is wanted that has others below it, each of those will do. Which one it is says
    its `kind`: the name of the class in snake case.
    """

    kind: str = ""

    def __init_subclass__(cls, **of_pydantic: Any) -> None:
        super().__init_subclass__(**of_pydantic)
        cls.kind = _WORD.sub("_", cls.__name__).lower()
        cls.__annotations__ = {**get_annotations(cls), "kind": Literal[cls.kind]}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        below = cls.__subclasses__()
        if not below:
            return handler(source)
        return handler.generate_schema(Annotated[reduce(or_, below), Field(discriminator="kind")])


def any_below(base: type[Base]) -> TypeAdapter[Base]:
    """What reads and writes any message below `base`, as a field of that type does; an adapter of
    the bare class would take none but its own.
    """
    taken: Any = Annotated[base, Field()]
    return TypeAdapter(taken)
