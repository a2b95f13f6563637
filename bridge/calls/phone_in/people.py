"""The user's people: chosen by their number or their name, then called."""

from collections.abc import Sequence

from bridge.calls import spoken
from bridge.calls.ivr.menu import Menu, MenuEntry, numbered
from bridge.calls.outgoing.conversation import Conversation
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.phone_in.contact_addresses import told_apart
from bridge.calls.phone_in.made_call import MadeCall
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.calls.spoken import N_, Phrase
from bridge.scope import promptly

_TITLE = Phrase(N_("Your people."))
_NOBODY = N_("You have no people yet. Add them in the chat.")
_ALL_AWAY = N_("None of your people can be reached now: your accounts are not connected.")
_HELP = Phrase(
    N_(
        "Everybody has a number that stays the same: press it. "
        "Zero says it again, star goes back, hash goes on."
    )
)
_PERSON = N_("{name}, {network}: press {key}.")
_PERSON_ONLINE = N_("{name}, {network}, online: press {key}.")
_WHICH_WAY = N_("How do you want to call {name}?")
_WAY = N_("{network}: press {key}.")
_WAY_ONLINE = N_("{network}, online: press {key}.")
_AWAY = N_("{name} cannot be reached now: none of your accounts leads there.")


async def enter(guest: PhonedIn) -> None:
    """Hear who is there, choose somebody, talk; again and again."""
    while True:
        contacts = await promptly(guest.services.directory.contacts())
        if not contacts:
            return await guest.ivr.say(_NOBODY)
        if not any(contact.ways for contact in contacts):
            return await guest.ivr.say(_ALL_AWAY)
        chosen = await guest.ivr.choose(menu_of(guest, contacts))
        if chosen is None:
            return
        await call(guest, chosen)


def menu_of(
    guest: PhonedIn, contacts: Sequence[DirectoryEntry], title: Phrase = _TITLE
) -> Menu[DirectoryEntry]:
    """By their numbers; who cannot be reached is not read out."""
    return Menu(
        title,
        tuple(
            MenuEntry(
                contact.speed_dial,
                _introduced(guest, contact),
                contact,
                name_of(guest, contact),
                read_out=bool(contact.ways),
            )
            for contact in contacts
        ),
        _HELP,
        confirm=True,
    )


def name_of(guest: PhonedIn, contact: DirectoryEntry) -> str:
    """Fit to be read out."""
    return spoken.name(guest.rules.language, contact.spoken)


async def call(guest: PhonedIn, contact: DirectoryEntry) -> None:
    """By the way that the user chooses, where there are several."""
    if not contact.ways:
        return await guest.ivr.say(_AWAY, name=name_of(guest, contact))
    way = await _chosen_way(guest, contact)
    if way is None:
        return
    made = MadeCall(guest.services, contact, way)
    async with guest.serve(made):
        await Conversation(made, guest.listener, guest.label, contact, way).run()


async def _chosen_way(guest: PhonedIn, contact: DirectoryEntry) -> OpenAddress | None:
    if len(contact.ways) == 1:
        return contact.ways[0]
    title = Phrase(_WHICH_WAY, {"name": name_of(guest, contact)})
    named = told_apart(guest.rules.language, contact.ways, guest.rules.country)
    entries = []
    for place, (way, name) in enumerate(zip(contact.ways, named, strict=True), 1):
        facts = {"key": spoken.digits(numbered(place)), "network": name}
        sentence = _WAY_ONLINE if way.online else _WAY
        entries.append(MenuEntry(numbered(place), Phrase(sentence, facts), way))
    return await guest.ivr.choose(Menu(title, tuple(entries)))


def _introduced(guest: PhonedIn, contact: DirectoryEntry) -> Phrase:
    if not contact.ways:
        return Phrase("")
    facts = {"key": spoken.digits(contact.speed_dial), "name": name_of(guest, contact)}
    network = spoken.network(guest.rules.language, contact.ways[0].network)
    sentence = _PERSON_ONLINE if contact.online else _PERSON
    return Phrase(sentence, {**facts, "network": network})
