"""How an account remembers its recipe, its folder and the answers to the recipe's questions."""

from collections.abc import Mapping

from bridge import files
from bridge.connectors.base import Credentials

RECIPE, FOLDER = "recipe", files.DESKTOP
_ASKED = "ask."


def values_of(credentials: Credentials) -> dict[str, str]:
    """The answers, by the names of the questions."""
    return spoken(credentials) | _answers(credentials.secrets)


def spoken(credentials: Credentials) -> dict[str, str]:
    """Those that are no secrets."""
    return _answers(credentials.options)


def kept(name: str) -> str:
    """The key under which the answer to a question is kept."""
    return f"{_ASKED}{name}"


def _answers(kept: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(_ASKED): value for name, value in kept.items() if name.startswith(_ASKED)
    }
