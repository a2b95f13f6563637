"""The people whom a user can call. Who is online only his worker knows."""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.command import UserCommand
from bridge.api.commands import contacts as commands
from bridge.api.contact_views import ContactsPage, ImportedContacts
from bridge.desk.command_registry import CommandRegistry, answers, passes_on, writes
from bridge.desk.imports import reading
from bridge.errors import HouseError, NetworkDown, NotAllowed
from bridge.store.contacts import contact_edits, contact_merge, contact_search, contacts
from bridge.store.contacts.address_reader import understood
from bridge.store.contacts.contact_merge import RosterEntry
from bridge.store.contacts.contacts import Address, Known
from bridge.store.people import accounts, phones
from bridge.terms import PHONE, SIP
from bridge.text import clean_text


@answers(commands.ListContacts)
async def list_contacts(desk: CommandRegistry, asked: commands.ListContacts) -> Any:
    live = await _live(desk, asked)
    if live is not None:
        return live
    found, total = await desk.store.read(contact_search.find, **dict(asked))
    return ContactsPage(contacts=found, total=total)


@answers(commands.GetContact)
async def get_contact(desk: CommandRegistry, asked: commands.GetContact) -> Any:
    return await _shown(desk, asked, await desk.store.read(contacts.get, **dict(asked)))


@answers(commands.AddContact)
async def add_contact(desk: CommandRegistry, asked: commands.AddContact) -> Any:
    address = await _understood(desk, asked.user, asked.address)
    known = await desk.store.run(contact_edits.add, asked.user, asked.name, *address)
    return await _shown(desk, asked, known)


@answers(commands.ChangeContact)
async def change_contact(desk: CommandRegistry, asked: commands.ChangeContact) -> Any:
    return await _shown(desk, asked, await desk.store.run(contact_edits.change, **dict(asked)))


@answers(commands.AddContactAddress)
async def add_way(desk: CommandRegistry, asked: commands.AddContactAddress) -> Any:
    await desk.store.read(contacts.row, asked.user, asked.contact)
    address = await _understood(desk, asked.user, asked.address)
    known = await desk.store.run(contact_edits.add_way, asked.user, asked.contact, *address)
    return await _shown(desk, asked, known)


@answers(commands.RemoveContactAddress)
async def remove_way(desk: CommandRegistry, asked: commands.RemoveContactAddress) -> Any:
    return await _shown(desk, asked, await desk.store.run(contact_edits.remove_way, **dict(asked)))


@answers(commands.ImportContacts)
async def import_contacts(
    desk: CommandRegistry, asked: commands.ImportContacts
) -> ImportedContacts:
    networks = await desk.store.read(_networks, asked.user)
    cards = await reading.vcards(asked.vcards)
    entries, skipped = await asyncio.to_thread(_entries, desk, cards, networks)
    outcome = await desk.store.run(contact_merge.merge, asked.user, entries)
    if outcome.left_out and not (outcome.added or outcome.changed):
        raise NotAllowed("too_many_contacts", limit=str(contacts.MOST))
    return ImportedContacts.of(outcome, skipped=skipped)


def _check(db: Session, user: UUID, contact: UUID, way: UUID | None, phone: UUID | None) -> None:
    contacts.row(db, user, contact)
    if way is not None:
        contacts.way(db, user, contact, way)
    if phone is not None:
        phones.get(db, user, phone)


async def _shown(desk: CommandRegistry, asked: UserCommand[Any], known: Known) -> Any:
    get = commands.GetContact(user=asked.user, contact=known.contact.id)
    return await _live(desk, get) or known


async def _live(desk: CommandRegistry, asked: UserCommand[Any]) -> Any:
    """As the user's worker answers; None while there is none."""
    if not desk.workers.view(asked.user).running:
        return None
    try:
        return await desk.workers.send(asked.user, asked)
    except NetworkDown:
        return None


async def _understood(desk: CommandRegistry, user: UUID, typed: str) -> Address:
    return understood(typed, await desk.store.read(_networks, user), desk.dialable)


def _networks(db: Session, user: UUID) -> set[str]:
    """Of the user's accounts. A program's network is known by the contacts that it told of."""
    signed_in = {row.network for row in accounts.of_user(db, user)}
    return (signed_in | contacts.networks(db, user)) - {"desktop"}


def _entries(
    desk: CommandRegistry, cards: Iterable[tuple[str, list[str]]], networks: Iterable[str]
) -> tuple[list[RosterEntry], list[str]]:
    """What can be called; and the names of what cannot."""
    known = {PHONE, SIP, "xmpp", *networks}
    entries, skipped = [], []
    for shown, addresses in cards:
        name, places, refused = clean_text(shown), [], []
        for typed in addresses[: contacts.MOST_WAYS]:
            try:
                network, address = understood(typed, known, desk.dialable)
            except HouseError:
                refused.append(typed)
                continue
            if network in known:
                places.append((network, address))
        if places:
            entries.append(RosterEntry(name, tuple(places)))
            skipped += [clean_text(f"{name} ({typed})") for typed in refused]
        else:
            skipped.append(name or clean_text(", ".join(refused)))
    return entries, [name for name in skipped if name]


writes(commands.RemoveContact, contact_edits.remove)
passes_on(commands.CallContact, having=_check)
