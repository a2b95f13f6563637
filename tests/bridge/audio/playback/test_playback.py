"""Files of every format, through a real decoder."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.port import Finished, Source
from bridge.children.kinds import DECODER
from bridge.errors import BadInput
from tests.bridge.audio.ear import RATE, Ear, on_loop
from tests.peers.ladder import CODECS, encoded, ladder, pitch, second_in, tone_of
from tests.peers.programs import until

LENGTH = 60
ENDINGS = [ending for ending in CODECS if ending != "m3u8"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("files")
    sound = ladder(LENGTH)
    for ending in ENDINGS:
        encoded(sound, directory / f"ladder.{ending}")
    encoded(sound, directory / "vbr.mp3", compression_level="7", q="4")
    return directory


@pytest.fixture
async def playback() -> AsyncIterator[DecodedPlayback]:
    async with DecodedPlayback(RATE, on_loop) as playback:
        yield playback


@pytest.fixture
def ear(playback: DecodedPlayback) -> Ear:
    return Ear(playback)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_the_wanted_second_is_heard(
    playback: DecodedPlayback, ear: Ear, files: Path, ending: str
) -> None:
    await playback.load(Source(str(files / f"ladder.{ending}")), at=41.0)
    assert playback.seconds == pytest.approx(LENGTH, abs=0.6)
    assert not ear.take()
    await playback.play()
    assert second_in(await ear.hears(0.5)) == 41
    assert playback.position == pytest.approx(41.5, abs=0.05)
    for second in (7, 58, 0, 23):
        await playback.seek(second)
        assert playback.position == second
        heard = await ear.hears(0.98)
        assert [second_in(part) for part in heard.parts(2)] == [second, second]


async def test_a_variable_bit_rate_does_not_lead_astray(
    playback: DecodedPlayback, ear: Ear, tmp_path: Path
) -> None:
    """Half of it is silence, which takes next to no bytes."""
    quiet = ladder(1).silence(60)
    path = encoded(quiet.then(ladder(60)), tmp_path / "vbr.mp3", compression_level="7", abr="1")
    await playback.load(Source(str(path)), at=100.0)
    await playback.play()
    assert second_in(await ear.hears(0.9)) == 40


@pytest.mark.parametrize("speed", [0.75, 1.25, 1.5, 2.0])
async def test_the_pitch_is_kept_at_another_speed(
    playback: DecodedPlayback, ear: Ear, files: Path, speed: float
) -> None:
    await playback.load(Source(str(files / "ladder.mp3")), at=20.0)
    await playback.set_speed(speed)
    await playback.play()
    heard = await ear.hears(4 / speed)
    assert playback.position == pytest.approx(24.0, abs=0.05)
    for number, part in enumerate(heard.parts(4)):
        assert pitch(part) == pytest.approx(tone_of(20 + number), abs=6)


async def test_the_position_is_exact_across_changes_of_speed(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    await playback.load(Source(str(files / "ladder.opus")))
    await playback.play()
    for speed in (1.5, 0.75, 2.0, 1.0, 1.25, 1.75):
        await playback.set_speed(speed)
        await ear.hears(3 / speed)
    assert playback.position == pytest.approx(18.0, abs=0.15)
    await playback.set_speed(1.0)
    assert second_in(await ear.hears(0.7)) == 18


async def test_the_speed_is_kept_for_the_next_file_and_has_limits(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    await playback.load(Source(str(files / "ladder.mp3")))
    await playback.set_speed(7.0)
    await playback.load(Source(str(files / "ladder.m4a")), at=30.0)
    await playback.play()
    heard = await ear.hears(1.0)
    assert playback.position == pytest.approx(32.0, abs=0.1)
    assert [second_in(part) for part in heard.parts(2)] == [30, 31]


@pytest.mark.parametrize("ending", ENDINGS)
async def test_the_end_is_told_after_the_last_sample(
    playback: DecodedPlayback, ear: Ear, files: Path, ending: str
) -> None:
    await playback.load(Source(str(files / f"ladder.{ending}")), at=56.0)
    await playback.play()
    heard = await ear.hears_all()
    assert heard.seconds == pytest.approx(4.0, abs=0.12)
    assert await anext(playback.facts()) == Finished()
    assert playback.position == pytest.approx(LENGTH, abs=0.15)
    await playback.seek(55.0)
    assert second_in(await ear.hears(0.9)) == 55


async def test_behind_the_end_is_the_end(playback: DecodedPlayback, ear: Ear, files: Path) -> None:
    await playback.load(Source(str(files / "ladder.mp3")), at=70.0)
    await playback.play()
    await ear.hears_all()
    assert await anext(playback.facts()) == Finished()
    await playback.seek(1e9)
    await ear.hears_all()
    assert await anext(playback.facts()) == Finished()


async def test_nothing_is_heard_and_nothing_lost_while_it_is_paused(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    await playback.load(Source(str(files / "ladder.mp3")), at=10.0)
    await playback.play()
    await ear.hears(1.5)
    await playback.pause()
    assert not any(ear.take() for _ in range(100))
    await playback.seek(20.0)
    assert not any(ear.take() for _ in range(100))
    await playback.play()
    assert second_in(await ear.hears(0.9)) == 20


async def test_many_seeks_in_a_row_end_at_the_last(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    await playback.load(Source(str(files / "ladder.ogg")))
    await playback.play()
    for second in range(50):
        await playback.seek(second)
    assert second_in(await ear.hears(0.9)) == 49


@pytest.mark.parametrize(
    "content",
    [b"", b"not sound at all" * 1000, b"RIFF\xff\xff\xff\xffWAVEfmt ", b"#EXTM3U\nladder.mp3\n"],
)
async def test_what_is_no_sound_is_refused_and_the_next_one_plays(
    playback: DecodedPlayback, ear: Ear, files: Path, content: bytes
) -> None:
    (files / "broken").write_bytes(content)
    for where in (files / "broken", files / "missing"):
        with pytest.raises(BadInput, match="bad_audio"):
            await playback.load(Source(str(where)))
    await playback.load(Source(str(files / "ladder.mp3")))
    await playback.play()
    assert second_in(await ear.hears(0.9)) == 0


async def test_a_truncated_file_is_played_as_far_as_it_goes(
    playback: DecodedPlayback, ear: Ear, files: Path, tmp_path: Path
) -> None:
    whole = (files / "ladder.mp3").read_bytes()
    (tmp_path / "half.mp3").write_bytes(whole[: len(whole) // 2])
    await playback.load(Source(str(tmp_path / "half.mp3")), at=25.0)
    await playback.play()
    assert (await ear.hears_all()).seconds == pytest.approx(5.0, abs=0.2)


async def test_damage_in_the_middle_is_skipped(
    playback: DecodedPlayback, ear: Ear, files: Path, tmp_path: Path
) -> None:
    sound = bytearray((files / "ladder.mp3").read_bytes())
    half = len(sound) // 2
    sound[half : half + 4000] = bytes(range(250)) * 16
    (tmp_path / "damaged.mp3").write_bytes(sound)
    await playback.load(Source(str(tmp_path / "damaged.mp3")), at=25.0)
    await playback.play()
    assert second_in((await ear.hears(10.0)).after(9.1)) in (34, 35)


async def test_a_decoder_that_crashes_costs_the_playback_only(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    await playback.load(Source(str(files / "ladder.mp3")))
    await playback.play()
    await ear.hears(1.0)
    psutil.Process(playback.decoders.pid).kill()
    await ear.hears_all()
    assert await anext(playback.facts()) == Finished("bad_audio")
    await playback.seek(5.0)
    await ear.hears_all()
    assert await anext(playback.facts()) == Finished("bad_audio")
    await playback.load(Source(str(files / "ladder.mp3")), at=5.0)
    await playback.play()
    assert second_in(await ear.hears(0.9)) == 5


async def test_a_decoder_that_hangs_is_given_up(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    playback.file_within = 0.5
    psutil.Process(playback.decoders.pid).suspend()
    with pytest.raises(BadInput, match="bad_audio"):
        await playback.load(Source(str(files / "ladder.mp3")))
    playback.file_within = 20
    await playback.load(Source(str(files / "ladder.mp3")), at=3.0)
    await playback.play()
    assert second_in(await ear.hears(0.9)) == 3


async def test_a_load_that_is_cancelled_leaves_a_playback_that_works(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    loading = asyncio.create_task(playback.load(Source(str(files / "ladder.mp3"))))
    await asyncio.wait([loading], timeout=0.005)
    loading.cancel()
    await asyncio.wait([loading])
    await playback.load(Source(str(files / "ladder.m4a")), at=3.0)
    await playback.play()
    assert second_in(await ear.hears(0.9)) == 3


async def test_a_decoder_of_files_is_confined(playback: DecodedPlayback, files: Path) -> None:
    await playback.load(Source(str(files / "ladder.mp3")))
    decoder = psutil.Process(playback.decoders.pid)
    status = (Path("/proc") / str(decoder.pid) / "status").read_text()
    assert "Seccomp:\t2" in status
    assert decoder.rlimit(psutil.RLIMIT_AS)[1] == DECODER.memory
    assert decoder.rlimit(psutil.RLIMIT_CPU)[0] <= DECODER.seconds + 5


async def test_nothing_is_left_of_it(files: Path) -> None:
    me = psutil.Process()
    before = me.num_fds()
    async with DecodedPlayback(RATE, on_loop) as playback:
        await playback.load(Source(str(files / "ladder.mp3")))
        pid = playback.decoders.pid
    assert not psutil.pid_exists(pid)
    await until(lambda: me.num_fds() <= before, "its descriptors to be closed")
    assert [fact async for fact in playback.facts()] == []
