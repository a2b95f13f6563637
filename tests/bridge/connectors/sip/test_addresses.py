"""SIP addresses as they stand in headers, and as nobody should write them."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.connectors.sip import addresses
from bridge.terms import Party


@pytest.mark.parametrize(
    ("header", "address", "name"),
    [
        ("sip:+4930123@host;tag=1", "+4930123", ""),
        ("<sip:+49(30)12-3@host>", "+49(30)12-3", ""),
        ("<tel:+49-30-123;phone-context=x>", "+49-30-123", ""),
        ("Erika  <sips:e@host:5061;transport=tls>;tag=1", "sip:e@host:5061", "Erika"),
        ('"Unknown" <sip:unknown@host>', "", ""),
        ('"Doctor" <sip:restricted@host>', "", "Doctor"),
        ("<sip:host>", "", ""),
        ("<mailto:e@host>", "", ""),
        ('"never closed <sip:e@host>', "", ""),
        ("", "", ""),
    ],
)
def test_a_header_names_a_party(header: str, address: str, name: str) -> None:
    assert addresses.party(header) == Party(address, name, "sip")


@pytest.mark.parametrize("one", ["\x0b", " ", "\t", '"', "\\", "<", "a", '"\\'])
def test_four_kilobytes_of_anything_cost_no_time(one: str) -> None:
    began = time.process_time()
    addresses.party(one * 4000)
    addresses.party(f'"{one * 4000}')
    assert time.process_time() - began < 0.2


@example("\ud800", "")
@example("x", "")
@example("x", "x")
@given(st.text(alphabet=st.characters(), max_size=80), st.text(max_size=40))
def test_no_name_becomes_a_header_and_all_come_back(name: str, user: str) -> None:
    address = addresses.uri(user, "host")  # a name that only repeats the user in it is none
    written = addresses.name_addr(name, address)
    assert "\r" not in written
    assert "\n" not in written
    shown = addresses.party(written).name
    shown.encode()
    assert addresses.party(addresses.name_addr(shown, address)).name == shown


@pytest.mark.parametrize(
    ("said", "number"),
    [("+49 (30) 12-3", "+4930123"), ("*21#", "*21#"), ("sip:ada@10.0.0.42", ""), ("", "")],
)
def test_only_a_number_has_a_number(said: str, number: str) -> None:
    assert addresses.number_of(said) == number
