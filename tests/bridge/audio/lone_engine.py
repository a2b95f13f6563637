"""Stage plays for an engine of their own: `python -m tests.bridge.audio.lone_engine PLAY`.

pjsua2 allows one endpoint in a process and may abort it, so each play runs in a child.
"""

import asyncio
import gc
import sys
import tempfile
from contextlib import suppress
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import numpy as np
import pjsua2 as pj

from bridge.audio.pjmedia.engine import EngineSettings, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.pjmedia.pcm import PORTS
from bridge.audio.pjmedia.pjsua import retire
from bridge.audio.pjmedia.speech_tap import loudness
from bridge.audio.port import Clip, Source, SpeechBegan, Utterance
from bridge.calls.ports.leg import Leg
from bridge.connectors.sip.codecs import ALL
from bridge.connectors.sip.leg import SipLeg
from bridge.connectors.sip.provider import account_config
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import Party, State
from tests.peers.programs import until
from tests.peers.speech import Sound, say


class Stage:
    """An engine that calls itself."""

    def __init__(self, engine: PjsuaEngine, directory: Path) -> None:
        self.engine = engine
        self.mixer = ConferenceMixer(engine, directory)
        self.sip = SipStack(engine, self.mixer)
        self.offered: list[SipLeg] = []
        self.account: Any = None
        self.clip = Clip("quiet", Sound.nothing(5.0).save(directory / "quiet.wav"), 5.0)
        self.brief = Clip("brief", Sound.nothing(0.5).save(directory / "brief.wav"), 0.5)

    async def call(self) -> tuple[Leg, Leg]:
        """A call to ourselves, answered."""
        if self.account is None:
            self.account = await self.engine.do(lambda: Everything.made(self))
        uri = f"sip:self@127.0.0.1:{self.engine.sip_port}"
        self.offered.clear()
        out = await SipLeg.place(self.sip, self.account, uri, remote=Party("self"))
        await until(lambda: self.offered, "the call to arrive")
        inside = self.offered[0]
        await inside.answer()
        await until(lambda: out.state is inside.state is State.ESTABLISHED, "the answer")
        return out, inside

    def spoken(self, sentence: str) -> Clip:
        sound = say(sentence)
        return Clip(sentence, sound.save(self.mixer.directory / f"{sentence}.wav"), sound.seconds)

    def tone(self, loud: float) -> Clip:
        """1 kHz of half a second; `loud` in dBFS."""
        wave = np.sin(2 * np.pi * 1000 * np.arange(4000) / 8000) * 2**0.5 * 10 ** (loud / 20)
        return Clip("tone", Sound(wave, 8000).save(self.mixer.directory / f"{loud}.wav"), 0.5)


class Everything(pj.Account):  # type: ignore[misc]  # the wheel has no types
    """An account that takes every call."""

    codecs = ALL

    @classmethod
    def made(cls, stage: Stage) -> "Everything":
        account = cls()
        account.stage = stage
        account.create(account_config(stage.engine, "sip:self@127.0.0.1"))
        return account

    def onIncomingCall(self, prm: Any) -> None:
        leg = SipLeg.offered(self.stage.sip, self, prm.callId, Party("self"), "")
        self.stage.engine.tell(self._take, leg)

    def _take(self, leg: SipLeg) -> None:
        leg.became(State.INCOMING)
        self.stage.offered.append(leg)


async def stop_at_once(stage: Stage) -> None:
    """Nothing has happened yet."""


async def stop_twice(stage: Stage) -> None:
    await stage.engine.stop()


async def stop_during_a_call(stage: Stage) -> None:
    await stage.call()


async def stop_while_playing_and_recording(stage: Stage) -> None:
    out, inside = await stage.call()
    stage.tasks = [  # type: ignore[attr-defined]  # kept from the collector
        asyncio.create_task(stage.mixer.play(out.audio, stage.clip)),
        asyncio.create_task(stage.mixer.record(inside.audio).__aenter__()),
        asyncio.create_task(stage.mixer.patch(out.audio, inside.audio).__aenter__()),
    ]
    await asyncio.wait(stage.tasks, timeout=0.2)  # type: ignore[attr-defined]


async def late_work_is_refused(stage: Stage) -> None:
    """Nobody who comes late waits for ever."""
    out, _ = await stage.call()
    await stage.engine.stop()
    with suppress(pj.Error):
        await asyncio.wait_for(stage.engine.do(lambda: None), 2)
        raise AssertionError("it was done after the end")
    await asyncio.wait_for(out.hang_up(), 2)


async def waiting_work_is_refused(stage: Stage) -> None:
    """Work that is in the queue when the thread has ended is told so."""
    stage.engine._stopping = True
    stage.engine.post(lambda: None)
    await until(lambda: not stage.engine._thread.is_alive(), "the thread to end")
    waiting = asyncio.create_task(stage.engine.do(lambda: None))
    await asyncio.sleep(0)
    await stage.engine.stop()
    with suppress(pj.Error):
        await asyncio.wait_for(waiting, 2)
        raise AssertionError("it was done after the end")


async def failing_work_comes_back(stage: Stage) -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with suppress(LookupError):
        await stage.engine.do(fail)
        raise AssertionError("it did not fail")
    stage.engine.post(fail)
    assert await stage.engine.do(lambda: 17) == 17


async def an_old_account_is_collected_late(stage: Stage) -> None:
    """Its number has become another account's; that one must live on."""

    def make() -> Any:
        account = pj.Account()
        account.create(account_config(stage.engine, "sip:self@127.0.0.1"))
        return account

    old = await stage.engine.do(make)
    await stage.engine.do(lambda: retire(old))
    new = await stage.engine.do(make)
    assert await stage.engine.do(new.getId) == await stage.engine.do(old.getId)
    old = None
    await stage.engine.do(gc.collect)
    assert await stage.engine.do(new.isValid)


async def sounds_that_are_broken_off(stage: Stage) -> None:
    """Barge-in, two hundred times: players come and go while a call is up."""
    out, inside = await stage.call()
    for _ in range(200):
        playing = asyncio.create_task(stage.mixer.play(out.audio, stage.clip))
        await asyncio.wait([playing], timeout=0.01)
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing
    async with stage.mixer.record(inside.audio) as recording:
        await until(lambda: recording.seconds > 0.3, "a moment of sound")
    assert recording.path.stat().st_size > 4000


async def recordings_that_are_short(stage: Stage) -> None:
    """Thirty recorders come and go; each file is finished."""
    _, inside = await stage.call()
    for _ in range(30):
        async with stage.mixer.record(inside.audio) as recording:
            pass
        header = recording.path.read_bytes()[:8]
        assert int.from_bytes(header[4:], "little") == recording.path.stat().st_size - 8


async def both_ends_hang_up_while_they_are_patched(stage: Stage) -> None:
    """Parting two places at the mixer that the library has just given up would abort."""
    for _ in range(5):
        out, inside = await stage.call()
        async with stage.mixer.patch(out.audio, inside.audio):
            ends = asyncio.gather(out.hang_up(), inside.hang_up())
            await asyncio.sleep(0)
        await ends
        await until(lambda: not stage.engine.live_calls, "the calls to be over")


async def stop_right_after_a_patch(stage: Stage) -> None:
    out, inside = await stage.call()
    async with stage.mixer.patch(out.audio, inside.audio):
        pass


async def a_clip_that_is_no_sound(stage: Stage) -> None:
    """A broken file is an error, and the call goes on."""
    out, inside = await stage.call()
    broken = stage.mixer.directory / "broken.wav"
    for content in (b"", b"RIFF", b"RIFF\xff\xff\xff\xffWAVEfmt ", b"no sound at all" * 100):
        broken.write_bytes(content)
        with suppress(pj.Error):
            await stage.mixer.play(out.audio, Clip("broken", broken, 1.0))
            raise AssertionError(f"{content[:8]!r} was played")
    async with stage.mixer.patch(out.audio, inside.audio):
        assert inside.state is State.ESTABLISHED


async def stop_while_long_sound_is_played(stage: Stage) -> None:
    """Frames come from Python until the very end."""
    _, inside = await stage.call()
    stage.long = await _playing(stage, inside)  # type: ignore[attr-defined]  # kept alive


async def long_sound_that_comes_and_goes(stage: Stage) -> None:
    """Twenty playbacks, one after the other and two at once, use two ports."""
    out, inside = await stage.call()
    for _ in range(10):
        async with (
            stage.mixer.playback(out.audio) as first,
            stage.mixer.playback(inside.audio) as second,
        ):
            for playback in (first, second):
                await playback.load(Source(str(stage.clip.path)))
                await playback.play()
            await until(lambda: first.position > 0.1 < second.position, "both to play")
    assert len(PORTS._free) == 2


async def long_sound_when_the_call_is_over(stage: Stage) -> None:
    """Nobody hears it: it stands still, and may be asked for anything."""
    out, inside = await stage.call()
    async with stage.mixer.playback(out.audio) as playback:
        await playback.load(Source(str(stage.clip.path)))
        await playback.play()
        await asyncio.gather(out.hang_up(), inside.hang_up())
        await until(lambda: not stage.engine.live_calls, "the call to be over")
        await playback.seek(2.0)
        assert playback.position == 2.0
        await playback.pause()


async def a_word_is_overheard(stage: Stage) -> None:
    """It begins while it is said, and ends with the pause after it; what follows is another one."""
    out, inside = await stage.call()
    word = stage.spoken("Ada Lovelace")
    async with stage.mixer.tap_speech(inside.audio) as heard:
        for _ in range(2):
            saying = asyncio.create_task(stage.mixer.play(out.audio, word))
            assert await asyncio.wait_for(anext(heard), 5) == SpeechBegan()
            assert not saying.done()
            said = await asyncio.wait_for(anext(heard), 5)
            assert isinstance(said, Utterance)
            await saying
            assert 0.3 < asyncio.get_running_loop().time() - said.ended < 1.5
            assert said.rate == stage.mixer.rate
            assert word.seconds - 0.5 < len(said.pcm) / 2 / said.rate < word.seconds + 1.5


async def an_echo_is_not_overheard(stage: Stage) -> None:
    """What comes back of a prompt, 20 dB below it, is as loud as somebody who is heard."""
    out, inside = await stage.call()
    prompt, word = stage.spoken("Press one for voicemail, or two for Ada"), stage.spoken("yes")
    await stage.engine.do(lambda: out.audio.medium.adjustTxLevel(0.1))
    async with (
        stage.mixer.tap_speech(inside.audio) as heard,
        stage.mixer.patch(out.audio, out.audio),
    ):
        await stage.mixer.play(inside.audio, prompt)
        first = asyncio.create_task(anext(heard))
        await stage.mixer.play(inside.audio, stage.brief)
        assert not first.done()
        await stage.engine.do(lambda: out.audio.medium.adjustTxLevel(1.0))
        await stage.mixer.play(out.audio, word)
        assert await asyncio.wait_for(first, 5) == SpeechBegan()


async def how_loud_a_prompt_is(stage: Stage) -> None:
    """The library's levels mean what we think."""
    _, inside = await stage.call()
    for loud in (-50.0, -40.0, -30.0, -20.0, -10.0):
        playing = asyncio.create_task(stage.mixer.play(inside.audio, stage.tone(loud)))
        await until(partial(_is_played, stage, inside, loud), f"a tone of {loud} dBFS", 2)
        await playing


async def _is_played(stage: Stage, leg: Leg, loud: float) -> bool:
    code = await stage.engine.do(lambda: leg.audio.medium.getRxLevel())
    return abs(loudness(code) - loud) < 2


async def nobody_is_overheard_without_the_extra(stage: Stage) -> None:
    out, inside = await stage.call()
    sys.modules["webrtcvad"] = None  # type: ignore[assignment]  # as if it were not installed
    async with stage.mixer.tap_speech(inside.audio) as heard:
        first = asyncio.create_task(anext(heard))
        await stage.mixer.play(out.audio, stage.spoken("yes"))
        assert not first.done()
        first.cancel()
        await asyncio.wait([first])
    assert not PORTS._free


async def overhearing_that_comes_and_goes(stage: Stage) -> None:
    """Forty of them use two ports; the last one outlives its call, and the engine."""
    out, inside = await stage.call()
    for _ in range(20):
        async with stage.mixer.tap_speech(out.audio), stage.mixer.tap_speech(inside.audio):
            await asyncio.sleep(0)
    assert await stage.engine.do(lambda: len(PORTS._free)) == 2
    stage.last = stage.mixer.tap_speech(inside.audio)  # type: ignore[attr-defined]  # kept alive
    await stage.last.__aenter__()  # type: ignore[attr-defined]
    await asyncio.gather(out.hang_up(), inside.hang_up())
    await until(lambda: not stage.engine.live_calls, "the call to be over")


async def _playing(stage: Stage, leg: Leg) -> Any:
    context = stage.mixer.playback(leg.audio)
    playback = await context.__aenter__()
    await playback.load(Source(str(stage.clip.path)))
    await playback.play()
    await until(lambda: playback.position > 0.2, "it to play")
    return context


async def main(name: str) -> None:
    directory = Path(tempfile.mkdtemp())
    engine = PjsuaEngine(EngineSettings(IPv4Address("127.0.0.1"), (20000, 29999)))
    await engine.start()
    stage = Stage(engine, directory)  # kept: its accounts must not be collected on another thread
    await PLAYS[name](stage)
    await engine.stop()
    del stage


PLAYS = {
    play.__name__: play
    for play in (
        stop_at_once,
        stop_twice,
        stop_during_a_call,
        stop_while_playing_and_recording,
        late_work_is_refused,
        waiting_work_is_refused,
        failing_work_comes_back,
        an_old_account_is_collected_late,
        sounds_that_are_broken_off,
        recordings_that_are_short,
        a_clip_that_is_no_sound,
        both_ends_hang_up_while_they_are_patched,
        stop_right_after_a_patch,
        stop_while_long_sound_is_played,
        long_sound_that_comes_and_goes,
        long_sound_when_the_call_is_over,
        a_word_is_overheard,
        an_echo_is_not_overheard,
        how_loud_a_prompt_is,
        nobody_is_overheard_without_the_extra,
        overhearing_that_comes_and_goes,
    )
}

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
