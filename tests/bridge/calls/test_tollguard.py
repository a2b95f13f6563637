"""Nothing that costs a fortune is dialled."""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from bridge.calls.policy import tollguard
from bridge.errors import BadInput, HouseError, NotAllowed

AT_HOME = frozenset({"DE"})


def refusal(address: str, countries: frozenset[str] = AT_HOME) -> tuple[str, dict[str, str]]:
    with pytest.raises(HouseError) as refused:
        tollguard.check(tollguard.normalise(address, "DE"), countries)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("030 123456", "+4930123456"),
        ("(030) 12 34-56", "+4930123456"),
        ("0049 30 123456", "+4930123456"),
        ("+49 151 23456789", "+4915123456789"),
        ("＋４９３０１２３４５６", "+4930123456"),  # as some keyboards type it
        ("  tel:+49-30-123456 ", "+4930123456"),
        ("sip:Ada@FritzBox.local", "sip:Ada@fritzbox.local"),
        ("ada@192.168.178.1:5062", "sip:ada@192.168.178.1:5062"),
        ("sip:+4930123@pbx.example.org.", "sip:+4930123@pbx.example.org."),
    ],
)
def test_addresses_as_people_type_them(typed: str, address: str) -> None:
    assert tollguard.normalise(typed, "DE") == address
    tollguard.check(address, AT_HOME)


def test_a_number_without_country_code_is_meant_at_home() -> None:
    assert tollguard.normalise("01 5880 1234", "AT").startswith("+43")


@pytest.mark.parametrize("typed", ["", " ", "hello", "+", "12", "030 123456 ext. 5", "0" * 300])
def test_no_number(typed: str) -> None:
    with pytest.raises(BadInput, match="invalid_number"):
        tollguard.normalise(typed, "DE")


@pytest.mark.parametrize(
    "typed",
    [
        "sip:",
        "sip:ada",
        "ada@",
        "@host",
        "sip:ada@host;transport=tcp",
        "sip:ada@host?Subject=x",
        'sip:"ada"@host',
        "sip:ada@host\r\nTo: <sip:x@y>",
        "sip:ada@host:0",
        "sip:ada@host:70000",
        "sip:ada@-host",
        "sip:ada@300.1.2.3",
        "sip:ada@a..b",
        "sips:ada@host",
        "sip:ada:secret@host",
        f"sip:{'a' * 65}@host",
        f"sip:ada@{'a' * 64}",
    ],
)
def test_no_sip_address(typed: str) -> None:
    with pytest.raises(BadInput, match="bad_sip_address"):
        tollguard.normalise(typed, "DE")


@pytest.mark.parametrize("typed", ["110", "112", "911", "999", "1 1 2", "+49 110", "0049112"])
def test_emergency_numbers(typed: str) -> None:
    assert refusal(typed)[0] == "emergency_number"


@pytest.mark.parametrize("typed", ["11833", "115", "116117"])
def test_short_numbers(typed: str) -> None:
    assert refusal(typed)[0] in ("short_number", "emergency_number")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("0900 1 234567", "premium_rate"),
        ("01805 123456", "shared_cost"),
        ("0800 1234567", "toll_free"),
        ("0700 12345678", "personal_number"),
        ("+37190 000 000", "premium_rate"),
        ("+44 70 1234 5678", "personal_number"),
    ],
)
def test_dear_kinds_of_numbers(typed: str, kind: str) -> None:
    countries = frozenset({"DE", "LV", "GB"})
    assert refusal(typed, countries) == ("number_type_not_allowed", {"type": kind})


@pytest.mark.parametrize(
    ("typed", "region"),
    [("+371 21 234567", "LV"), ("+1 876 555 1234", "JM"), ("+1 242 357 1234", "BS")],
)
def test_other_countries(typed: str, region: str) -> None:
    countries = frozenset({"DE", "US"})  # +1 is not one country
    assert refusal(typed, countries) == ("country_not_allowed", {"country": region})


@pytest.mark.parametrize(
    "typed", ["+883510000000000", "+8821 612345678", "+870 773 111 632", "+800 1234 5678"]
)
def test_satellites_and_numbers_of_no_country(typed: str) -> None:
    assert refusal(typed)[0] in ("country_not_allowed", "invalid_number")


@pytest.mark.parametrize("address", ["", "030123456", "tel:5", "hello", "+49", "+4930"])
def test_what_is_in_the_store_is_checked_again(address: str) -> None:
    with pytest.raises(HouseError):
        tollguard.check(address, AT_HOME)


@given(some.text(max_size=60) | some.from_regex(r"\+?[0-9 ()/-]{1,24}", fullmatch=True))
@example("sip:\x00@a")
@example("\u0660\u0661\u0662")
def test_whatever_is_typed_only_ordinary_numbers_at_home_are_dialled(typed: str) -> None:
    try:
        address = tollguard.normalise(typed, "DE")
        tollguard.check(address, AT_HOME)
    except (BadInput, NotAllowed) as why:
        assert why.code
        return
    assert tollguard.normalise(address, "DE") == address
    assert address.isascii()
    assert address.isprintable()
    if not address.startswith("sip:"):
        number = phonenumbers.parse(address)
        assert number.country_code == 49
        assert phonenumbers.is_valid_number(number)
        assert len(phonenumbers.national_significant_number(number)) > 4
