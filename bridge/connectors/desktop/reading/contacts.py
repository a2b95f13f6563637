"""The contacts that a program shows."""

import logging
from collections.abc import Mapping

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.requests import Read, Run
from bridge.connectors.desktop.recipe.placeholders import filled_argument
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.errors import HouseError
from bridge.terms import Party
from bridge.text import clean_text

log = logging.getLogger(__name__)

MOST = 500
LONGEST = 100


async def contacts(recipe: Recipe, link: AgentLink, values: Mapping[str, str]) -> list[Party]:
    """As far as the recipe says where they are; a program that does not show them has none."""
    if recipe.contacts is None:
        return []
    asked = (
        Run(argv=tuple(filled_argument(word, values) for word in recipe.contacts.run))
        if recipe.contacts.run
        else Read(element=recipe.elements[recipe.contacts.element])
    )
    try:
        reply = await link.ask(asked)
    except HouseError as why:
        log.info("the contacts of a program could not be read: %s", why.code)
        return []
    named = dict(_named(line) for line in reply.text.splitlines())
    found = [Party(address, name, recipe.network) for address, name in named.items() if address]
    return found[:MOST]


def _named(line: str) -> tuple[str, str]:
    """A line is a name that can be dialled, or an address, a tab and the name for it."""
    address, _, name = (clean_text(part, LONGEST) for part in line.partition("\t"))
    return address, name or address
