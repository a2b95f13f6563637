"""Address books that are taken over, and what the tests of contacts have in common."""

from uuid import UUID

import pytest

from bridge.api.commands.contacts import AddContact, ImportContacts, ListContacts
from bridge.api.contact_views import ContactView
from bridge.errors import BadInput, NotAllowed
from tests.contracts.desk.world import DeskContract, DeskWorld, covers


def addresses(contact: ContactView) -> list[tuple[str, str]]:
    return [(way.network, way.address) for way in contact.ways]


class KnowsPeople(DeskContract):
    async def knows(self, desk: DeskWorld, user: UUID, name: str, address: str) -> ContactView:
        return await desk.ask(AddContact(user=user, name=name, address=address))

    async def names(self, desk: DeskWorld, user: UUID, **asked: object) -> list[str]:
        page = await desk.ask(ListContacts(user=user, **asked))
        return [one.name for one in page.contacts]


class AddressBooksContract(KnowsPeople):
    @covers(ImportContacts)
    async def test_an_address_book_is_taken_over(self, desk: DeskWorld, ada: UUID) -> None:
        await self.knows(desk, ada, "Grace", "030 123456")
        cards = (
            ("Grace", "030 123457"),
            ("Alan", "030 123458"),
            ("Hope", "112"),
            ("Household", "030 123458"),
        )
        told = await desk.ask(ImportContacts(user=ada, vcards=vcards(*cards)))
        assert (told.added, told.changed) == (1, 1)
        assert (told.skipped, told.sharing, told.left_out) == (("Hope",), ("Household",), ())
        assert await self.names(desk, ada) == ["Grace", "Alan"]
        [grace] = (await desk.ask(ListContacts(user=ada, search="Grace"))).contacts
        assert addresses(grace) == [("phone", "+4930123456"), ("phone", "+4930123457")]
        again = await desk.ask(ImportContacts(user=ada, vcards=vcards(*cards)))
        assert (again.added, again.changed) == (0, 0)

    @pytest.mark.parametrize(
        ("known", "card", "name", "added"),
        [
            ("Grace Hopper", "Grace", "Grace Hopper", 0),
            ("G. Hopper", "Grace Hopper", "G. Hopper", 0),
            ("gräce", "GRACE", "gräce", 0),
            ("", "Grace", "Grace", 0),
            ("Grace", "Gracie", "Grace", 1),
        ],
    )
    @covers(ImportContacts)
    async def test_who_has_the_address_and_may_be_called_so_is_meant(
        self, desk: DeskWorld, ada: UUID, known: str, card: str, name: str, added: int
    ) -> None:
        """Who is known by an address only gets the name."""
        await self.knows(desk, ada, known, "030 123456")
        book = vcards((card, "030 123456", "xmpp:grace@x.example"))
        told = await desk.ask(ImportContacts(user=ada, vcards=book))
        assert (told.added, told.changed, told.sharing) == (added, 1 - added, ())
        [first, *more] = (await desk.ask(ListContacts(user=ada))).contacts
        assert (first.name, [one.name for one in more]) == (name, [card] * added)
        assert len(first.ways) == 2 - added

    @covers(ImportContacts)
    async def test_a_card_without_a_name(self, desk: DeskWorld, ada: UUID) -> None:
        told = await desk.ask(ImportContacts(user=ada, vcards=vcards(("", "030 123456"))))
        assert told.added == 1
        assert await self.names(desk, ada) == ["+4930123456"]

    @pytest.mark.parametrize("text", ["", "what", "<html></html>"])
    @covers(ImportContacts)
    async def test_what_is_no_address_book(self, desk: DeskWorld, ada: UUID, text: str) -> None:
        await desk.refuses(ImportContacts(user=ada, vcards=text), BadInput("bad_vcard"))

    @covers(ImportContacts, AddContact)
    async def test_two_thousand_people_are_enough(self, desk: DeskWorld, ada: UUID) -> None:
        many = vcards(*((f"No. {number}", f"xmpp:{number}@x.example") for number in range(2000)))
        assert (await desk.ask(ImportContacts(user=ada, vcards=many))).added == 2000
        full = NotAllowed("too_many_contacts", limit="2000")
        await desk.refuses(AddContact(user=ada, name="Grace", address="030 123456"), full)
        more = ImportContacts(user=ada, vcards=vcards(("Grace", "030 123456")))
        await desk.refuses(more, full)
        await self.knows(desk, ada, "Seven", "xmpp:7@x.example")


def vcards(*cards: tuple[str, ...]) -> str:
    """Of names, each with its addresses."""
    return "".join(
        "\r\n".join(
            ("BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *map(_line, places), "END:VCARD", "")
        )
        for name, *places in cards
    )


def _line(address: str) -> str:
    return f"IMPP:{address}" if address.startswith("xmpp:") else f"TEL:{address}"
