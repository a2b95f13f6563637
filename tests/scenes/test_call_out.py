"""The house calls because there is something to hear: who is rung, what is asked, who is told."""

import asyncio

import pytest

from bridge.api.events import LimitReached
from bridge.api.views import CallAction, CardState, PhoneState
from bridge.calls.ports.library import CallOutOrder
from bridge.errors import NetworkDown, NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction, EndedBy
from tests.house import House


@pytest.fixture(autouse=True)
def news(house: House) -> None:
    house.library.podcast("Monday")


async def is_called(house: House) -> CallOutOrder:
    """For a job that the scheduler claimed; the desk phone rings."""
    house.rings("desk")
    order = house.library.job()
    await house.switchboard.call_out(order)
    await house.phone("desk").is_ringing(showing="News")
    return order


async def test_who_presses_1_hears_the_episode(house: House) -> None:
    order = await is_called(house)
    await house.phone("desk").answers(pressing="1")
    [playback] = house.mixer.playbacks
    assert playback.port is house.phone("desk").port
    assert playback.playing
    assert house.phone("desk").was_told() == [
        "Your podcast News has a new episode: Monday, 10 minutes. "
        "Press 1 to listen, 2 for later, 3 for no."
    ]
    assert house.card.state is CardState.ANSWERED
    assert house.card.answered_on == "desk"
    assert house.library.dialled == {order.job: house.card.id}
    await house.phone("desk").hangs_up()
    await house.is_quiet()
    assert house.library.settled == [(order.job, True, "")]
    assert house.card.state is CardState.ENDED
    assert house.last_cdr.direction is Direction.CALL_OUT
    assert house.last_cdr.caller_name == "News"
    assert house.last_cdr.answered_on == "desk"
    assert house.last_cdr.ended_by is EndedBy.PHONE


@pytest.mark.parametrize(
    ("titles", "unheard", "said"),
    [
        (["One", "Two", "Three"], 3, "Your podcast News has 3 new episodes."),
        (["One"], 0, "Your podcast News: One, 10 minutes."),
        (["One 🎉 {x}"], 1, "Your podcast News has a new episode: One x, 10 minutes."),
    ],
)
async def test_what_is_announced(house: House, titles: list[str], unheard: int, said: str) -> None:
    house.library.podcast(*titles, unheard=unheard)
    await is_called(house)
    await house.phone("desk").answers()
    await house.phone("desk").is_told(said)


async def test_a_programme_is_announced(house: House) -> None:
    house.library.station("Evening Concert", programme=True)
    house.rings("desk")
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").answers()
    await house.phone("desk").is_told("Your radio programme on Radio One begins: Evening Concert.")


async def test_in_german(house: House) -> None:
    house.subscriber.change(language="de")
    await is_called(house)
    await house.phone("desk").answers()
    await house.phone("desk").is_told("Dein Podcast News hat eine neue Folge: Monday, 10 Minuten.")


async def test_a_machine_that_picks_up_hears_no_podcast(house: House) -> None:
    """Whether or not the user wants callers announced."""
    house.rings("desk", announce=False)
    house.phone("desk").answers_at_once = True
    order = house.library.job()
    await house.switchboard.call_out(order)
    await house.is_quiet(within=60)
    assert house.mixer.playbacks == []
    assert house.library.settled == [(order.job, False, "not_accepted")]
    assert house.card.state is CardState.MISSED


async def test_nobody_picks_up(house: House) -> None:
    order = await is_called(house)
    await house.is_quiet(within=30)
    assert house.library.settled == [(order.job, False, "not_accepted")]
    assert house.card.state is CardState.MISSED
    assert house.card.playing is not None
    assert house.card.playing.name == "News"
    assert house.last_cdr.cause == Cause.NO_ANSWER.word


async def test_later(house: House) -> None:
    order = await is_called(house)
    await house.phone("desk").answers(pressing="2")
    await house.is_quiet()
    assert house.library.settled == [(order.job, False, "not_accepted")]


@pytest.mark.parametrize("by_button", [True, False])
async def test_who_says_no_is_not_called_again(house: House, by_button: bool) -> None:
    order = await is_called(house)
    if by_button:
        await house.press(CallAction.HANG_UP)
    else:
        await house.phone("desk").answers(pressing="3")
    await house.is_quiet()
    assert house.library.settled == [(order.job, True, "")]
    assert house.card.state is CardState.DECLINED
    assert house.last_cdr.cause == Cause.DECLINED.word


async def test_the_phones_ring_in_the_users_order(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=15)
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").is_ringing()
    assert house.phone("mobile").times_rung == 0
    await house.phone("mobile").is_ringing(within=16)
    await house.phone("mobile").answers(pressing="1")
    assert house.card.answered_on == "mobile"


async def test_all_phones_ring_and_the_first_to_accept_listens(house: House) -> None:
    house.rings("desk", "mobile")
    await house.switchboard.call_out(house.library.job())
    await house.phone("mobile").is_ringing()
    await house.phone("desk").answers(pressing="1")
    await house.phone("mobile").is_gone(Cause.ELSEWHERE)
    assert len(house.mixer.playbacks) == 1


async def test_a_phone_is_rung_by_its_button(house: House) -> None:
    house.rings("desk", "mobile")
    house.change_phone("mobile", enabled=False)
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").is_ringing()
    await house.press(CallAction.RING, "mobile")
    await house.phone("mobile").answers(pressing="1")
    assert house.card.answered_on == "mobile"


async def test_a_limit_keeps_the_phone_from_ringing(house: House) -> None:
    house.rings("desk")
    house.subscriber.rule = NotAllowed("minutes_today", limit="120")
    order = house.library.job()
    await house.switchboard.call_out(order)
    await house.is_quiet()
    assert house.phone("desk").times_rung == 0
    assert house.library.settled == [(order.job, False, "minutes_today")]
    assert [told.rule for told in house.events(LimitReached)] == ["minutes_today"]


async def test_nothing_rings_for_a_job_that_was_dialled_before(house: House) -> None:
    house.rings("desk")
    order = house.library.job()
    house.library.claimed.clear()
    with pytest.raises(UnknownTarget, match="job_over"):
        await house.switchboard.call_out(order)
    await house.later(5)
    assert house.phone("desk").times_rung == 0
    assert house.cards == []
    assert house.library.settled == []


async def test_two_ask_for_the_same_job_at_once(house: House) -> None:
    house.rings("desk")
    house.library.delay = 0.2
    order = house.library.job()
    asked = [house.switchboard.call_out(order) for _ in range(2)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), NotAllowed]
    await house.phone("desk").is_ringing()
    assert house.phone("desk").times_rung == 1


async def test_without_a_phone_nothing_is_dialled(house: House) -> None:
    order = house.library.job()
    with pytest.raises(NotAllowed, match="no_phone"):
        await house.switchboard.call_out(order)
    assert order.job in house.library.claimed


async def test_what_there_is_nothing_of_rings_nobody(house: House) -> None:
    house.rings("desk")
    house.library.has = None
    with pytest.raises(UnknownTarget, match="nothing_new"):
        await house.switchboard.call_out(house.library.job())
    await house.later(1)
    assert house.phone("desk").times_rung == 0


async def test_a_running_call_is_not_interrupted(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    order = house.library.job()
    with pytest.raises(NotAllowed, match="already_calling"):
        await house.switchboard.call_out(order)
    assert order.job in house.library.claimed
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))


async def test_a_call_that_comes_while_the_library_is_asked_is_not_interrupted(
    house: House,
) -> None:
    house.rings("desk")
    house.library.delay = 2.0
    calling = asyncio.create_task(house.switchboard.call_out(house.library.job()))
    await house.later(1)
    await house.friend("Ada").calls()
    with pytest.raises(NotAllowed, match="already_calling"):
        await calling


async def test_somebody_calls_while_the_user_listens(house: House) -> None:
    await is_called(house)
    await house.phone("desk").answers(pressing="1")
    ada = await house.friend("Ada").calls()
    assert house.card.caller_name == "Ada"
    assert house.card.reason == "busy_line"
    await ada.gets_through(within=30)
    await ada.is_told("Please leave a message")
    assert house.mixer.playbacks[0].playing


async def test_what_was_asked_for_in_the_chat_has_no_job_to_settle(house: House) -> None:
    house.rings("desk")
    await house.switchboard.call_out(house.library.order)
    await house.is_quiet(within=30)
    assert house.library.dialled == {}
    assert house.library.settled == []
    assert house.card.state is CardState.MISSED


async def test_the_house_closes_while_it_rings(house: House) -> None:
    order = await is_called(house)
    await house.switchboard.drain(0)
    assert house.library.settled == [(order.job, False, "not_accepted")]
    assert house.card.state is CardState.MISSED
    with pytest.raises(NotAllowed, match="already_calling"):
        await house.switchboard.call_out(house.library.job())


async def test_a_phone_that_cannot_be_dialled(house: House) -> None:
    house.rings("desk")
    house.route.faults[house.phone("desk").party.address] = NetworkDown("registrar_unreachable")
    order = house.library.job()
    await house.switchboard.call_out(order)
    await house.is_quiet()
    assert house.on_card("desk").state is PhoneState.UNREACHABLE
    assert house.library.settled == [(order.job, False, "not_accepted")]


async def test_it_is_among_the_running_calls(house: House) -> None:
    await is_called(house)
    [card] = house.switchboard.running()
    assert card.direction is Direction.CALL_OUT
    assert card.actions == (CallAction.HANG_UP,)
