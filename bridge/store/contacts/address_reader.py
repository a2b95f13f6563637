"""The reader of addresses as people type them, and as other programs write them."""

import re
from collections.abc import Callable, Collection
from urllib.parse import unquote

from bridge.errors import BadInput, UnknownTarget
from bridge.store.contacts import contacts
from bridge.store.contacts.contacts import Address
from bridge.terms import PHONE, SIP
from bridge.text import clean_text

_PREFIX = re.compile(r"(?P<network>[a-z][a-z_]{0,29}):(?P<address>.*)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\+?[\d\s().*#/-]+")
_NO_NETWORKS = {"http", "https", "mailto"}


def understood(typed: str, networks: Collection[str], dialable: Callable[[str], str]) -> Address:
    """What an address is on which network: as it was typed, or as other programs write it.
    `networks` are those of the user's accounts; `dialable` normalises what is dialled as a number
    or by SIP, and raises when it may not be.

    BadInput("invalid_number" | "bad_sip_address" | "too_long"), UnknownTarget("no_such_network").
    """
    text = clean_text(typed, len(typed))
    found = _PREFIX.fullmatch(text)
    if found is None:
        return _bare(text, networks, dialable)
    network = found["network"].lower()
    address = clean_text(unquote(found["address"]), len(text))
    if network in (PHONE, "tel"):
        return _dialled(address.partition(";")[0], dialable)
    if network in (SIP, "sips"):
        return _dialled(text, dialable)
    if network in _NO_NETWORKS:
        raise UnknownTarget("no_such_network", network=network)
    return _kept(network, address)


def _bare(text: str, networks: Collection[str], dialable: Callable[[str], str]) -> Address:
    """Without a network: a number, or an address of one of the user's own networks."""
    if _NUMBER.fullmatch(text):
        return _dialled(text, dialable)
    others = sorted(set(networks) - {PHONE, SIP})
    if "@" in text and (SIP in networks or not others):
        return _dialled(text, dialable)
    if not others:
        raise BadInput("invalid_number")
    return _kept(others[0], text)


def _dialled(text: str, dialable: Callable[[str], str]) -> Address:
    known = dialable(text)
    return (SIP if known.startswith("sip:") else PHONE), known


def _kept(network: str, address: str) -> Address:
    kept = address.lower() if network == "xmpp" else address  # RFC 7622: it is the same
    if not kept:
        raise BadInput("invalid_number")
    if not contacts.fits(network, kept):
        raise BadInput("too_long")
    return network, kept
