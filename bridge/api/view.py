"""What all that is sent to the chat has in common."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator


class View(BaseModel):
    """Made from whatever bears its fields as attributes; it takes no others, so that no secret of a
    row gets into it.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    @model_validator(mode="before")
    @classmethod
    def _shown(cls, given: Any) -> Any:
        """What knows how it is shown says so by its `view`."""
        return given.view() if hasattr(given, "view") else given

    @classmethod
    def of(cls, *rows: object, **more: Any) -> Self:
        """Each field from `more`, else from the first of `rows` that has it."""
        for row in rows:
            for name in cls.model_fields:
                if name not in more and hasattr(row, name):
                    more[name] = getattr(row, name)
        return cls(**more)
