import asyncio
from pathlib import Path

import pytest

from bridge.audio.decoder import track
from bridge.errors import BadInput, NetworkDown
from scheduler.downloads import inspector
from scheduler.downloads.inspection import inspect
from scheduler.downloads.part import Part
from tests.peers.ladder import encoded, ladder


def test_what_is_downloaded_can_be_played() -> None:
    """The inspector lets nothing in that the decoder would refuse."""
    assert set(inspector.CONTAINERS.split(",")) == set(track.CONTAINERS.split(","))


async def test_a_file_that_breaks_off_is_as_long_as_what_is_there(tmp_path: Path) -> None:
    path = encoded(ladder(4), tmp_path / "a.mp3")
    whole = await inspect(path)
    await asyncio.to_thread(_halve, path)
    assert await inspect(path) == pytest.approx(whole / 2, abs=0.2)


async def test_a_playlist_does_not_open_other_files(tmp_path: Path) -> None:
    encoded(ladder(2), tmp_path / "a.m3u8")
    with pytest.raises(BadInput, match="bad_audio"):
        await inspect(tmp_path / "a.m3u8")


async def test_pictures_without_sound_are_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    with pytest.raises(BadInput, match="bad_audio"):
        await inspect(tmp_path / "a")


def test_a_part_belongs_to_one_at_a_time(tmp_path: Path) -> None:
    target = tmp_path / "episode"
    with Part(target) as part:
        part.add(b"x")
        with pytest.raises(NetworkDown, match="not_downloaded"), Part(target):
            pass
    with Part(target) as again:
        assert again.size == 1


def _halve(path: Path) -> None:
    sound = path.read_bytes()
    path.write_bytes(sound[: len(sound) // 2])
