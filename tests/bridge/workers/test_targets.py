"""Every trick to reach an expensive number through a contact; and what may be called after all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.calls.ports.directory import OpenAddress
from bridge.errors import HouseError
from bridge.workers.accounts.targets import is_sip, target

COUNTRIES = frozenset({"DE"})


def dialled(network: str, address: str, by: str = "", country: str = "DE") -> str:
    return target(OpenAddress(network, address), by, country, COUNTRIES)


def refusal(network: str, address: str, by: str = "") -> str:
    with pytest.raises(HouseError) as why:
        dialled(network, address, by)
    assert type(why.value).__name__ in ("NotAllowed", "UnknownTarget")
    return why.value.code


@pytest.mark.parametrize(
    "address, expected",
    [
        ("sip:ada@example.org", "sip:ada@example.org"),
        ("SIP:Ada.L@Example.org:5070", "sip:Ada.L@example.org:5070"),
        ("ada@example.org", "sip:ada@example.org"),
        ("ada", "ada"),
        ("+4930123456", "+4930123456"),
        ("030 123456", "+4930123456"),
        ("sip:030123456@provider.example", "sip:+4930123456@provider.example"),
        ("sip:0049.30.123456@provider.example", "sip:+4930123456@provider.example"),
        ("sip:+49-30-123456@provider.example", "sip:+4930123456@provider.example"),
        ("sip:(030)123456@provider.example", "sip:+4930123456@provider.example"),
        ("sip:e1234567@provider.example", "sip:e1234567@provider.example"),
        ("sip:7ofnine@provider.example", "sip:7ofnine@provider.example"),
        ("sip:620@fritz.box", "sip:620@fritz.box"),
        ("sip:1001@pbx.example", "sip:1001@pbx.example"),
        ("23", "23"),
    ],
)
def test_what_may_be_called_by_sip(address: str, expected: str) -> None:
    assert dialled("sip", address, "sip") == expected


PREMIUM = [
    "0900 1234567",
    "09001234567",
    "0900-1234567",
    "(0900)1234567",
    "0900.123.45.67",
    "+499001234567",
    "+49-900-1234567",
    "00499001234567",
    "0049(900)1234567",
    "9001234567",
    "+49 (0) 900 1234567",
    "01371234567",
    "0180 5 123456",
    "0032 900 12345",
    "+44 909 8790000",
    "+882 16 21234567",
    "+881612345678",
    "+1 900 234 5678",
    "000499001234567",
]


@pytest.mark.parametrize("written", PREMIUM)
def test_no_expensive_number_by_whatever_way(written: str) -> None:
    bare = written.replace(" ", "")
    for network, address, by in (
        ("phone", written, ""),
        ("phone", bare, ""),
        ("sip", written, "sip"),
        ("sip", bare, "sip"),
        ("sip", f"sip:{bare}@provider.example", "sip"),
        ("sip", f"SIP:{bare}@provider.example:5060", "sip"),
        ("sip", f"{bare}@provider.example", "sip"),
        ("linphone", f"sip:{bare}@provider.example", "desktop"),
        ("other", f"sip:{bare}@provider.example", ""),
        ("teams", bare, "sip"),
    ):
        refusal(network, address, by)


@given(st.lists(st.text("-.()_~!'", max_size=3), min_size=11, max_size=11), st.text("a0.@;x"))
def test_nor_however_it_is_written(marks: list[str], more: str) -> None:
    digits = "".join(mark + digit for mark, digit in zip(marks, "09001234567", strict=True))
    for address in (f"sip:{digits}@x.example", digits, digits + more):
        refusal("sip", address, "sip")


@pytest.mark.parametrize("written", [one for one in PREMIUM if one[:1] in "+0"][:9])
def test_nor_by_a_program_or_a_gateway_that_dials_numbers(written: str) -> None:
    for network, address, by in (
        ("teams", written, "desktop"),
        ("teams", f"tel:{written}", "desktop"),
        ("teams", f"4:{written}", "desktop"),
        ("xmpp", f"{written}@gateway.example", "xmpp"),
        ("matrix", written, "matrix"),
    ):
        assert refusal(network, address, by) == "number_type_not_allowed"


@pytest.mark.parametrize(
    "address",
    [
        "sip:%30%39001234567@provider.example",
        "sip:0900%31234567@provider.example",
        "sip:09001234567;user=phone@provider.example",
        "sip:ada@provider.example;user=phone",
        "sip:ada@provider.example?Replaces=x",
        "sip:ada:secret@provider.example",
        "sip:09001234567",
        "sip:@provider.example",
        "sips:09001234567@provider.example",
        "sip:sip:09001234567@provider.example",
        "sip:ada@provider.example\r\nVia: x",
        "sip:ada@09001234567@provider.example",
        "<sip:09001234567@provider.example>",
        "sip:*21*09001234567@provider.example",
        "sip:**090012345@provider.example",
        "*21*09001234567#",
        "#31#09001234567",
        "09001234567,,1",
        "09001234567w1",
        "ada%4009001234567",
        "sip:09001234567x@provider.example",
        "sip:+499001234567x1@provider.example",
        "sip:+49900FLOWERS@provider.example 09001234567",
        "٠٩٠٠١٢٣٤٥٦٧",
        "sip:٠٩٠٠١٢٣٤٥٦٧@provider.example",
        "sip:０９００１２３４５６７@provider.example",
        "+",
        "",
        "()",
    ],
)
def test_tricks(address: str) -> None:
    refusal("sip", address, "sip")
    refusal("linphone", f"sip:{address.removeprefix('sip:')}", "desktop")
    refusal("phone", address)


@pytest.mark.parametrize(
    "number",
    ["110", "112", "+112", "0110", "+49110", "0049112", "911", "999", "9110", "0112", "11-0"],
)
def test_no_emergency_number(number: str) -> None:
    refusal("phone", number)
    for network, address, by in (
        ("sip", number, "sip"),
        ("sip", f"sip:{number}@pbx.example", "sip"),
        ("linphone", f"sip:{number}@pbx.example", "desktop"),
    ):
        assert refusal(network, address, by) == "emergency_number"
    if number not in ("0110", "0112", "9110"):  # where the first digit gets a line outside
        assert refusal("teams", number, "desktop") == "emergency_number"


@pytest.mark.parametrize("number", ["115", "116117", "11833", "118 33", "+4911833", "22833"])
def test_no_short_number(number: str) -> None:
    for network in ("phone", "sip"):
        assert refusal(network, number, "sip") in (
            "short_number",
            "invalid_number",
            "emergency_number",
        )


def test_short_numbers_of_every_country_that_may_be_called() -> None:
    assert dialled("sip", "sip:3646@pbx.example", "sip") == "sip:3646@pbx.example"
    with pytest.raises(HouseError, match="short_number"):
        target(OpenAddress("sip", "sip:3646@pbx.example"), "sip", "DE", {"DE", "FR"})


def test_what_was_looked_at_is_what_is_dialled() -> None:
    """0906 is a town in Germany, and expensive in the Netherlands."""
    assert dialled("sip", "sip:09061234567@nl.example", "sip") == "sip:+499061234567@nl.example"
    with pytest.raises(HouseError, match="number_type_not_allowed"):
        target(OpenAddress("sip", "sip:09061234567@nl.example"), "sip", "NL", {"NL", "DE"})


@pytest.mark.parametrize(
    "network, address, by",
    [
        ("xmpp", "ada@example.org", "xmpp"),
        ("teams", "Ada Lovelace", "desktop"),
        ("teams", "Room 112", "desktop"),
        ("teams", "7", "desktop"),
        ("whatsapp", "+1 202 555 0100", "desktop"),
        ("telegram", "112", "telegram"),
        ("telegram", "9001234567", "telegram"),
        ("matrix", "@0900:example.org", "matrix"),
    ],
)
def test_names_are_names(network: str, address: str, by: str) -> None:
    assert dialled(network, address, by) == address


def test_which_ways_speak_sip() -> None:
    assert is_sip(OpenAddress("sip", "ada")) and is_sip(OpenAddress("linphone", "SIP:ada@x"))
    assert is_sip(OpenAddress("x", "ada"), "sip") and not is_sip(OpenAddress("xmpp", "ada@x"))
