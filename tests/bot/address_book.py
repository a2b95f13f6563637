"""Whom a member of the house in memory knows."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from bridge.api.contact_views import ContactAddressView, ContactView
from bridge.store.contacts import speed_dials
from bridge.store.contacts.contact_merge import _alike
from bridge.store.contacts.contacts import Address
from bridge.text import folded
from tests.bot.fake_home import found


@dataclass
class AddressBook:
    """Whom one member knows."""

    contacts: list[ContactView] = field(default_factory=list)
    turn: int = speed_dials.FIRST
    spent: set[int] = field(default_factory=set)
    """Numbers that somebody had."""

    def contact(
        self, name: str = "Ada Lovelace", *ways: ContactAddressView, **more: Any
    ) -> ContactView:
        """With the next speed-dial number, and a telephone number unless `ways` are given."""
        usual = {"id": uuid4(), "name": name, "ways": ways or (way(),)}
        if "speed_dial" not in more:
            usual["speed_dial"] = str(self._draw())
        contact = ContactView(**{**usual, **more})
        self.contacts.append(contact)
        return contact

    def _draw(self) -> int:
        used = self.spent | {int(each.speed_dial) for each in self.contacts}
        while self.turn in used:
            self.turn = speed_dials.after(self.turn)
        drawn, self.turn = self.turn, speed_dials.after(self.turn)
        return drawn

    def find(self, contact: UUID) -> ContactView:
        known: ContactView = found(self.contacts, contact, "no_such_contact")
        return known

    def holder(self, address: Address) -> ContactView | None:
        """Who has it."""
        return next((each for each in self.contacts if address in map(place, each.ways)), None)

    def meant(self, name: str, addresses: list[Address]) -> UUID | None:
        """Of a card, as bridge.store.contacts.contact_merge says."""
        holders = [each for each in map(self.holder, addresses) if each]
        alike = [
            each for each in holders if not name or by_address(each) or _alike(each.name, name)
        ]
        alike.sort(key=lambda each: folded(each.name) != folded(name))
        by_number = sorted(self.contacts, key=lambda each: int(each.speed_dial))
        called = [each for each in by_number if name and folded(each.name) == folded(name)]
        return next((each.id for each in (*alike, *called)), None)

    def change(self, contact: UUID, **changes: Any) -> ContactView:
        known = self.find(contact)
        changed = known.model_copy(update=changes)
        self.contacts[self.contacts.index(known)] = changed
        return changed

    def remove(self, contact: UUID) -> None:
        known = self.find(contact)
        self.spent.add(int(known.speed_dial))
        self.contacts.remove(known)


def way(address: str = "+4930123456", network: str = "phone", **more: Any) -> ContactAddressView:
    return ContactAddressView(
        **{"id": uuid4(), "address": address, "network": network, "open": True, **more}
    )


def by_address(contact: ContactView) -> bool:
    """It has no other name."""
    return contact.name in {way.address for way in contact.ways}


def place(way: ContactAddressView) -> Address:
    return way.network, way.address
