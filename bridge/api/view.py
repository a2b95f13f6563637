"""What all that is sent to the chat has in common."""

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """Made from whatever bears its fields as attributes; it takes no others, so that no secret of a
    row gets into it.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)
