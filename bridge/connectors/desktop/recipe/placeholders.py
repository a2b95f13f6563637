"""Words in a recipe that stand for something else: "{peer}" is who is called."""

import re
from collections.abc import Iterable, Mapping

from bridge.errors import UnknownTarget

PEER, DIGIT = "peer", "digit"

_PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")
_BREAKS_SELECTOR = re.compile(r"""[\\"'\x00-\x1f\x7f]""")


def placeholders(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}


def filled(text: str, values: Mapping[str, str]) -> str:
    """With every placeholder replaced; what is put in is not looked at again."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def stand_in_quotes(selector: str) -> bool:
    """Whether all do: elsewhere a name could not be told from the selector itself."""
    starts = [found.start() for found in _PLACEHOLDER.finditer(selector)]
    return all(any(selector.count(quote, 0, start) % 2 for quote in "\"'") for start in starts)


def filled_argument(text: str, values: Mapping[str, str]) -> str:
    """For a command's argument. UnknownTarget for a value that the command would take for one of
    its options.
    """
    result = filled(text, values)
    if result.startswith("-") and not text.startswith("-"):
        raise UnknownTarget("cannot_dial")
    return result


def filled_selector(text: str, values: Mapping[str, str]) -> str:
    """For a CSS selector, where a placeholder stands within quotes: what would end them is escaped
    (CSS Syntax Module Level 3, section 4.3.7).
    """
    return filled(text, {name: _escaped(value) for name, value in values.items()})


def _escaped(value: str) -> str:
    return _BREAKS_SELECTOR.sub(lambda found: f"\\{ord(found[0]):x} ", value)
