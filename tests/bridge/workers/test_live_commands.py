"""What a worker in a process of its own answers about contacts, and how it calls them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from bridge.api.commands.contacts import CallContact, GetContact, ListContacts
from bridge.api.contact_views import ContactsPage, ContactView
from bridge.errors import NotAllowed, UnknownTarget
from bridge.store.contacts import contact_edits
from bridge.store.contacts.contacts import Known
from bridge.store.people import phones
from tests.bridge.workers.conftest import Works, open_works
from tests.bridge.workers.studios import counting
from tests.peers.programs import until


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Works]:
    async with open_works(tmp_path, counting) as works:
        yield works


@pytest.fixture
async def ada(house: Works) -> UUID:
    """Her account is called "ada", her phone is verified."""
    user = await house.member("ada", 1)

    def verify(db: Session) -> None:
        [phone] = phones.of_user(db, user)
        phones.verified(db, user, phone.id, datetime.now(UTC))

    await house.store.run(verify)
    await house.placed(user)
    return user


async def knows(house: Works, user: UUID, network: str, address: str) -> Known:
    return await house.store.run(contact_edits.add, user, "Grace", network, address)


async def test_ways_are_open_while_the_account_is_ready(house: Works, ada: UUID) -> None:
    grace = await knows(house, ada, "sip", "sip:grace@x.example")
    await knows(house, ada, "xmpp", "linus@x")
    page = ContactsPage.model_validate(await house.pool.send(ada, ListContacts(user=ada)))
    assert page.total == 2
    assert [(way.account, way.open) for one in page.contacts for way in one.ways] == [
        ("ada", True),
        ("", False),
    ]
    asked = GetContact(user=ada, contact=grace.contact.id)
    assert ContactView.model_validate(await house.pool.send(ada, asked)) == page.contacts[0]


async def test_a_call_to_a_contact_rings_the_user_first(
    house: Works, ada: UUID, tmp_path: Path
) -> None:
    grace = await knows(house, ada, "sip", "sip:grace@x.example")
    wanted = CallContact(user=ada, contact=grace.contact.id, way=grace.ways[0].id)
    assert await house.pool.send(ada, wanted) is None
    await until((tmp_path / "rung").exists, "the phone to ring", 15)


async def test_what_cannot_be_called(house: Works, ada: UUID) -> None:
    linus = await knows(house, ada, "xmpp", "linus@x")
    ben = await house.member("ben", 2)
    his = await knows(house, ben, "sip", "sip:grace@x.example")
    for command, code in (
        (CallContact(user=ada, contact=linus.contact.id), "no_way"),
        (CallContact(user=ada, contact=linus.contact.id, way=linus.ways[0].id), "no_way"),
        (CallContact(user=ada, contact=his.contact.id), "no_such_contact"),
        (CallContact(user=ada, contact=linus.contact.id, way=his.ways[0].id), "no_such_way"),
        (GetContact(user=ada, contact=his.contact.id), "no_such_contact"),
        (GetContact(user=ada, contact=uuid4()), "no_such_contact"),
    ):
        with pytest.raises((NotAllowed, UnknownTarget), match=code):
            await house.pool.send(ada, command)
