"""The part of the house in memory that knows people and how they are called."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from bridge.api.commands.contacts import (
    AddContact,
    AddContactAddress,
    CallContact,
    ChangeContact,
    GetContact,
    ImportContacts,
    ListContacts,
    RemoveContact,
    RemoveContactAddress,
)
from bridge.api.contact_views import ContactAddressView, ContactsPage, ContactView, ImportedContacts
from bridge.errors import BadInput, NotAllowed, UnknownTarget

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class AddressBook:
    """Whom one member knows."""

    contacts: list[ContactView] = field(default_factory=list)

    def contact(
        self, name: str = "Ada Lovelace", *ways: ContactAddressView, **more: Any
    ) -> ContactView:
        """With the next speed-dial number, and a telephone number unless `ways` are given."""
        usual = {
            "id": uuid4(),
            "name": name,
            "speed_dial": str(len(self.contacts) + 1),
            "ways": ways or (way(),),
        }
        contact = ContactView(**{**usual, **more})
        self.contacts.append(contact)
        return contact

    def find(self, contact: UUID) -> ContactView:
        for each in self.contacts:
            if each.id == contact:
                return each
        raise UnknownTarget("no_such_contact")

    def change(self, contact: UUID, **changes: Any) -> ContactView:
        known = self.find(contact)
        changed = known.model_copy(update=changes)
        self.contacts[self.contacts.index(known)] = changed
        return changed


def way(address: str = "+4930123456", network: str = "phone", **more: Any) -> ContactAddressView:
    return ContactAddressView(
        **{"id": uuid4(), "address": address, "network": network, "open": True, **more}
    )


class FakeContacts:
    """Mixed into the fake desk."""

    def __init__(self) -> None:
        self.books: dict[UUID, AddressBook] = {}

    def book(self, user: UUID) -> AddressBook:
        return self.books.setdefault(user, AddressBook())

    def _ListContacts(self, q: ListContacts) -> ContactsPage:
        found = [each for each in self.book(q.user).contacts if _matches(each, q.search)]
        if q.recent:
            found.sort(key=lambda each: each.talked or NEVER, reverse=True)
        shown = tuple(found[q.offset :][: q.limit])
        return ContactsPage(contacts=shown, total=len(found))

    def _GetContact(self, q: GetContact) -> ContactView:
        return self.book(q.user).find(q.contact)

    def _AddContact(self, q: AddContact) -> ContactView:
        return self.book(q.user).contact(q.name, _understood(q.address))

    def _ChangeContact(self, q: ChangeContact) -> ContactView:
        book = self.book(q.user)
        if q.speed_dial is not None:
            if not q.speed_dial or set(q.speed_dial) - set("12345678"):
                raise BadInput("bad_speed_dial")
            for each in book.contacts:
                if each.speed_dial == q.speed_dial and each.id != q.contact:
                    raise BadInput("speed_dial_taken", name=each.name)
        given = {name: getattr(q, name) for name in q.model_fields_set - {"user", "contact"}}
        return book.change(q.contact, **given)

    def _AddContactAddress(self, q: AddContactAddress) -> ContactView:
        book, new = self.book(q.user), _understood(q.address)
        for each in list(book.contacts):
            left = tuple(kept for kept in each.ways if kept.address != new.address)
            book.change(each.id, ways=left)
            if each.ways and not left and each.id != q.contact:
                book.contacts.remove(book.find(each.id))
        return book.change(q.contact, ways=(*book.find(q.contact).ways, new))

    def _RemoveContactAddress(self, q: RemoveContactAddress) -> ContactView:
        ways = self.book(q.user).find(q.contact).ways
        left = tuple(each for each in ways if each.id != q.way)
        if left == ways:
            raise UnknownTarget("no_such_way")
        return self.book(q.user).change(q.contact, ways=left)

    def _RemoveContact(self, q: RemoveContact) -> None:
        book = self.book(q.user)
        book.contacts.remove(book.find(q.contact))

    def _ImportContacts(self, q: ImportContacts) -> ImportedContacts:
        """Whoever has a number; that is all this house understands of a vCard."""
        book, cards = (
            self.book(q.user),
            re.findall(r"(?s)BEGIN:VCARD(.+?)END:VCARD", q.vcards),
        )
        if not cards:
            raise BadInput("bad_vcard")
        added, skipped = 0, []
        for card in cards:
            name = re.findall(r"(?m)^FN.*?:(.*?)\r?$", card)[0]
            number = re.findall(r"(?m)^TEL.*?:(.*?)\r?$", card)
            if number and not self._ListContacts(ListContacts(user=q.user, search=name)).total:
                book.contact(name, way(number[0]))
                added += 1
            elif not number:
                skipped.append(name)
        return ImportedContacts(added=added, changed=0, skipped=tuple(skipped))

    def _CallContact(self, q: CallContact) -> None:
        if not any(each.open for each in self.book(q.user).find(q.contact).ways):
            raise NotAllowed("no_way")


def _matches(contact: ContactView, search: str) -> bool:
    wanted = search.casefold()
    numbers = [contact.speed_dial, *(each.address for each in contact.ways)]
    return wanted in contact.name.casefold() or (search != "" and search in numbers) or not search


def _understood(address: str) -> ContactAddressView:
    if address.startswith(("xmpp:", "sip:")):
        network, _, rest = address.partition(":")
        return way(rest, network, online=True)
    if not address.startswith(("+", "0")):
        raise BadInput("invalid_number")
    return way(address.replace(" ", ""))
