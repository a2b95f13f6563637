"""The radio station of the tests."""

from pathlib import Path

import httpx
import pytest

from tests.peers.icecast import Icecast
from tests.peers.ladder import encoded, ladder, pitch, second_in, tone_of
from tests.peers.programs import PeerFailed

pytestmark = pytest.mark.real


async def test_a_listener_gets_what_the_source_sends(tmp_path: Path) -> None:
    file = encoded(ladder(3), tmp_path / "ladder.mp3")
    async with (
        Icecast(tmp_path / "icecast") as radio,
        radio.on_air(file, 3),
        httpx.AsyncClient() as client,
        client.stream("GET", radio.address(), headers={"Icy-MetaData": "1"}) as answer,
    ):
        assert answer.headers["content-type"] == "audio/mpeg"
        assert int(answer.headers["icy-metaint"]) > 0
        first = await anext(answer.aiter_raw(1000))
        assert file.read_bytes().startswith(first)


async def test_nobody_is_on_air_after_the_cable_was_pulled(tmp_path: Path) -> None:
    file = encoded(ladder(3), tmp_path / "ladder.mp3")
    async with Icecast(tmp_path / "icecast") as radio:
        async with radio.on_air(file, 3):
            assert " 200 " in await radio.ask("GET", "/status-json.xsl")
            with pytest.raises(PeerFailed):  # one at a time
                await radio.on_air(file, 3).begin()
        async with radio.on_air(file, 3):
            await radio.title("a new beginning")


def test_each_second_of_the_ladder_has_its_tone() -> None:
    parts = ladder(5).parts(5)
    assert [second_in(part) for part in parts] == [0, 1, 2, 3, 4]
    assert pitch(parts[3]) == pytest.approx(tone_of(3), abs=1)
