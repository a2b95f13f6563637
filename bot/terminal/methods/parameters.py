"""The parameters of one request to the Bot API, read with its own kinds of refusal."""

from collections.abc import Mapping
from typing import Any

from bot.terminal.formatting import Entity, parse
from bot.terminal.refusal import bad_request

Part = tuple[str, bytes, str]
"""A file of an upload: name, content, MIME type."""


class Parameters:
    def __init__(self, values: Mapping[str, Any], parts: Mapping[str, Part] | None = None) -> None:
        self._values = values
        self.parts = parts or {}

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def text(self, name: str) -> str:
        return str(self._values.get(name, ""))

    def number(self, name: str, default: int = 0) -> int:
        value = self._values.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"{name} must be an integer") from None

    def flag(self, name: str) -> bool:
        return self._values.get(name) in (True, "true", "True", "1")

    def formatted(self, name: str) -> tuple[str, tuple[Entity, ...]]:
        """A text or caption and its entities, by the request's parse_mode."""
        return formatted(self._values, name)


def formatted(values: Mapping[str, Any], name: str) -> tuple[str, tuple[Entity, ...]]:
    written = str(values.get(name) or "")
    mode = str(values.get("parse_mode") or "").lower()
    if mode == "html":
        text, entities = parse(written)
        return text, tuple(entities)
    if mode:
        raise bad_request("unsupported parse_mode")
    return written.strip(), ()


def preview(given: Parameters) -> dict[str, Any]:
    """How a link in the text is shown, as a message remembers it: only what shows something."""
    options = given.get("link_preview_options") or {}
    return {"link_preview_options": options} if options.get("url") else {}
