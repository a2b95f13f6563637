"""What a recipe does: one thing a step, which becomes one request to the session's agent."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from bridge.connectors.desktop.protocol.requests import BusCall
from bridge.connectors.desktop.recipe.signs import Keys, Pattern, WindowLooks

KINDS = ("action", "bus", "click", "close", "fill", "keys", "open", "run")


class Point(Keys):
    """In a window: pixels from its upper left corner."""

    window: WindowLooks
    x: int = Field(ge=0)
    y: int = Field(ge=0)


class Filling(Keys):
    """Text, typed into an element of the page or into what has the focus."""

    text: str
    element: str = ""


class RecipeStep(Keys):
    """One of KINDS; `window` says where keys go, `pause_ms` how long the next step waits."""

    action: Pattern | None = None
    bus: BusCall | None = None
    click: str | Point | None = None
    close: WindowLooks | None = None
    fill: Filling | None = None
    keys: str | None = None
    window: WindowLooks | None = None
    open: str | None = None
    run: tuple[str, ...] | None = Field(None, min_length=1)
    pause_ms: int = Field(0, ge=0, le=10_000)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise ValueError(f"needs one of {', '.join(KINDS)}, and only one")
        if self.window is not None and self.keys is None:
            raise ValueError("has a window, which only keys need; the others have their own")
        return self

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def element(self) -> str:
        """The name of the element of the page that it needs, or ""."""
        if isinstance(self.click, str):
            return self.click
        return self.fill.element if self.fill is not None else ""

    def texts(self) -> Iterator[str]:
        """Where placeholders may stand, but for what is typed."""
        yield from self.run or ()
        yield self.keys or ""
        yield self.open or ""
        if self.bus is not None:
            yield from (one for one in self.bus.arguments if isinstance(one, str))
