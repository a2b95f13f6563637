"""The part of the house in memory that knows people and how they are called."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bridge.api.command import UserCommand
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
from bridge.desk.imports import vcards
from bridge.errors import BadInput, HouseError, NotAllowed
from bridge.store.contacts import speed_dials
from bridge.store.contacts.address_reader import understood
from bridge.store.contacts.contact_search import rank
from bridge.store.contacts.contacts import MOST, MOST_WAYS, Address
from bridge.text import clean_text
from tests.bot.address_book import AddressBook, by_address, place, way
from tests.bot.fake_home import FakeRoom, found

NEVER = datetime.min.replace(tzinfo=UTC)


class FakeContacts(FakeRoom):
    def __init__(self) -> None:
        super().__init__()
        self.books: dict[UUID, AddressBook] = {}

    def book(self, user: UUID) -> AddressBook:
        return self.books.setdefault(user, AddressBook())

    def _ListContacts(self, q: ListContacts) -> ContactsPage:
        matching = _matching(self.book(q.user).contacts, q.search)
        if q.recent and not q.search.strip():
            matching.sort(key=lambda each: each.talked or NEVER, reverse=True)
        shown = tuple(matching[q.offset :][: q.limit])
        return ContactsPage(contacts=shown, total=len(matching))

    def _GetContact(self, q: GetContact) -> ContactView:
        return self.book(q.user).find(q.contact)

    def _AddContact(self, q: AddContact) -> ContactView:
        book, (network, address) = self.book(q.user), self._understood(q, q.address)
        known, name = book.holder((network, address)), clean_text(q.name)
        if known is not None:
            return book.change(known.id, name=name or known.name)
        if len(book.contacts) >= MOST:
            raise NotAllowed("too_many_contacts", limit=str(MOST))
        return book.contact(name or address, _open(network, address))

    def _ChangeContact(self, q: ChangeContact) -> ContactView:
        book = self.book(q.user)
        known, changes = book.find(q.contact), {"name": clean_text(q.name or "")}
        changes["name"] = changes["name"] or known.name
        if q.speed_dial is not None:
            number = speed_dials.read(q.speed_dial)
            for each in book.contacts:
                if each.speed_dial == str(number) and each.id != q.contact:
                    raise BadInput("speed_dial_taken", name=each.name)
            book.spent.add(int(known.speed_dial))
            changes["speed_dial"] = str(number)
        if q.sounds_like is not None:
            changes["sounds_like"] = clean_text(q.sounds_like)
        return book.change(q.contact, **changes)

    def _AddContactAddress(self, q: AddContactAddress) -> ContactView:
        book = self.book(q.user)
        known = book.find(q.contact)
        new = self._understood(q, q.address)
        before = book.holder(new)
        if before is not None and before.id == q.contact:
            return known
        if len(known.ways) >= MOST_WAYS:
            raise NotAllowed("too_many_ways", limit=str(MOST_WAYS))
        if before is not None:
            left = tuple(kept for kept in before.ways if place(kept) != new)
            book.change(before.id, ways=left)
            if not left:
                book.remove(before.id)
        return book.change(q.contact, ways=tuple(sorted((*known.ways, _open(*new)), key=place)))

    def _RemoveContactAddress(self, q: RemoveContactAddress) -> ContactView:
        ways = self.book(q.user).find(q.contact).ways
        gone = found(list(ways), q.way, "no_such_way")
        return self.book(q.user).change(q.contact, ways=tuple(w for w in ways if w != gone))

    def _RemoveContact(self, q: RemoveContact) -> None:
        self.book(q.user).remove(q.contact)

    def _ImportContacts(self, q: ImportContacts) -> ImportedContacts:
        """Who has an address and may be called so, or is called the same, is the same person."""
        book = self.book(q.user)
        holders = {place(way): each.id for each in book.contacts for way in each.ways}
        new, changed, skipped, sharing, left_out = set(), set(), [], [], []
        for card in vcards.read(q.vcards):
            name, (addresses, refused) = clean_text(card.shown), self._on(q, card)
            if not addresses:
                skipped.append(name or clean_text(", ".join(refused)))
                continue
            skipped += [clean_text(f"{name} ({typed})") for typed in refused]
            fresh = [each for each in addresses if each not in holders]
            contact = book.meant(name, addresses)
            if contact is None and not fresh:
                sharing.append(name)
            elif contact is None and len(book.contacts) >= MOST:
                left_out.append(name or addresses[0][1])
            elif contact is None:
                known_as = name or clean_text(addresses[0][1])
                contact = book.contact(known_as, *(_open(*each) for each in fresh)).id
                new.add(contact)
            else:
                known = book.find(contact)
                ways = (*known.ways, *(_open(*each) for each in fresh))[:MOST_WAYS]
                called = name if name and by_address(known) else known.name
                if (called, ways) != (known.name, known.ways):
                    book.change(contact, name=called, ways=tuple(sorted(ways, key=place)))
                    changed.add(contact)
            if contact is not None:
                holders |= dict.fromkeys(fresh, contact)
        if left_out and not (new or changed):
            raise NotAllowed("too_many_contacts", limit=str(MOST))
        return ImportedContacts(
            added=len(new),
            changed=len(changed - new),
            skipped=tuple(skipped),
            sharing=tuple(sharing),
            left_out=tuple(left_out),
        )

    def _CallContact(self, q: CallContact) -> None:
        known, phones = self.book(q.user).find(q.contact), self.home_of(q).phones
        ways = (
            list(known.ways) if q.way is None else [found(list(known.ways), q.way, "no_such_way")]
        )
        only = None if q.phone is None else found(phones, q.phone, "no_such_phone")
        if not any(each.open for each in ways):
            raise NotAllowed("no_way", name=known.name)
        if only is not None and not only.verified:
            raise NotAllowed("not_verified")
        if only is None:
            self.rings(q)

    def _understood(self, q: UserCommand[Any], typed: str) -> Address:
        return understood(typed, self._networks(q), self.dialable)

    def _on(self, q: ImportContacts, card: vcards.VCard) -> tuple[list[Address], list[str]]:
        """What can be called of a card, and what cannot."""
        known = {"phone", "sip", "xmpp", *self._networks(q)}
        addresses, refused = [], []
        for typed in card.addresses[:MOST_WAYS]:
            try:
                address = understood(typed, known, self.dialable)
            except HouseError:
                refused.append(typed)
            else:
                addresses += [address] if address[0] in known else []
        return addresses, refused

    def _networks(self, q: UserCommand[Any]) -> set[str]:
        signed_in = {account.network for account in self.home_of(q).accounts}
        reached = {way.network for each in self.book(q.user).contacts for way in each.ways}
        return (signed_in | reached) - {"desktop"}


def _matching(contacts: list[ContactView], search: str) -> list[ContactView]:
    """By speed-dial number, or the best first."""
    by_number = sorted(contacts, key=lambda each: int(each.speed_dial))
    if not search.strip():
        return by_number
    ranks = {
        each.id: rank(search, each.name, each.speed_dial, [way.address for way in each.ways])
        for each in by_number
    }
    matching = [each for each in by_number if ranks[each.id] is not None]
    return sorted(matching, key=lambda each: ranks[each.id] or 0)


def _open(network: str, address: str) -> ContactAddressView:
    return way(address, network, **({} if network == "phone" else {"online": True}))
