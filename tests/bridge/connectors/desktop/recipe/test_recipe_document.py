"""docs/recipes.md explains every key of a recipe, and no other; its example can be used."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from bridge.connectors.desktop.recipe import recipe, signs, steps, tables

DOCUMENT = (Path(__file__).parents[5] / "docs/recipes.md").read_text()
_SECTION = re.compile(r"^### (.+)$", re.MULTILINE)
_KEY = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)

TABLES: dict[str, type[BaseModel]] = {
    "Recipe": recipe.Recipe,
    "program": tables.Native,
    "web": tables.WebApp,
    "ask": tables.RecipeQuestion,
    "signs": tables.SignTable,
    "a sign": signs.Sign,
    "notification": signs.NotificationLooks,
    "stream": signs.StreamLooks,
    "page": signs.PageLooks,
    "window": signs.WindowLooks,
    "a step": steps.RecipeStep,
    "bus": steps.BusCall,
    "click": steps.Point,
    "fill": steps.Filling,
    "contacts": tables.Contacts,
}


def sections() -> dict[str, str]:
    parts = _SECTION.split(DOCUMENT)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def parts_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The model, and all that its fields are made of."""
    found = {model}
    waiting = [model]
    while waiting:
        schema = waiting.pop()
        for other in TABLES.values():
            if other not in found and any(
                re.search(rf"\b{other.__name__}\b", str(field.annotation))
                for field in schema.model_fields.values()
            ):
                found.add(other)
                waiting.append(other)
    return found


def test_every_table_of_a_recipe_has_its_section() -> None:
    assert set(sections()) == set(TABLES)
    assert parts_of(recipe.Recipe) == set(TABLES.values()), "one is no part of a recipe any more"


@pytest.mark.parametrize("section", TABLES)
def test_every_key_is_explained(section: str) -> None:
    explained = dict(_KEY.findall(sections()[section]))
    assert list(explained) == list(signs.keys_of(TABLES[section]))


def test_the_example_can_be_used() -> None:
    example = DOCUMENT.partition("```toml\n")[2].partition("```")[0]
    parrot = recipe.Recipe.model_validate(tomllib.loads(example))
    assert parrot.title == "Parrot"
    watch = parrot.watch()
    assert watch is not None
    assert set(watch.elements) == {"contacts", "password"}
