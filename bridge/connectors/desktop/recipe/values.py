"""How an account remembers its recipe, its folder and the answers to the recipe's questions."""

from bridge import files
from bridge.connectors.base import Credentials

RECIPE, FOLDER = "recipe", files.DESKTOP
_ASKED = "ask."


def values_of(credentials: Credentials) -> dict[str, str]:
    """The answers, by the names of the questions."""
    return {
        name.removeprefix(_ASKED): value
        for kept in (credentials.options, credentials.secrets)
        for name, value in kept.items()
        if name.startswith(_ASKED)
    }


def kept(name: str) -> str:
    """The key under which the answer to a question is kept."""
    return f"{_ASKED}{name}"
