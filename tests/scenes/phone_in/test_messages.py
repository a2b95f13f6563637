"""Voicemail by phone."""

from datetime import timedelta

import pytest

from bridge.errors import BadInput
from tests.house import House
from tests.people import OwnPhone, until
from tests.scenes.phone_in.conftest import PhonesIn


async def at_the_messages(house: House, phones_in: PhonesIn) -> OwnPhone:
    desk = await phones_in()
    await desk.presses("3")
    return desk


async def hears(house: House, caller: str) -> None:
    """The message of `caller` itself."""

    def playing() -> bool:
        playbacks = house.mixer.playbacks
        last = playbacks[-1] if playbacks else None
        source = last.source if last and not last.left and last.playing else None
        return source is not None and source.where == f"message of {caller}"

    await until(playing, f"{caller}'s message is heard", within=15)


def heard(house: House) -> list[str]:
    return [one.caller_name for one in house.mailbox.kept if one.heard]


async def test_none(house: House, phones_in: PhonesIn) -> None:
    desk = await at_the_messages(house, phones_in)
    await desk.is_told("You have no messages.")
    await desk.is_told("Main menu", within=10)


async def test_new_ones_come_first_with_who_and_when(house: House, phones_in: PhonesIn) -> None:
    house.mailbox.holds("Ben", heard=True)
    house.mailbox.holds("Ada")
    house.clock.noon += timedelta(days=1)
    desk = await at_the_messages(house, phones_in)
    await desk.is_told("New message, 1 of 2, from Ada, yesterday at")
    await hears(house, "Ada")
    assert heard(house) == ["Ada", "Ben"]
    await desk.presses("6")
    await desk.is_told("Message 2 of 2, from Ben")
    await hears(house, "Ben")
    await desk.presses("6")
    await desk.is_told("There are no more messages")
    await desk.is_told("Main menu", within=10)


async def test_what_was_not_begun_is_still_new(house: House, phones_in: PhonesIn) -> None:
    house.mailbox.holds("Ada")
    desk = await at_the_messages(house, phones_in)
    await desk.is_told("New message")
    await desk.presses("*")
    await house.later(10)
    assert heard(house) == []


async def test_the_keys_are_told_after_the_message(house: House, phones_in: PhonesIn) -> None:
    house.mailbox.holds("Ada")
    house.mixer.shelf.lengths["message of Ada"] = 6.0
    desk = await at_the_messages(house, phones_in)
    await hears(house, "Ada")
    await house.later(6.5)
    await desk.is_told("To hear it again, press 1.")
    await desk.presses("1")
    await hears(house, "Ada")


async def test_the_one_before(house: House, phones_in: PhonesIn) -> None:
    house.mailbox.holds("Ben")
    house.mailbox.holds("Ada")
    desk = await at_the_messages(house, phones_in)
    await hears(house, "Ada")
    await desk.presses("4")
    await desk.is_told("This is the first message.")
    await hears(house, "Ada")
    await desk.presses("6")
    await hears(house, "Ben")
    await desk.presses("4")
    await hears(house, "Ada")


async def test_one_is_deleted(house: House, phones_in: PhonesIn) -> None:
    house.mailbox.holds("Ben")
    house.mailbox.holds("Ada")
    desk = await at_the_messages(house, phones_in)
    await hears(house, "Ada")
    await desk.presses("7")
    await desk.is_told("Deleted.")
    await hears(house, "Ben")
    assert [one.caller_name for one in house.mailbox.kept] == ["Ben"]
    await desk.presses("7")
    await desk.is_told("There are no more messages.", within=10)


async def test_it_is_deleted_though_he_hangs_up_at_once(house: House, phones_in: PhonesIn) -> None:
    house.mailbox.holds("Ada")
    desk = await at_the_messages(house, phones_in)
    await hears(house, "Ada")
    house.mailbox.delay = 0.3
    await desk.presses("7")
    await desk.hangs_up()
    await house.is_quiet()
    assert house.mailbox.kept == []


async def test_it_is_marked_as_heard_though_a_key_ends_it_at_once(
    house: House, phones_in: PhonesIn
) -> None:
    house.mailbox.holds("Ada")
    house.mailbox.delay = 0.3
    desk = await at_the_messages(house, phones_in)
    await hears(house, "Ada")
    await desk.presses("0")
    await until(lambda: heard(house) == ["Ada"], "it is marked as heard", within=1)


async def test_calling_back(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    house.mailbox.holds("Ada", "ada")
    ada = await house.online("Ada")
    desk = await at_the_messages(house, phones_in)
    await hears(house, "Ada")
    await desk.presses("8")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.hears(ada)
    await ada.hangs_up()
    await desk.is_told("Message 1 of 1, from Ada", within=10)


async def test_strangers_are_not_called_back(house: House, phones_in: PhonesIn) -> None:
    """No arbitrary number is dialled from inside a call."""
    house.mailbox.holds("", "+49900123456")
    desk = await at_the_messages(house, phones_in)
    await house.later(12)
    await desk.presses("8")
    await desk.is_told("is none of your people: add them in the chat")


@pytest.mark.parametrize(
    "language, said",
    [
        ("en", "The caller hid the number: there is nobody to call back."),
        ("de", "Die Nummer war unterdrückt, darum ist kein Rückruf möglich."),
    ],
)
@pytest.mark.parametrize("address", ["", "anonymous@anonymous.invalid"])
async def test_who_hid_the_number_is_not_called_back(
    house: House, phones_in: PhonesIn, language: str, said: str, address: str
) -> None:
    house.mailbox.holds("", address)
    desk = await phones_in()
    house.subscriber.change(language=language)
    await desk.presses("3")
    await house.later(12)
    await desk.presses("8")
    await desk.is_told(said)


async def test_one_that_cannot_be_played_is_told_and_stays_new(
    house: House, phones_in: PhonesIn
) -> None:
    house.mailbox.holds("Ada")
    house.mixer.shelf.faults["message of Ada"] = BadInput("bad_audio")
    desk = await at_the_messages(house, phones_in)
    await desk.is_told("This message cannot be played.", within=15)
    assert heard(house) == []
