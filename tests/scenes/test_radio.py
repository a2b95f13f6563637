"""Listening to a station: it has no beginning, but it may go away and come back."""

import pytest

from bridge.api.events import StationDown
from bridge.audio.port import Interrupted, Returned, Titled
from bridge.errors import NetworkDown
from bridge.terms import EndedBy
from tests.fake_playback import FakePlayback
from tests.house import House


async def listens(house: House) -> FakePlayback:
    if house.library.has is None:
        house.library.station()
    house.rings("desk")
    await house.switchboard.call_out(house.library.job())
    await house.phone("desk").answers(pressing="1")
    return house.mixer.playbacks[-1]


def said(house: House) -> str:
    return house.phone("desk").was_told()[-1]


async def test_it_is_heard_and_its_title_is_shown(house: House) -> None:
    playback = await listens(house)
    assert playback.playing
    playback.tell(Titled("Nocturne No. 2"))
    await house.later(0)
    assert house.card.playing is not None
    assert house.card.playing.title == "Nocturne No. 2"
    assert house.card.playing.seconds is None


async def test_5_says_what_is_on(house: House) -> None:
    playback = await listens(house)
    await house.phone("desk").presses("5")
    assert said(house) == "You are listening to Radio One."
    playback.tell(Titled("Nocturne"))
    await house.phone("desk").presses("5")
    assert said(house) == "You are listening to Radio One: Nocturne."


async def test_1_pauses_and_0_tells_the_keys_that_there_are(house: House) -> None:
    playback = await listens(house)
    await house.phone("desk").presses("1")
    assert not playback.playing
    await house.phone("desk").presses("0")
    assert said(house) == "1: pause. 5: what is on. Hash: hang up."


@pytest.mark.parametrize("key", ["2", "3", "4", "6", "7", "8", "9"])
async def test_the_other_keys_do_nothing(house: House, key: str) -> None:
    playback = await listens(house)
    before = [verb for verb in playback.verbs if verb != "play"]
    await house.phone("desk").presses(key)
    assert [verb for verb in playback.verbs if verb != "play"] == before
    assert house.switchboard.running()


async def test_a_short_gap_is_not_spoken_about(house: House) -> None:
    playback = await listens(house)
    told = list(house.phone("desk").was_told())
    playback.tell(Interrupted("stream_down"))
    await house.later(2)
    playback.tell(Returned())
    await house.later(10)
    assert house.phone("desk").was_told() == told
    assert house.events(StationDown) == []


async def test_a_station_that_is_down_is_told_on_the_phone_and_in_the_chat(house: House) -> None:
    playback = await listens(house)
    for _ in range(2):
        playback.tell(Interrupted("stream_down"))
        await house.later(4)
        assert said(house) == "The station cannot be reached. I keep trying."
        playback.tell(Returned())
        await house.later(10)
        assert playback.playing
        await house.phone("desk").presses("5")
    [told] = house.events(StationDown)
    assert told.name == "Radio One"


async def test_a_station_that_cannot_be_begun_is_tried_again(house: House) -> None:
    house.library.station()
    house.mixer.shelf.faults["http://radio.example/live"] = NetworkDown("stream_down")
    playback = await listens(house)
    await house.phone("desk").is_told("The station cannot be reached.")
    await house.later(25)
    assert playback.verbs.count("load") == 3
    assert sum("cannot be reached" in text for text in house.phone("desk").was_told()) == 1
    house.mixer.shelf.faults.clear()
    await house.later(10)
    assert playback.playing
    assert len(house.events(StationDown)) == 1


async def test_the_programme_ends(house: House) -> None:
    house.library.station("Concert", longest=300.0, programme=True)
    playback = await listens(house)
    await house.later(271)
    assert said(house) == "This call ends in 30 seconds."
    await house.later(10)
    assert playback.playing
    await house.later(20)
    assert said(house) == "The time for this programme is over. Goodbye."
    await house.is_quiet(within=10)
    assert house.last_cdr.ended_by is EndedBy.HOUSE
    assert house.last_cdr.cause == "normal"


async def test_until_the_listener_hangs_up(house: House) -> None:
    house.library.station(longest=None)
    playback = await listens(house)
    await house.later(3 * 3600)
    assert playback.playing
    await house.phone("desk").presses("#")
    await house.is_quiet()
