"""Messages of many kinds on one wire: a tagged union, told apart by the names of its classes."""

import re
from inspect import get_annotations
from typing import Any, Literal

from pydantic import BaseModel

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Tagged(BaseModel):
    """One of a union, whose discriminator is `kind`: the name of the class in snake case."""

    kind: str = ""

    def __init_subclass__(cls, **of_pydantic: Any) -> None:
        super().__init_subclass__(**of_pydantic)
        cls.kind = _WORD.sub("_", cls.__name__).lower()
        cls.__annotations__ = {**get_annotations(cls), "kind": Literal[cls.kind]}
