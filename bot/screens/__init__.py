"""One file is one screen of the chat."""

from importlib import import_module
from pkgutil import walk_packages

from bot.links import TITLES
from bot.screen import Screen


def every_screen() -> tuple[Screen, ...]:
    """All that the modules below declare: first those with a title, in the order of the titles."""
    screens: dict[str, Screen] = {}
    for module in walk_packages(__path__, f"{__name__}."):
        for declared in vars(import_module(module.name)).values():
            if isinstance(declared, Screen):
                screens[declared.name] = declared
    titled = [screens.pop(name) for name in TITLES]
    return (*titled, *screens.values())
