"""The people whom the user can call."""

from uuid import UUID, uuid4

import pytest

from bridge.api.commands.contacts import (
    AddContact,
    AddContactAddress,
    CallContact,
    ChangeContact,
    GetContact,
    ListContacts,
    RemoveContact,
    RemoveContactAddress,
)
from bridge.api.commands.phones import AddPhone
from bridge.errors import BadInput, HouseError, NotAllowed, UnknownTarget
from tests.contracts.desk.address_books import KnowsPeople, addresses
from tests.contracts.desk.world import DeskWorld, covers

NO_CONTACT = UnknownTarget("no_such_contact")
NO_WAY = UnknownTarget("no_such_way")
BAD_ADDRESSES: list[tuple[str, HouseError]] = [
    ("what", BadInput("invalid_number")),
    ("", BadInput("invalid_number")),
    ("xmpp:", BadInput("invalid_number")),
    ("xmpp:" + "x" * 400, BadInput("too_long")),
    ("sip:nobody", BadInput("bad_sip_address")),
    ("112", NotAllowed("emergency_number")),
    ("tel:+4312345678", NotAllowed("country_not_allowed", country="AT")),
    ("https://pods.example", UnknownTarget("no_such_network", network="https")),
]


class ContactsContract(KnowsPeople):
    @covers(AddContact, GetContact)
    async def test_somebody_is_added(self, desk: DeskWorld, ada: UUID) -> None:
        grace = await self.knows(desk, ada, "Grace\nHopper", "030 123456")
        assert (grace.name, grace.speed_dial, grace.talked) == ("Grace Hopper", "1", None)
        assert addresses(grace) == [("phone", "+4930123456")]
        alan = await self.knows(desk, ada, "", "xmpp:Alan%40Jabber.example")
        assert (alan.name, alan.speed_dial) == ("alan@jabber.example", "2")
        assert addresses(alan) == [("xmpp", "alan@jabber.example")]
        sip = await self.knows(desk, ada, "y" * 300, "sip:eve@PBX.example")
        assert (sip.name, addresses(sip)) == ("y" * 200, [("sip", "sip:eve@pbx.example")])
        assert await desk.ask(GetContact(user=ada, contact=grace.id)) == grace

    @covers(AddContact)
    async def test_who_has_the_address_gets_the_name(self, desk: DeskWorld, ada: UUID) -> None:
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        again = await self.knows(desk, ada, "Grace Hopper", "+49 30 123456")
        assert (again.id, again.name) == (grace.id, "Grace Hopper")
        assert await self.knows(desk, ada, "", "+49 30 123456") == again

    @pytest.mark.parametrize(("address", "why"), BAD_ADDRESSES)
    @covers(AddContact, AddContactAddress)
    async def test_addresses_that_are_none(
        self, desk: DeskWorld, ada: UUID, address: str, why: HouseError
    ) -> None:
        await desk.refuses(AddContact(user=ada, name="Grace", address=address), why)
        assert await self.names(desk, ada) == []
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        await desk.refuses(AddContactAddress(user=ada, contact=grace.id, address=address), why)

    @covers(AddContact)
    async def test_a_bare_word_is_of_ones_own_network(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.account(ada, "Chat", "xmpp")
        grace = await self.knows(desk, ada, "Grace", "Grace@X.example")
        assert addresses(grace) == [("xmpp", "grace@x.example")]
        number = await self.knows(desk, ada, "Alan", "030 123456")
        assert addresses(number) == [("phone", "+4930123456")]

    @covers(ListContacts)
    async def test_the_list_has_pages(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        for number, name in enumerate(("Grace Hopper", "Alan", "Hope")):
            await self.knows(desk, ada, name, f"030 12345{number}0")
        assert await self.names(desk, ada) == ["Grace Hopper", "Alan", "Hope"]
        assert await self.names(desk, ada, recent=True) == ["Grace Hopper", "Alan", "Hope"]
        page = await desk.ask(ListContacts(user=ada, limit=1, offset=1))
        assert ([one.name for one in page.contacts], page.total) == (["Alan"], 3)
        nobody = await desk.ask(ListContacts(user=ben))
        assert (nobody.contacts, nobody.total) == ((), 0)

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("hop", ["Grace Hopper", "Hope"]),
            ("hope", ["Hope"]),
            ("hopper grace", ["Grace Hopper"]),
            ("zoë", ["Zoe"]),
            ("2", ["Hope"]),
            ("123450", ["Grace Hopper"]),
            ("+49301234510", ["Hope"]),
            ("nobody", []),
            ("  ", ["Grace Hopper", "Hope", "Zoe"]),
        ],
    )
    @covers(ListContacts)
    async def test_people_are_found(
        self, desk: DeskWorld, ada: UUID, typed: str, found: list[str]
    ) -> None:
        for number, name in enumerate(("Grace Hopper", "Hope", "Zoe")):
            await self.knows(desk, ada, name, f"030 12345{number}0")
        page = await desk.ask(ListContacts(user=ada, search=typed))
        assert ([one.name for one in page.contacts], page.total) == (found, len(found))

    @covers(ChangeContact)
    async def test_only_what_is_given_changes_of_a_contact(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        before = await self.knows(desk, ada, "Grace", "030 123456")
        for given in (
            {"name": "Amazing Grace"},
            {"sounds_like": "Grehs"},
            {"speed_dial": "77"},
            {"speed_dial": "77"},
            {"sounds_like": ""},
        ):
            after = await desk.ask(ChangeContact(user=ada, contact=before.id, **given))
            assert after == before.model_copy(update=given)
            before = after
        assert await desk.ask(ChangeContact(user=ada, contact=before.id, name="\0")) == before
        assert await desk.ask(ChangeContact(user=ada, contact=before.id, name=None)) == before
        spaced = await desk.ask(ChangeContact(user=ada, contact=before.id, speed_dial=" 1 2 "))
        assert spaced.speed_dial == "12"

    @pytest.mark.parametrize("typed", ["", "0", "19", "a", "1234567", "*1"])
    @covers(ChangeContact)
    async def test_numbers_that_cannot_be_dialled(
        self, desk: DeskWorld, ada: UUID, typed: str
    ) -> None:
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        asked = ChangeContact(user=ada, contact=grace.id, name="X", speed_dial=typed)
        await desk.refuses(asked, BadInput("bad_speed_dial"))
        assert await desk.ask(GetContact(user=ada, contact=grace.id)) == grace

    @covers(ChangeContact, RemoveContact)
    async def test_a_number_is_one_persons(self, desk: DeskWorld, ada: UUID) -> None:
        """And by itself nobody else's ever after."""
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        alan = await self.knows(desk, ada, "Alan", "030 123457")
        taken = ChangeContact(user=ada, contact=alan.id, speed_dial="1")
        await desk.refuses(taken, BadInput("speed_dial_taken", name="Grace"))
        await desk.ask(ChangeContact(user=ada, contact=alan.id, speed_dial="3"))
        await desk.ask(RemoveContact(user=ada, contact=grace.id))
        hope = await self.knows(desk, ada, "Hope", "030 123458")
        assert hope.speed_dial == "4"
        assert (await desk.ask(taken)).speed_dial == "1"

    @covers(AddContactAddress, RemoveContactAddress)
    async def test_addresses_come_and_go(self, desk: DeskWorld, ada: UUID) -> None:
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        added = AddContactAddress(user=ada, contact=grace.id, address="xmpp:grace@x.example")
        both = await desk.ask(added)
        assert addresses(both) == [("phone", "+4930123456"), ("xmpp", "grace@x.example")]
        assert await desk.ask(added) == both
        first, second = (way.id for way in both.ways)
        left = await desk.ask(RemoveContactAddress(user=ada, contact=grace.id, way=first))
        assert left == both.model_copy(update={"ways": both.ways[1:]})
        gone = RemoveContactAddress(user=ada, contact=grace.id, way=first)
        await desk.refuses(gone, NO_WAY)
        last = await desk.ask(RemoveContactAddress(user=ada, contact=grace.id, way=second))
        assert last.ways == ()

    @covers(AddContactAddress)
    async def test_an_address_moves_over(self, desk: DeskWorld, ada: UUID) -> None:
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        alan = await self.knows(desk, ada, "Alan", "030 123457")
        moved = AddContactAddress(user=ada, contact=alan.id, address="030 123456")
        now = await desk.ask(moved)
        assert addresses(now) == [("phone", "+4930123456"), ("phone", "+4930123457")]
        await desk.refuses(GetContact(user=ada, contact=grace.id), NO_CONTACT)

    @covers(AddContactAddress)
    async def test_twenty_addresses_are_enough(self, desk: DeskWorld, ada: UUID) -> None:
        grace = await self.knows(desk, ada, "Grace", "xmpp:0@x.example")

        def another(number: int) -> AddContactAddress:
            address = f"xmpp:{number}@x.example"
            return AddContactAddress(user=ada, contact=grace.id, address=address)

        for number in range(1, 20):
            await desk.ask(another(number))
        await desk.refuses(another(20), NotAllowed("too_many_ways", limit="20"))
        await desk.ask(another(7))

    @covers(GetContact, ChangeContact, AddContactAddress, RemoveContactAddress, RemoveContact)
    async def test_people_who_are_not_ones_own(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        await desk.serves(ben)
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        bens = await self.knows(desk, ben, "Grace", "030 123456")
        [way] = grace.ways
        for contact in (grace.id, uuid4()):
            for asked in (
                GetContact(user=ben, contact=contact),
                ChangeContact(user=ben, contact=contact, name="X"),
                AddContactAddress(user=ben, contact=contact, address="030 123457"),
                RemoveContactAddress(user=ben, contact=contact, way=way.id),
                RemoveContact(user=ben, contact=contact),
                CallContact(user=ben, contact=contact),
            ):
                await desk.refuses(asked, NO_CONTACT)
        others = RemoveContactAddress(user=ben, contact=bens.id, way=way.id)
        await desk.refuses(others, NO_WAY)

    @covers(CallContact)
    async def test_somebody_is_called(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        await desk.serves(ada)
        grace = await self.knows(desk, ada, "Grace", "030 123456")
        [way] = grace.ways
        phone = await desk.ask(AddPhone(user=ada, label="", address="030 123457"))
        others = await desk.ask(AddPhone(user=ben, label="", address="030 123457"))
        await desk.verifies(ada, phone.id)
        call = CallContact(user=ada, contact=grace.id, way=way.id, phone=phone.id)
        assert await desk.ask(call) is None
        await desk.refuses(call.model_copy(update={"way": uuid4()}), NO_WAY)
        for strange in (uuid4(), others.id):
            wrong = call.model_copy(update={"phone": strange})
            await desk.refuses(wrong, UnknownTarget("no_such_phone"))
