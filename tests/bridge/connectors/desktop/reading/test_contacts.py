"""The contacts that a program shows, as somebody who can be called."""

import pytest

from bridge.connectors.desktop.protocol.messages import Reply
from bridge.connectors.desktop.protocol.requests import Request, Run
from bridge.connectors.desktop.reading.contacts import LONGEST, MOST, contacts
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.errors import HouseError
from bridge.terms import Party


class Session:
    """Says `text` when it is asked; nothing can be asked without one."""

    def __init__(self, text: str | None) -> None:
        self.asked: list[Request] = []
        self._text = text

    async def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        if self._text is None:
            raise HouseError("desktop_no_program")
        return Reply(id=0, text=self._text)


async def listed(text: str | None) -> list[Party]:
    session = Session(text)
    found = await contacts(RecipeStore().recipe("dino"), session, {})  # type: ignore[arg-type]  # as much of a link as it needs
    [asked] = session.asked
    assert isinstance(asked, Run)
    return found


@pytest.mark.parametrize(
    ("line", "address", "name"),
    [
        ("Ada Lovelace", "Ada Lovelace", "Ada Lovelace"),
        ("ada@example.org\tAda  Lovelace", "ada@example.org", "Ada Lovelace"),
        ("ada@example.org\t", "ada@example.org", "ada@example.org"),
        ("a" * 500 + "\t" + "b" * 500, "a" * LONGEST, "b" * LONGEST),
    ],
)
async def test_a_line_is_a_name_or_an_address_with_one(line: str, address: str, name: str) -> None:
    assert await listed(f"{line}\n") == [Party(address, name, "xmpp")]


async def test_nobody_is_listed_twice_and_not_everybody_without_end() -> None:
    assert len(await listed("\n  \nada@example.org\tAda\nada@example.org\tAda L.\n\tNobody\n")) == 1
    assert len(await listed("\n".join(f"number {one}" for one in range(2000)))) == MOST


async def test_a_program_that_cannot_say_has_none() -> None:
    assert await listed(None) == []
