"""Listening, settings, and how things are, by phone."""

from datetime import UTC, datetime, time
from uuid import uuid4

from bridge.api.listening_views import Medium
from bridge.api.views import AccountView, QuietHoursView
from bridge.calls.ports.library import CallOutOrder, Offered
from bridge.terms import Health
from tests.house import House
from tests.people import OwnPhone, until
from tests.scenes.phone_in.conftest import PhonesIn


async def listens(house: House, phones_in: PhonesIn) -> OwnPhone:
    """To the podcast News, from the menu."""
    house.library.podcast("One", "Two")
    house.library.on_offer = [
        Offered(Medium.PODCAST, "News", house.library.order, 2),
        Offered(Medium.RADIO, "Radio One", CallOutOrder(station=uuid4())),
    ]
    desk = await phones_in()
    await desk.presses("4")
    await desk.is_told("What do you want to hear? News, 2 new: press 1. Radio One: press 2.")
    await desk.presses("1")
    await until(lambda: bool(house.mixer.playbacks), "the episode is heard")
    await until(lambda: house.mixer.playbacks[-1].playing, "the episode is heard")
    return desk


async def test_the_same_keys_as_in_a_call_out(house: House, phones_in: PhonesIn) -> None:
    desk = await listens(house, phones_in)
    await house.later(10)
    await desk.presses("1")
    assert not house.mixer.playbacks[-1].playing
    await desk.presses("5")
    await desk.is_told("One. You are at 10 seconds")
    assert house.library.notes


async def test_hash_leads_back_to_the_menu(house: House, phones_in: PhonesIn) -> None:
    desk = await listens(house, phones_in)
    await desk.presses("#")
    await desk.is_told("What do you want to hear?")
    await house.later(1)
    assert house.mixer.playbacks[-1].left
    await desk.presses("*")
    await desk.is_told("Main menu")


async def test_keys_after_the_hash_are_for_the_menu(house: House, phones_in: PhonesIn) -> None:
    desk = await listens(house, phones_in)
    await desk.presses("#*6")
    await desk.is_told("No new messages")


async def test_nobody_says_goodbye_who_goes_on(house: House, phones_in: PhonesIn) -> None:
    desk = await listens(house, phones_in)
    await desk.presses("0")
    await desk.is_told("Hash: back to the menu.")
    await desk.presses("33")
    await desk.is_told("That was all.")
    await desk.is_told("What do you want to hear?", within=10)
    assert not any("Goodbye" in text for text in desk.was_told())


async def test_nothing_to_hear(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.presses("4")
    await desk.is_told("You have no podcasts and no stations")


async def test_an_episode_that_is_not_here_yet(house: House, phones_in: PhonesIn) -> None:
    house.library.on_offer = [Offered(Medium.PODCAST, "News", CallOutOrder(podcast=uuid4()))]
    desk = await phones_in()
    await desk.presses("41")
    await desk.is_told("There is nothing to hear of News yet")


async def test_forwarding_is_switched_off_and_on(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.presses("5")
    await desk.is_told("Calls ring your phones. To stop that, press 1.")
    await desk.presses("1")
    await desk.is_told("Calls go to the voicemail. To let them ring, press 1.")
    await desk.hangs_up()
    ada = await house.friend("Ada").calls()
    await ada.gets_through()
    assert house.card.reason == "not_forwarding"
    assert house.phone("desk").times_rung == 1  # it phoned in, and nothing else


async def test_a_change_is_made_though_he_hangs_up_at_once(
    house: House, phones_in: PhonesIn
) -> None:
    desk = await phones_in()
    await desk.presses("5")
    await desk.is_told("Calls ring your phones")
    house.subscriber.delay = 0.3
    await desk.presses("1")
    await desk.hangs_up()
    await house.is_quiet()
    assert not house.subscriber.rules().preferences.forwarding


async def test_quiet_hours_are_suspended(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(quiet_hours=(QuietHoursView(start=time(0), end=time(23, 59)),))
    desk = await phones_in()
    await desk.presses("5")
    await desk.is_told("Your quiet hours are kept. To suspend them, press 2.")
    await desk.presses("2")
    await desk.is_told("Your quiet hours are suspended")
    await desk.hangs_up()
    await house.friend("Ada").calls()
    await desk.is_ringing()


async def test_nothing_is_said_of_quiet_hours_that_there_are_not(
    house: House, phones_in: PhonesIn
) -> None:
    desk = await phones_in()
    await desk.presses("5")
    await desk.is_told("Settings.")
    assert "quiet" not in desk.was_told()[-1]


async def test_which_phones_ring(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.presses("53")
    await desk.is_told("desk rings. To switch it off, press 1.")
    await desk.presses("1")
    await desk.is_told("desk does not ring. To switch it on, press 1.")
    [phone] = house.subscriber.kept.phones
    assert not phone.enabled


async def test_how_things_are(house: House, phones_in: PhonesIn) -> None:
    house.mailbox.holds("Ada")
    house.subscriber.has = [account("Work", Health.READY), account("Home", Health.NEEDS_SIGN_IN)]
    desk = await phones_in()
    await desk.presses("6")
    await desk.is_told("Calls ring your phones. New messages: 1.")
    assert "Home needs you to sign in again" in desk.was_told()[-1]
    assert "Work" not in desk.was_told()[-1]


async def test_how_things_are_when_all_is_well(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.has = [account("Work", Health.READY)]
    desk = await phones_in()
    await desk.presses("6")
    await desk.is_told("No new messages. All your accounts are ready.")


def account(label: str, health: Health) -> AccountView:
    now = datetime.now(UTC)
    return AccountView(
        id=uuid4(), network="xmpp", address="", label=label, enabled=True, health=health, since=now
    )
