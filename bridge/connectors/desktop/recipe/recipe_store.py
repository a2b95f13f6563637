"""All recipes: those that come with the house, and the host's own, which win."""

import logging
from collections.abc import Iterator
from pathlib import Path

from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.recipe_parser import fault, read
from bridge.errors import SetupFault

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parents[1] / "recipes"


class RecipeStore:
    """`own` is the host's folder (the setting RECIPES). Files are read when they are asked for: the
    next session follows a recipe as it is written then. Its name is the file's, without ".toml".
    """

    def __init__(self, own: Path | None = None) -> None:
        self._folders = (SHIPPED, own) if own is not None else (SHIPPED,)

    def recipes(self) -> dict[str, Recipe]:
        """By name. One that cannot be used is logged and left out, like a folder that is not there:
        the others are not worse for it.
        """
        found = {}
        for name, path in self._paths():
            try:
                found[name] = read(path)
            except SetupFault as why:
                log.warning("%s", why.sentence)
        return dict(sorted(found.items()))

    def recipe(self, name: str) -> Recipe:
        """SetupFault("bad_recipe") when it cannot be used, SetupFault("no_recipe") when it is not
        there (any more).
        """
        path = dict(self._paths()).get(name)
        if path is None:
            raise SetupFault(
                "no_recipe",
                recipe=name,
                why=f"There is no recipe called {name!r}.",
                remedy="Put its file back into the folder that RECIPES in .env names.",
            )
        return read(path)

    def _paths(self) -> Iterator[tuple[str, Path]]:
        for folder in self._folders:
            if not folder.is_dir():
                log.warning("%s", fault(folder, "", "is no folder (the setting RECIPES)").sentence)
                continue
            for path in sorted(folder.glob("*.toml")):
                yield path.stem, path
