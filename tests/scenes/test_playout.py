"""Listening to a podcast: the keys, the position, one episode after the other."""

import pytest

from bridge.api.listening_views import PlayoutKey
from bridge.api.views import CallAction, CallCard, CardState
from bridge.errors import BadInput, NetworkDown, NotAllowed, UnknownTarget
from bridge.terms import Cause, EndedBy
from tests.fake_playback import Done, FakePlayback
from tests.house import House
from tests.people import until


async def listens(house: House, *titles: str, first: int = 0, position: float = 0.0) -> None:
    """On the desk phone, since this moment."""
    house.library.podcast(*titles or ("One", "Two", "Three"), first=first, position=position)
    house.rings("desk")
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").answers(pressing="1")
    await until(lambda: playback(house).playing, "the episode is heard")


def playback(house: House) -> FakePlayback:
    return house.mixer.playbacks[-1]


def hears(house: House) -> str:
    source = playback(house).source
    assert source is not None
    return source.where


def asked(house: House) -> Done:
    """The last thing that a playback was asked, but to go on."""
    return [done for done in playback(house).done if done.verb != "play"][-1]


async def presses(house: House, key: str) -> None:
    await house.phone("desk").presses(key)


def said(house: House) -> str:
    return house.phone("desk").was_told()[-1]


def card(house: House) -> CallCard:
    return house.card


async def test_1_pauses_and_goes_on(house: House) -> None:
    await listens(house)
    await house.later(12)
    await presses(house, "1")
    assert not playback(house).playing
    assert card(house).playing is not None
    assert card(house).playing.paused
    await house.later(60)
    assert playback(house).position == pytest.approx(12, abs=0.2)
    assert house.library.of("One")[-1].position == pytest.approx(12, abs=0.2)
    await presses(house, "1")
    assert playback(house).playing


@pytest.mark.parametrize(
    ("key", "after", "to"), [("4", 100, 70), ("6", 100, 130), ("4", 10, 0), ("7", 100, 0)]
)
async def test_winding(house: House, key: str, after: float, to: float) -> None:
    await listens(house)
    await house.later(after)
    await presses(house, key)
    assert asked(house).verb == "seek"
    assert asked(house).value == pytest.approx(to, abs=0.2)
    assert playback(house).playing


async def test_forward_past_the_end_is_the_next_episode(house: House) -> None:
    await listens(house)
    await house.later(590)
    await presses(house, "6")
    assert hears(house) == "Two"
    assert house.library.of("One")[-1].heard


async def test_faster_and_slower_within_what_can_be_understood(house: House) -> None:
    await listens(house)
    await presses(house, "8")
    assert playback(house).speed == 1.15
    assert card(house).playing is not None
    assert card(house).playing.speed == 1.15
    for _ in range(10):
        await presses(house, "8")
    assert playback(house).speed == 2.0
    for _ in range(20):
        await presses(house, "2")
    assert playback(house).speed == 0.75


async def test_next_and_previous(house: House) -> None:
    await listens(house)
    await house.later(40)
    await presses(house, "9")
    assert hears(house) == "Two"
    assert house.library.of("One")[-1].position == pytest.approx(40, abs=0.5)
    assert not house.library.of("One")[-1].heard
    await presses(house, "7")
    assert hears(house) == "One"
    assert asked(house).value == pytest.approx(35, abs=0.5)


async def test_7_some_seconds_into_an_episode_begins_it_again(house: House) -> None:
    await listens(house, first=1)
    await house.later(6)
    await presses(house, "7")
    assert hears(house) == "Two"
    assert playback(house).position == pytest.approx(0, abs=0.2)
    await presses(house, "7")
    assert hears(house) == "One"


async def test_there_is_none_after_the_last(house: House) -> None:
    await listens(house, "One")
    await presses(house, "9")
    assert said(house) == "There is no other episode."
    assert not playback(house).playing
    await house.later(5)
    assert playback(house).playing
    assert hears(house) == "One"


async def test_3_marks_it_heard_and_goes_on(house: House) -> None:
    await listens(house)
    await house.later(10)
    await presses(house, "3")
    assert hears(house) == "Two"
    assert house.library.of("One")[-1].heard


async def test_3_on_the_last_one_says_goodbye(house: House) -> None:
    await listens(house, "One")
    await presses(house, "3")
    assert said(house) == "That was all. Goodbye."
    await house.is_quiet(within=10)
    assert house.library.of("One")[-1].heard
    assert house.last_cdr.ended_by is EndedBy.HOUSE
    assert card(house).state is CardState.ENDED


async def test_5_says_where_one_is_and_the_sound_waits(house: House) -> None:
    await listens(house, "Monday")
    await house.later(185)
    await presses(house, "5")
    assert said(house) == "Monday. You are at 3 minutes 5 seconds of 10 minutes."
    assert not playback(house).playing
    await house.later(10)
    assert playback(house).playing


async def test_0_helps(house: House) -> None:
    await listens(house)
    await presses(house, "0")
    assert said(house).startswith("1: pause. 4 and 6: back and forward.")


async def test_any_key_interrupts_a_sentence(house: House) -> None:
    await listens(house)
    await presses(house, "0")
    await house.later(1)
    await presses(house, "6")
    assert house.mixer.played[-1].cut
    assert asked(house).verb == "seek"
    assert playback(house).playing


async def test_a_sentence_takes_the_place_of_another(house: House) -> None:
    await listens(house)
    await presses(house, "0")
    await presses(house, "5")
    await house.later(30)
    assert [played.cut for played in house.mixer.played[-2:]] == [True, False]
    assert playback(house).playing


async def test_a_sentence_does_not_end_the_pause(house: House) -> None:
    await listens(house)
    await presses(house, "1")
    await presses(house, "5")
    await house.later(30)
    assert not playback(house).playing


async def test_keys_that_mean_nothing_do_nothing(house: House) -> None:
    await listens(house)
    before = playback(house).verbs.count("seek")
    await presses(house, "*")
    assert playback(house).playing
    assert playback(house).verbs.count("seek") == before


async def test_hash_hangs_up_and_keeps_the_position(house: House) -> None:
    await listens(house)
    await house.later(63)
    await presses(house, "#")
    await house.is_quiet()
    assert house.library.of("One")[-1].position == pytest.approx(63, abs=0.5)
    assert not house.library.of("One")[-1].heard
    assert house.last_cdr.ended_by is EndedBy.PHONE


async def test_the_position_is_kept_every_five_seconds(house: House) -> None:
    await listens(house)
    await house.later(31)
    noted = [note.position for note in house.library.of("One")]
    assert noted == pytest.approx([5, 10, 15, 20, 25, 30], abs=0.5)


async def test_a_pause_writes_nothing(house: House) -> None:
    await listens(house)
    await house.later(12)
    await presses(house, "1")
    noted = len(house.library.notes)
    await house.later(600)
    assert len(house.library.notes) == noted


async def test_a_slow_library_is_not_heard(house: House) -> None:
    await listens(house)
    house.library.delay = 60
    await house.later(30)
    await presses(house, "6")
    assert asked(house).verb == "seek"
    assert playback(house).playing


async def test_a_library_that_fails_costs_no_call(house: House) -> None:
    await listens(house)
    house.library.fault = NetworkDown("store_unreachable")
    await house.later(12)
    assert playback(house).playing
    house.library.fault = None
    await house.later(5)
    assert house.library.of("One")[-1].position == pytest.approx(15, abs=0.5)


async def test_going_on_begins_a_little_earlier(house: House) -> None:
    await listens(house, "One", position=100)
    assert playback(house).done[0].value == 95


async def test_who_heard_as_good_as_all_begins_anew(house: House) -> None:
    await listens(house, "One", position=580)
    assert playback(house).done[0].value == 0


async def test_an_episode_that_ended_is_heard_and_the_next_one_begins(house: House) -> None:
    await listens(house)
    await house.later(601)
    assert hears(house) == "Two"
    assert playback(house).playing
    assert house.library.of("One")[-1].heard
    assert card(house).playing is not None
    assert card(house).playing.title == "Two"


async def test_after_the_last_one_comes_a_goodbye(house: House) -> None:
    await listens(house, "One")
    await house.later(601)
    assert said(house) == "That was all. Goodbye."
    await house.is_quiet()
    assert house.library.of("One")[-1].heard


async def test_going_back_during_the_goodbye(house: House) -> None:
    await listens(house, "One")
    await house.later(600)
    assert said(house) == "That was all. Goodbye."
    await presses(house, "4")
    assert playback(house).playing
    await house.later(20)
    assert playback(house).playing
    assert house.switchboard.running()


async def test_hanging_up_close_to_the_end_is_hearing_it(house: House) -> None:
    await listens(house)
    await house.later(575)
    await presses(house, "#")
    await house.is_quiet()
    assert house.library.of("One")[-1].heard


async def test_an_episode_that_cannot_be_played_is_left_out(house: House) -> None:
    house.mixer.shelf.faults["One"] = BadInput("bad_audio")
    house.library.podcast("One", "Two")
    house.rings("desk")
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").answers(pressing="1")
    await house.phone("desk").is_told("This episode cannot be played.")
    await house.later(10)
    assert hears(house) == "Two"
    assert playback(house).playing
    assert house.library.of("One") == []


async def test_nothing_can_be_played(house: House) -> None:
    house.mixer.shelf.faults["One"] = BadInput("bad_audio")
    house.library.podcast("One")
    house.rings("desk")
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").answers(pressing="1")
    await house.phone("desk").is_told("This episode cannot be played. That was all. Goodbye.")
    await house.is_quiet(within=10)


async def test_keys_are_heard_while_an_episode_is_loaded(house: House) -> None:
    house.mixer.shelf.delay = 8.0
    house.library.podcast("One", "Two", "Three")
    house.rings("desk")
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").answers(pressing="1")
    await presses(house, "9")
    await house.later(9)
    assert hears(house) == "Two"
    await presses(house, "9")
    await presses(house, "#")
    await house.is_quiet()


async def test_the_voice_fails_and_the_sound_goes_on(house: House) -> None:
    await listens(house)
    house.speaker.fault = NetworkDown("no_voice")
    await presses(house, "5")
    await house.later(1)
    assert playback(house).playing


async def test_the_users_minutes_run_out(house: House) -> None:
    house.subscriber.seconds = 60.0
    house.subscriber.ends_by = NotAllowed("minutes_today", limit="120")
    await listens(house)
    await house.later(30)
    assert said(house) == "This call ends in 30 seconds."
    await house.later(5)
    assert playback(house).playing
    await house.is_quiet(within=30)
    assert house.last_cdr.cause == Cause.LIMIT.word
    assert house.library.of("One")[-1].position > 40


async def test_the_buttons_of_the_card_are_the_keys(house: House) -> None:
    await listens(house)
    await house.later(50)
    await house.switchboard.press(card(house).id, PlayoutKey.FORWARD)
    await house.later(0)
    assert asked(house).value == pytest.approx(80, abs=0.5)
    await house.switchboard.press(card(house).id, PlayoutKey.HANG_UP)
    await house.is_quiet()
    with pytest.raises(UnknownTarget, match="call_over"):
        await house.switchboard.press(card(house).id, PlayoutKey.PLAY)


async def test_before_it_is_accepted_a_button_comes_too_early(house: House) -> None:
    house.library.podcast("One")
    house.rings("desk")
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").is_ringing()
    with pytest.raises(UnknownTarget, match="call_over"):
        await house.switchboard.press(card(house).id, PlayoutKey.PLAY)


async def test_the_card_follows_a_key_at_once_and_the_sound_now_and_then(house: House) -> None:
    await listens(house)
    before = len(house.cards)
    await house.later(61)
    assert len(house.cards) == before + 4
    assert card(house).playing is not None
    assert card(house).playing.position == pytest.approx(60, abs=0.5)
    assert card(house).playing.seconds == 600
    await presses(house, "8")
    assert len(house.cards) == before + 5


async def test_hung_up_by_its_button(house: House) -> None:
    await listens(house)
    await house.press(CallAction.HANG_UP)
    await house.is_quiet()
    assert card(house).state is CardState.ENDED
