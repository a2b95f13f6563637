"""What is dialled to call a contact: never a number that was not looked at as it is dialled.

Contacts come from rosters, from address books and from what people type, and a SIP provider dials
whatever number stands before the @. So a number is made E.164 in the country of the house, checked,
and dialled as E.164: a provider abroad cannot take it for another one.
"""

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import shortnumberinfo

from bridge.calls.policy import tollguard
from bridge.calls.ports.directory import OpenAddress
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.terms import PHONE, SIP

LONGEST_EXTENSION = 4
"""Digits of a number within somebody's own telephone system."""

_SCHEME = re.compile(r"[a-z0-9+.-]*:", re.IGNORECASE)
_WRITTEN = re.compile(r"[\s()+*#_.!~'/-]*(?:[0-9][\s()+*#_.!~'/-]*)+")
_USER = re.compile(r"[A-Za-z0-9_.~-]{1,64}")
_EVERYWHERE = frozenset(phonenumbers.SUPPORTED_REGIONS)


def is_sip(way: OpenAddress, by: str = "") -> bool:
    """Whether SIP is spoken on it; `by` is the network of the account that dials."""
    return SIP in (way.network, by) or way.address.lower().startswith(("sip:", "sips:"))


def target(way: OpenAddress, by: str, country: str, countries: Collection[str]) -> str:
    """What the trunk, or an account of the network `by`, has to dial. `country` is the house's,
    `countries` are those that may be called.

    Raises NotAllowed (a rule of the tollguard), UnknownTarget.
    """
    try:
        if way.network == PHONE:
            number = _number(way.address, country, countries)
            if number != way.address:  # it was not kept by us
                raise NotAllowed("invalid_number")
            return number
        if is_sip(way, by):
            return _sip(way.address, country, countries)
        user = _SCHEME.sub("", way.address.partition("@")[0], count=1)
        # many networks number their people; but some programs dial numbers, too, and some gateways
        if user[:1] in ("+", "0") or (by == "desktop" and _WRITTEN.fullmatch(user)):
            _refuse_dear(user, country)
    except BadInput as why:
        raise UnknownTarget(why.code) from None
    return way.address


def _sip(address: str, country: str, countries: Collection[str]) -> str:
    if "@" not in address and not address.lower().startswith(("sip:", "sips:")):
        if _WRITTEN.fullmatch(address):
            return _of_provider(address, country, countries)
        if not _USER.fullmatch(address):
            raise BadInput("bad_sip_address")
        _refuse_beginning(address, country)
        return address
    known = tollguard.normalise(address, country)
    tollguard.check(known, countries)
    user, _, host = known.removeprefix("sip:").partition("@")
    if _WRITTEN.fullmatch(user):
        return f"sip:{_of_provider(user, country, countries)}@{host}"
    _refuse_beginning(user, country)
    return known


def _refuse_beginning(user: str, country: str) -> None:
    """A dial plan may go by how a name begins, and a dialler stop at the first letter."""
    if begins := _WRITTEN.match(user):
        _refuse_dear(begins.group(), country)


def _of_provider(written: str, country: str, countries: Collection[str]) -> str:
    """E.164; or an extension as it is, which nobody outside of a house has."""
    try:
        return _number(written, country, countries)
    except (BadInput, NotAllowed) as why:
        digits = re.sub(r"[^0-9]", "", written)
        is_extension = len(digits) <= LONGEST_EXTENSION and not set(written) & set("+*#")
        if why.code != "invalid_number" or not is_extension:
            raise
    for region in {country, *countries}:
        _refuse_special(digits, region)
        # the first digit may be what gets a line outside
        if shortnumberinfo.is_emergency_number(digits[1:], region):
            raise NotAllowed("emergency_number")
    return digits


def _number(written: str, country: str, countries: Collection[str]) -> str:
    plain = re.sub(r"[^0-9+*#]", "", written)
    if set(plain) & set("*#"):
        raise NotAllowed("invalid_number")  # *21*, for one, forwards all calls to what follows
    number = tollguard.normalise(plain, country)
    tollguard.check(number, countries)
    return number


def _refuse_special(digits: str, region: str) -> None:
    """Emergency and short numbers."""
    try:
        tollguard.normalise(digits, region)
    except BadInput:
        return


def _refuse_dear(user: str, country: str) -> None:
    """What may be dialled as a number, though it should be somebody's name: none that costs more
    than an ordinary one.
    """
    digits = re.sub(r"[^0-9]", "", user)
    plus = "+" if "+" in user.partition(digits[:1])[0] else ""
    try:
        tollguard.check(tollguard.normalise(plus + digits, country), _EVERYWHERE)
    except BadInput:
        return
    except NotAllowed as why:
        if why.code != "invalid_number":
            raise
