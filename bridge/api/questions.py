"""What a connector asks a person who signs in."""

from uuid import UUID

from bridge.api.view import View


class ChoiceView(View):
    """One answer of several."""

    key: str
    text: str


class Question(View):
    """What a connector wants to know; `text` and the choices' texts are message ids of the chat."""

    id: UUID
    kind: str
    """ "text", "secret", "choice" or "show". """
    text: str
    example: str = ""
    default: str | None = None
    choices: tuple[ChoiceView, ...] = ()
    png: str = ""
    """A picture, base64."""
