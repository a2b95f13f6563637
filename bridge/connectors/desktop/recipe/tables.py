"""The tables of a recipe, but for its signs and steps."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from bridge.connectors.desktop.recipe.signs import Keys, Pattern, Sign
from bridge.connectors.desktop.recipe.steps import RecipeStep


def _several(value: Any) -> Any:
    """One table is a list of one."""
    return [value] if isinstance(value, Mapping) else value


Signs = Annotated[tuple[Sign, ...], BeforeValidator(_several)]
Steps = Annotated[tuple[RecipeStep, ...], BeforeValidator(_several)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class RecipeQuestion(Keys):
    """Asked when an account is made; the answer is put in for "{NAME}"."""

    question: str = Field(min_length=1)
    example: str = ""
    secret: bool = False


class Native(Keys):
    """A program of this machine."""

    run: tuple[str, ...] = Field(min_length=1)
    binary: Pattern = ""
    """What PulseAudio calls it (application.process.binary); without it: the name in `run`."""
    environment: dict[str, str] = Field(default_factory=dict)
    microphone_after_ms: int = Field(0, ge=0, le=5_000)
    """Its microphone gives nothing for so long after it was opened; else it is there at once."""
    screen: bool = True


class WebApp(Keys):
    """A page, shown by Chromium."""

    address: str
    origins: tuple[str, ...] = ()
    """May show notifications and use the microphone; without it: the address's own."""
    screen: bool = False


class SignTable(Keys):
    """The signs of a recipe."""

    rings: Signs = Field(min_length=1)
    in_call: Signs = Field(min_length=1)
    rings_there: Signs = ()
    """At the far end, of a call that is made; when it goes, and no call has begun, nobody came."""
    refused: Signs = ()
    """A call that is made comes to nothing; it may stay to be seen for as long as it likes."""
    signed_in: Signs = ()
    sign_in_page: Signs = ()
    ended_after_ms: int = Field(500, ge=500, le=10_000)

    def each(self) -> list[Sign]:
        ours = (*self.rings_there, *self.refused)
        return [*self.rings, *self.in_call, *ours, *self.signed_in, *self.sign_in_page]


class Contacts(Keys):
    """All texts of an element of the page, or the lines that a command says: names, or an address,
    a tab, and the name.
    """

    element: str = ""
    run: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if bool(self.element) == bool(self.run):
            raise ValueError("needs one of element, run, and only one")
        return self
