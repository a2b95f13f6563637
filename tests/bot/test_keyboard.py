"""What buttons carry comes back as it was, or not at all."""

from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import SCREENS
from bot.keyboard import MOST_BYTES, Outdated, button, columns, mark, markup, pack, read, unpack
from bridge.terms import RingMode

CARRIED = st.one_of(
    st.uuids(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.sampled_from(RingMode),
    st.text(st.characters(codec="ascii", exclude_characters=":"), max_size=8),
)


@given(st.lists(CARRIED, max_size=2))
def test_there_and_back(arguments: list[object]) -> None:
    act, written = unpack(pack("phones.one", arguments))
    assert act == "phones.one"
    assert read([type(argument) for argument in arguments], written) == arguments


@given(st.lists(st.text(), max_size=3))
def test_nonsense_is_outdated_and_nothing_else(written: list[str]) -> None:
    try:
        read([UUID, int, RingMode], written)
    except Outdated:
        return
    assert len(written) == 3


def test_too_much_is_refused_where_the_button_is_made() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        pack("phones.one", ["x" * 60])
    with pytest.raises(ValueError, match="cannot carry"):
        pack("phones.one", ["a:b"])
    with pytest.raises(ValueError, match="cannot carry"):
        pack("phones.one", [1.5])


def test_every_press_fits_with_the_longest_it_can_carry() -> None:
    longest = {UUID: uuid4(), int: 99_999, bool: True, str: ""}
    for screen in SCREENS:
        for press in screen.presses.values():
            arguments = [
                max(kind, key=len) if issubclass(kind, StrEnum) else longest[kind]
                for kind in press.arguments.values()
            ]
            assert len(pack(press.name, arguments).encode()) <= MOST_BYTES


def test_screens_and_their_acts_have_names_of_their_own() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))
    for screen in SCREENS:
        assert all(press.name == f"{screen.name}.{act}" for act, press in screen.presses.items())
        assert not screen.about or "open" in screen.presses


def test_labels_are_never_empty_nor_endless() -> None:
    assert button(" \n", "a.b").text == "–"
    assert len(button("x" * 500, "a.b").text) == 40


def test_rows() -> None:
    buttons = [button(str(number), "a.b", number) for number in range(5)]
    assert [len(row) for row in columns(buttons, 2)] == [2, 2, 1]
    assert markup([[], []]) is None


def test_a_mark_is_short_and_fits_beside_a_whole_id() -> None:
    contact, way, phone = uuid4(), uuid4(), uuid4()
    assert len({mark(contact), mark(way), mark(phone)}) == 3
    assert len(pack("call.on", [contact, mark(way), mark(phone)])) <= MOST_BYTES
    assert read([UUID, str, str], unpack(pack("call.on", [contact, mark(way), ""]))[1]) == [
        contact,
        mark(way),
        "",
    ]
