"""Whether a caller is on the user's block list.

Entries are telephone numbers in any spelling, sip: addresses, prefixes ending in * and
"anonymous", which stands for everybody who hides the number.
"""

import re

import phonenumbers

from bridge.calls.ports.subscriber import SubscriberProfile
from bridge.terms import Party

ANONYMOUS = "anonymous"
_HIDDEN = {"", "anonymous", "unknown", "restricted", "unavailable", "private"}
_WRITTEN_NUMBER = re.compile(r"\+?[\d\s().*#/-]+")


def is_blocked(rules: SubscriberProfile, caller: Party) -> bool:
    if is_anonymous(caller):
        return any(entry.strip().lower() == ANONYMOUS for entry in rules.blocked)
    addresses = {_plain(caller.address, rules.country), _number(caller.address, rules.country)}
    return any(
        _matches(entry, address, rules.country) for entry in rules.blocked for address in addresses
    )


def is_anonymous(caller: Party) -> bool:
    """Hidden by the caller: RFC 3323 (anonymous@anonymous.invalid) and what providers make of
    it.
    """
    user, _, host = _without_scheme(caller.address).lower().partition("@")
    return user.strip() in _HIDDEN or host.endswith("anonymous.invalid")


def same_address(one: str, other: str, country: str) -> bool:
    """Whether both are the same number or address, however each is written."""
    return bool(
        {_plain(one, country), _number(one, country)}
        & {
            _plain(other, country),
            _number(other, country),
        }
    )


def _matches(entry: str, address: str, country: str) -> bool:
    entry = entry.strip()
    if entry.endswith("*"):
        prefix = _prefix(entry[:-1], country)
        return bool(prefix) and address.startswith(prefix)
    return bool(entry) and _plain(entry, country) == address


def _number(address: str, country: str) -> str:
    """The number in sip:+4930123456@provider; the address itself when there is none."""
    user = _without_scheme(address).partition("@")[0]
    return _plain(user if _WRITTEN_NUMBER.fullmatch(user) else address, country)


def _plain(address: str, country: str) -> str:
    """E.164 when it is a telephone number, else the address in small letters without scheme."""
    bare = _without_scheme(address)
    if _WRITTEN_NUMBER.fullmatch(bare):
        try:
            number = phonenumbers.parse(bare, country)
        except phonenumbers.NumberParseException:
            return re.sub(r"[^\d+]", "", bare)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return bare.lower()


def _prefix(text: str, country: str) -> str:
    """The beginning of a number as E.164 would begin; of anything else, of its address."""
    bare = _without_scheme(text.strip())
    if not _WRITTEN_NUMBER.fullmatch(bare):
        return bare.lower()
    number = re.sub(r"[^\d+]", "", bare)
    if number.startswith("00"):
        return f"+{number[2:]}"
    code = phonenumbers.country_code_for_region(country)
    if number.startswith("0") and code:
        return f"+{code}{number[1:]}"
    return number


def _without_scheme(address: str) -> str:
    return re.sub(r"^(sips?|tel):", "", address.strip(), flags=re.IGNORECASE)
