"""Contacts and their addresses as the chat writes them, as plain text."""

from bot.sanitise import tidy
from bot.wording.texts import Words
from bridge.api.contact_views import ContactAddressView, ContactView

PHONE = "phone"
"""The network of telephone numbers."""
_INITIALS = {"sip", "xmpp"}


def label(words: Words, contact: ContactView) -> str:
    """ "7 · Ada Lovelace, online": by that number the phone knows her."""
    shown = f"{contact.speed_dial} · {tidy(contact.name)}"
    return f"{shown}, {words.label('online')}" if is_online(contact) else shown


def is_online(contact: ContactView) -> bool:
    return any(way.open and way.online for way in contact.ways)


def way(words: Words, each: ContactAddressView) -> str:
    """ "ada@example.org (XMPP, online)"."""
    told = [network(words, each.network), presence(words, each)]
    return f"{words.address(each.address)} ({', '.join(part for part in told if part)})"


def presence(words: Words, each: ContactAddressView) -> str:
    """Nothing where the network does not tell."""
    if not each.open:
        return words.label("not available now")
    if each.online is None:
        return ""
    return words.label("online") if each.online else words.label("not online")


def network(words: Words, name: str) -> str:
    """A network as people write it: "telephone", "XMPP", "Matrix"."""
    if name == PHONE:
        return words.label("telephone")
    return name.upper() if name in _INITIALS else name.capitalize()
