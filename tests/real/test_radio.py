"""A radio programme rings a real phone at its time, and its station may stumble."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bridge.api.commands.radio import AddProgramme, AddStation, CallStation, RemoveStation
from bridge.api.listening_views import Times
from bridge.terms import Direction
from tests.peers.icecast import Icecast
from tests.peers.ladder import encoded, ladder
from tests.real.household import Household, accepts, picks_up
from tests.real.listening import hears_second, hears_silence

pytestmark = pytest.mark.asyncio(loop_scope="package")

LENGTH = 20
"""Seconds of what is on air, again and again."""
ANY = range(LENGTH)


async def test_a_programme_rings_at_its_time_and_is_heard(home: Household, tmp_path: Path) -> None:
    file = encoded(ladder(LENGTH), tmp_path / "ladder.mp3")
    desk, owner = home.front_desk, home.owner
    await home.rings("Desk")
    async with Icecast(tmp_path / "icecast") as radio, radio.on_air(file, LENGTH):
        added = AddStation(user=owner, name="Radio Ladder", address=radio.address())
        station = (await desk.ask(added)).id
        begins = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(seconds=61)
        times = Times(
            weekdays=frozenset({begins.weekday()}),
            at=begins.time().replace(second=0, microsecond=0),
        )
        programme = AddProgramme(user=owner, station=station, title="Scales", times=times)
        await desk.ask(programme)
        shown = await home.desk.happens("incoming", 70)
        assert shown.display_name == "Radio Ladder"
        assert datetime.now(ZoneInfo("Europe/Berlin")).minute == begins.minute
        await accepts(home.desk)
        await hears_second(home.desk, ANY)
        await home.desk.press("#")
        await home.desk.happens("closed")
        await desk.ask(RemoveStation(user=owner, station=station))
    call = await home.record()
    assert (call.direction, call.caller_name) == (Direction.CALL_OUT, "Radio Ladder")


async def test_a_station_that_stumbles_is_waited_for(home: Household, tmp_path: Path) -> None:
    file = encoded(ladder(LENGTH), tmp_path / "ladder.mp3")
    desk, owner = home.front_desk, home.owner
    await home.rings("Desk")
    async with Icecast(tmp_path / "icecast") as radio:
        broadcast = radio.on_air(file, LENGTH)
        await broadcast.begin()
        added = AddStation(user=owner, name="Radio Ladder", address=radio.address())
        station = (await desk.ask(added)).id
        await desk.ask(CallStation(user=owner, station=station))
        await picks_up(home.desk)
        await home.desk.press("1")
        await hears_second(home.desk, ANY)
        await radio.title("Etude")
        await home.service.sees("Etude", 30)

        await broadcast.stop()
        await hears_silence(home.desk, 30)
        await home.desk.hears(await home.spoken("The station cannot be reached. I keep trying."))
        await home.service.sees("Radio Ladder cannot be reached", 10)
        await broadcast.begin()
        await hears_second(home.desk, ANY, 30)
        await home.desk.hang_up()
        await home.record()
        await broadcast.stop()
    await desk.ask(RemoveStation(user=owner, station=station))
