"""The user's people: heard, chosen, called."""

import pytest

from bridge.api.events import LimitReached
from bridge.api.views import CallAction
from bridge.calls.outgoing.conversation import RINGS_FOR
from bridge.calls.ports.directory import OpenAddress
from bridge.errors import NotAllowed
from bridge.terms import Cause, Direction, EndedBy
from tests.house import House
from tests.people import Friend, OwnPhone
from tests.scenes.phone_in.conftest import PhonesIn
from tests.scenes.phone_in.room import among_people


async def talks(house: House, phones_in: PhonesIn) -> tuple[OwnPhone, Friend]:
    """The user, with Ada, whose number is 7."""
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing(showing="The user")
    await ada.picks_up()
    await desk.hears(ada)
    return desk, ada


async def test_who_is_there(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "1", OpenAddress("xmpp", "ada", online=True))
    house.directory.knows("markus_goebel", "2", OpenAddress("skype", "markus"))
    desk = await among_people(house, phones_in)
    told = desk.was_told()[-1]
    assert "Ada, XMPP, online: press 1." in told
    assert "markus goebel, Skype: press 2." in told


async def test_nobody_is_known_yet(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.presses("1")
    await desk.is_told("You have no people yet. Add them in the chat.")
    await desk.is_told("Main menu", within=20)


async def test_a_name_is_spoken_as_the_user_wants(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Siobhán", "1", sounds_like="Shivawn")
    desk = await among_people(house, phones_in)
    await desk.is_told("Shivawn, XMPP, online: press 1")


async def test_more_than_a_page(house: House, phones_in: PhonesIn) -> None:
    for place, name in enumerate(["Ada", "Ben", "Cleo", "Dora", "Emil", "Fay"], 1):
        house.directory.knows(name, str(place))
    desk = await among_people(house, phones_in)
    assert "Emil" in desk.was_told()[-1]
    assert "Fay" not in desk.was_told()[-1]
    await desk.presses("#")
    await desk.is_told("Fay, XMPP, online: press 6")
    await desk.presses("#")
    await desk.is_told("There is nothing more")
    await desk.presses("1")  # of the first page, and still Ada
    await desk.is_told("Ada cannot be reached")


async def test_somebody_is_called_and_talked_to(house: House, phones_in: PhonesIn) -> None:
    desk, ada = await talks(house, phones_in)
    await desk.is_told("Calling Ada, XMPP")
    await house.later(30)
    await ada.hangs_up()
    await desk.is_told("Your people")  # and the user is in the menu again
    made = house.last_cdr
    assert (made.direction, made.caller_name, made.network) == (Direction.OUTGOING, "Ada", "xmpp")
    assert made.answered_on == "desk"
    assert made.talk_seconds == pytest.approx(30, abs=1)
    assert (made.cause, made.ended_by) == (Cause.NORMAL.word, EndedBy.CALLER)
    assert len(house.directory.talked_to) == 1
    await desk.hangs_up()
    await house.is_quiet()
    assert house.last_cdr.direction is Direction.PHONED_IN


async def test_two_stars_hang_up_the_other_side(house: House, phones_in: PhonesIn) -> None:
    desk, ada = await talks(house, phones_in)
    await desk.presses("**")
    await ada.is_gone(Cause.NORMAL)
    await desk.is_told("Your people")
    assert house.last_cdr.ended_by is EndedBy.PHONE


async def test_one_star_and_all_other_keys_pass_through(house: House, phones_in: PhonesIn) -> None:
    desk, ada = await talks(house, phones_in)
    await desk.presses("1#*")
    await house.later(1)
    await desk.presses("*5")
    await ada.received("1#**5")
    await ada.presses("3")
    await desk.received("3")


async def test_one_star_is_enough_while_it_rings(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    await desk.presses("*")
    await ada.is_gone(Cause.CANCELLED)
    await house.later(1)
    assert desk.was_told()[-1].startswith("Your people")
    assert house.last_cdr.cause == Cause.CANCELLED.word


async def test_the_second_star_is_not_for_the_menu(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    await desk.presses("*")
    await house.later(0.4)
    await desk.presses("*")
    await house.later(1)
    assert desk.was_told()[-1].startswith("Your people")


async def test_what_is_typed_after_a_star_is_for_the_menu(
    house: House, phones_in: PhonesIn
) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    await desk.presses("*9")
    await desk.is_told("Everybody has a number", within=0.5)


@pytest.mark.parametrize("answered", [True, False])
async def test_nothing_is_said_to_who_hangs_up_by_the_chat(
    house: House, phones_in: PhonesIn, answered: bool
) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    if answered:
        await ada.picks_up()
        await desk.hears(ada)
    [made] = [call for call in house.switchboard.running() if call.direction is Direction.OUTGOING]
    await house.switchboard.act(made.id, CallAction.HANG_UP)
    await ada.is_gone(Cause.NORMAL if answered else Cause.CANCELLED)
    await house.later(1)
    assert desk.was_told()[-1].startswith("Your people")
    assert house.last_cdr.ended_by is EndedBy.PHONE


async def test_who_is_hung_up_while_being_dialled_does_not_ring(
    house: House, phones_in: PhonesIn
) -> None:
    house.directory.knows("Ada", "7")
    house.directory.delay = 1.0
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await house.later(0.5)
    [made] = [call for call in house.switchboard.running() if call.direction is Direction.OUTGOING]
    await house.switchboard.act(made.id, CallAction.HANG_UP)
    await house.later(3)
    assert ada.leg is None or ada.leg.over
    assert desk.was_told()[-1].startswith("Your people")
    assert house.last_cdr.direction is Direction.OUTGOING


async def test_it_is_heard_that_it_rings(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    await desk.is_told("ringing")
    await ada.picks_up()
    await house.later(0.1)
    assert house.mixer.played[-1].cut


async def test_the_networks_own_sound_is_let_through(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    await ada.sends_early_media()
    await desk.hears(ada)
    await ada.picks_up()
    await house.later(1)
    assert house.mixer.most_patches == 1
    await desk.hears(ada)


async def test_busy(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    ada.busy = True
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await desk.is_told("Ada is on the phone at the moment.")
    await house.later(5)
    assert house.last_cdr.cause == Cause.BUSY.word


async def test_declined(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    await ada.declines()
    await desk.is_told("Ada does not take the call.")


async def test_nobody_answers(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await ada.is_ringing()
    await house.later(RINGS_FOR)
    await desk.is_told("Ada does not answer.")
    await house.later(5)
    assert ada.on_the_line.over
    made = house.last_cdr
    assert (made.cause, made.ended_by) == (Cause.NO_ANSWER.word, EndedBy.CALLER)


async def test_a_network_that_is_lost_is_told(house: House, phones_in: PhonesIn) -> None:
    desk, ada = await talks(house, phones_in)
    await ada.hangs_up(Cause.NETWORK_LOST)
    await desk.is_told("The connection to Ada was lost.")


async def test_a_rule_is_told(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "7")
    house.subscriber.rule = NotAllowed("minutes_today", limit="60")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await desk.is_told("Your minutes for today are used up.")
    await house.later(5)
    assert house.events(LimitReached)[-1].rule == "minutes_today"
    assert house.last_cdr.cause == Cause.FORBIDDEN.word


@pytest.mark.parametrize(
    "code, said",
    [
        ("lines_busy", "All lines are in use. Please try again later."),
        ("no_way", "Ada cannot be reached at the moment."),
    ],
)
async def test_why_nothing_was_dialled(
    house: House, phones_in: PhonesIn, code: str, said: str
) -> None:
    house.directory.knows("Ada", "7")
    house.directory.refusal = NotAllowed(code)
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await desk.is_told(said)


async def test_the_minutes_end_it(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.seconds = 90.0
    desk, ada = await talks(house, phones_in)
    await desk.is_told("This call ends in 30 seconds", within=70)
    await ada.is_gone(Cause.NORMAL, within=60)
    await desk.is_told("Your people", within=10)
    assert house.last_cdr.cause == Cause.LIMIT.word


async def test_the_user_chooses_the_way(house: House, phones_in: PhonesIn) -> None:
    ways = OpenAddress("xmpp", "ada", online=True), OpenAddress("phone", "+4915111111111")
    house.directory.knows("Ada", "7", *ways)
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await desk.is_told("How do you want to call Ada? XMPP, online: press 1. telephone: press 2.")
    await desk.presses("1")
    await ada.is_ringing()


@pytest.mark.parametrize(
    "one, other, told",
    [
        (
            OpenAddress("phone", "+4930123456"),
            OpenAddress("sip", "sip:101@house", online=True),
            "telephone ending in 4 5 6: press 1. telephone ending in 1 0 1, online: press 2.",
        ),
        (
            OpenAddress("phone", "+4930111456"),
            OpenAddress("phone", "+4915111111456"),
            "telephone, 0 3 0, 1 1 1 4 5 6: press 1. telephone, 0 1 5 1 1, 1 1 1 1 4 5 6: press 2.",
        ),
        (
            OpenAddress("xmpp", "ada@x"),
            OpenAddress("xmpp", "king815@x"),
            "XMPP, ada: press 1. XMPP, king",
        ),
        (
            OpenAddress("xmpp", "ada@one"),
            OpenAddress("xmpp", "ada@two"),
            "XMPP, ada one: press 1. XMPP, ada two:",
        ),
    ],
)
async def test_two_ways_on_one_network_are_told_apart(
    house: House, phones_in: PhonesIn, one: OpenAddress, other: OpenAddress, told: str
) -> None:
    house.directory.knows("Ada", "7", one, other, OpenAddress("teams", "Ada"))
    desk = await among_people(house, phones_in)
    await desk.presses("7")
    await desk.is_told(told)
    await desk.is_told("Teams: press 3.")


async def test_who_cannot_be_reached_is_not_read_out_but_keeps_the_number(
    house: House, phones_in: PhonesIn
) -> None:
    house.directory.knows("Ada", "1")
    house.directory.knows("Ben", "2")
    house.directory.loses("Ben")
    desk = await among_people(house, phones_in)
    assert "Ben" not in desk.was_told()[-1]
    await desk.presses("2")
    await desk.is_told("Ben cannot be reached now")
