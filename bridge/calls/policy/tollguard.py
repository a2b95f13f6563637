"""What may be dialled: no country, number type or short number that could cost a fortune.

phonenumbers is no fraud filter: some dear numbers look like ordinary mobiles. So a number must be
of an allowed country and of an ordinary type; everything else is refused.
"""

import ipaddress
import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberType,
    ValidationResult,
    shortnumberinfo,
)

from bridge.errors import BadInput, NotAllowed

_ORDINARY = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}
_LONGEST_EMERGENCY = 6  # none in the world is longer
_PORTS = range(1, 65536)
_SIP = re.compile(
    r"(?:sip:)?(?P<user>[A-Za-z0-9_.!~*'()+-]{1,64})@(?P<host>[A-Za-z0-9.-]{1,253})(?::(?P<port>\d{1,5}))?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def normalise(text: str, country: str) -> str:
    """The address of a phone as it was typed: E.164, or sip:someone@host[:port].

    `country` is the region in which a number without country code is meant. Raises
    BadInput("invalid_number" | "bad_sip_address"), NotAllowed("emergency_number" |
    "short_number").
    """
    typed = text.strip()
    if "@" in typed or typed.lower().startswith(("sip:", "sips:")):
        return _sip_address(typed)
    _refuse_emergency(re.sub(r"\D", "", typed))
    try:
        number = phonenumbers.parse(typed, country)
    except NumberParseException:
        raise BadInput("invalid_number") from None
    _refuse_short(number)
    complete = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if number.extension or not complete:
        raise BadInput("invalid_number")  # an extension could not be dialled
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check(address: str, countries: Collection[str]) -> None:
    """Whether a phone's address may be dialled, before every INVITE. `countries` are ISO regions.

    Raises NotAllowed("emergency_number" | "short_number" | "invalid_number" |
    "country_not_allowed" | "number_type_not_allowed"), BadInput("bad_sip_address").
    """
    if address.startswith("sip:"):
        user = _sip_address(address).removeprefix("sip:").partition("@")[0]
        _refuse_emergency(user)
        if re.fullmatch(r"(\+|00)\d{5,}", user):  # a gateway may dial it
            check("+" + user.removeprefix("+").removeprefix("00"), countries)
        return
    try:
        number = phonenumbers.parse(address)
    except NumberParseException:
        raise NotAllowed("invalid_number") from None
    _refuse_short(number)
    if not phonenumbers.is_valid_number(number):
        raise NotAllowed("invalid_number")
    region = phonenumbers.region_code_for_number(number) or ""
    if region not in countries:
        raise NotAllowed("country_not_allowed", country=region)
    kind = phonenumbers.number_type(number)
    if kind not in _ORDINARY:
        raise NotAllowed("number_type_not_allowed", type=_name_of(kind))


def _refuse_emergency(digits: str) -> None:
    """Digits as they were typed. A traveller's emergency number is one at home, too."""
    if len(digits) <= _LONGEST_EMERGENCY and any(
        shortnumberinfo.is_emergency_number(digits, region)
        for region in shortnumberinfo.SUPPORTED_SHORT_REGIONS
    ):
        raise NotAllowed("emergency_number")


def _refuse_short(number: PhoneNumber) -> None:
    """A short number of the number's own country, also behind the country code, as in +49110."""
    if phonenumbers.is_valid_number(number):
        return
    digits = phonenumbers.national_significant_number(number)
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    if any(shortnumberinfo.is_emergency_number(digits, region) for region in regions):
        raise NotAllowed("emergency_number")
    if shortnumberinfo.is_valid_short_number(number):
        raise NotAllowed("short_number")


def _sip_address(typed: str) -> str:
    found = _SIP.fullmatch(typed)
    if found is None or not _is_host(found["host"]) or int(found["port"] or 5060) not in _PORTS:
        raise BadInput("bad_sip_address")
    port = f":{int(found['port'])}" if found["port"] else ""
    return f"sip:{found['user']}@{found['host'].lower()}{port}"


def _is_host(host: str) -> bool:
    """A host name (RFC 1123) or an IPv4 address."""
    if re.fullmatch(r"[\d.]+", host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            return False
        return True
    return all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))


def _name_of(kind: int) -> str:
    return str(PhoneNumberType.to_string(kind)).lower()
