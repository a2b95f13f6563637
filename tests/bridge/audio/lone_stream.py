"""Stage plays for streams at the conference bridge: `python -m tests.bridge.audio.lone_stream
PLAY`, in a process of its own like those of `lone_engine`.
"""

import asyncio
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path

import numpy as np

from bridge.audio.pjmedia.engine import EngineSettings, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.pjmedia.pcm import PORTS
from bridge.audio.pjmedia.stream import StreamPort
from bridge.audio.port import Clip
from tests.peers.hearing import correlation, heard_sentence
from tests.peers.programs import until
from tests.peers.speech import Sound, say

RATE = 16000
_TICK = 0.02
_FRAME = round(RATE * _TICK) * 2


class Program:
    """At the other end of a socket, with a clock of its own."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self.ours = ours
        self._theirs = theirs
        self._says = b""
        self._heard = bytearray()
        theirs.setblocking(False)

    @classmethod
    @asynccontextmanager
    async def started(cls) -> AsyncIterator["Program"]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            program = cls(ours, theirs)
            asyncio.get_running_loop().add_reader(theirs, program._listen)
            speaking = asyncio.create_task(program._speak())
            yield program
            speaking.cancel()
            asyncio.get_running_loop().remove_reader(theirs)

    def say(self, sound: Sound) -> None:
        self._says = sound.at(RATE).pcm()

    @property
    def heard(self) -> Sound:
        return Sound(np.frombuffer(bytes(self._heard), dtype="<i2") / 32768, RATE)

    def forget(self) -> None:
        self._heard.clear()

    def _listen(self) -> None:
        self._heard += self._theirs.recv(2 * _FRAME)

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        for tick in count():
            said, self._says = self._says[:_FRAME], self._says[_FRAME:]
            with suppress(BlockingIOError):  # nobody listens
                self._theirs.send(said.ljust(_FRAME, b"\0"))
            if not tick:
                began = loop.time()
            await asyncio.sleep(began + (tick + 1) * _TICK - loop.time())


async def speech_passes_both_ways(mixer: ConferenceMixer) -> None:
    mine, yours = say("The boat left before sunrise."), say("Please bring two blue chairs.")
    async with (
        Program.started() as one,
        Program.started() as other,
        StreamPort.opened(mixer, one.ours) as a,
        StreamPort.opened(mixer, other.ours) as b,
        mixer.patch(a, b),
    ):
        one.say(mine)
        other.say(yours)
        length = max(mine.seconds, yours.seconds) + 0.5
        await until(lambda: min(one.heard.seconds, other.heard.seconds) > length, "speech")
    assert heard_sentence(mine, other.heard, enough=0.9)
    assert heard_sentence(yours, one.heard, enough=0.9)
    assert not heard_sentence(mine, one.heard)


async def it_is_played_to_and_recorded_without_a_telephone(mixer: ConferenceMixer) -> None:
    """Voicemail: the clock runs all the same."""
    clip = Clip("leave", say("Please leave a message.").save(mixer.directory / "clip.wav"), 2.0)
    said = say("She sells fresh bread at the corner.")
    async with Program.started() as program, StreamPort.opened(mixer, program.ours) as port:
        await mixer.play(port, clip)
        assert correlation(clip.path, program.heard).correlation > 0.9
        async with mixer.record(port) as recording:
            program.say(said)
            await until(lambda: recording.seconds > said.seconds + 0.3, "the message")
    assert heard_sentence(said, recording.path, enough=0.9)


async def silence_flows_while_nobody_talks(mixer: ConferenceMixer) -> None:
    """Else the program's microphone would run dry, and begin anew with each word."""
    async with Program.started() as program, StreamPort.opened(mixer, program.ours):
        await until(lambda: program.heard.seconds > 0.2, "silence")


async def an_opening_that_is_broken_off(mixer: ConferenceMixer) -> None:
    """The clock does not go on for it, and its port is free."""
    async with Program.started() as program:
        for _ in range(20):
            opening = asyncio.create_task(StreamPort.opened(mixer, program.ours).__aenter__())
            await asyncio.sleep(0)
            opening.cancel()
            with suppress(asyncio.CancelledError):
                await opening
    assert await mixer.engine.do(lambda: len(PORTS._free)) == 1
    assert await mixer.engine.do(lambda: mixer.engine._sounding) == 0


async def streams_that_come_and_go(mixer: ConferenceMixer) -> None:
    """A hundred calls use two ports, and none hears another one's sound."""
    async with Program.started() as one, Program.started() as other:
        for _ in range(100):
            async with (
                StreamPort.opened(mixer, one.ours) as a,
                StreamPort.opened(mixer, other.ours) as b,
                mixer.patch(a, b),
            ):
                one.forget()
                await until(lambda: one.heard.seconds >= 0.04, "a frame", every=0.005)
    assert await mixer.engine.do(lambda: len(PORTS._free)) == 2
    assert await mixer.engine.do(lambda: mixer.engine._sounding) == 0


async def a_stream_that_ends_first_leaves_its_partner(mixer: ConferenceMixer) -> None:
    """Its port is lent again while the patch still lasts: the next one hears nothing of it."""
    mine, yours = say("The boat left before sunrise."), say("Please bring two blue chairs.")
    async with (
        Program.started() as one,
        Program.started() as other,
        Program.started() as third,
        StreamPort.opened(mixer, one.ours) as a,
    ):
        first = StreamPort.opened(mixer, other.ours)
        b = await first.__aenter__()
        async with mixer.patch(a, b):
            await first.__aexit__(None, None, None)
            async with (
                StreamPort.opened(mixer, third.ours) as c,
                mixer.record(a) as heard_of_a,
                mixer.record(c) as heard_of_c,
            ):
                assert len(PORTS._free) == 0  # it is the same port
                one.say(mine)
                third.say(yours)
                await until(lambda: heard_of_c.seconds > yours.seconds + 0.5, "speech")
    assert heard_sentence(mine, heard_of_a.path) and heard_sentence(yours, heard_of_c.path)
    assert not third.heard.samples.any() and not one.heard.samples.any()


async def stop_while_a_stream_is_patched(mixer: ConferenceMixer) -> None:
    async with Program.started() as one, Program.started() as other:
        mixer.kept = [  # type: ignore[attr-defined]  # from the collector
            StreamPort.opened(mixer, one.ours),
            StreamPort.opened(mixer, other.ours),
        ]
        a, b = [await context.__aenter__() for context in mixer.kept]  # type: ignore[attr-defined]
        mixer.patched = mixer.patch(a, b)  # type: ignore[attr-defined]
        await mixer.patched.__aenter__()  # type: ignore[attr-defined]
        await until(lambda: one.heard.seconds > 0.1, "frames")
        await mixer.engine.stop()


async def main(name: str) -> None:
    engine = PjsuaEngine(EngineSettings(IPv4Address("127.0.0.1"), (20000, 29999), wideband=True))
    await engine.start()
    await PLAYS[name](ConferenceMixer(engine, Path(tempfile.mkdtemp())))
    await engine.stop()


PLAYS = {
    play.__name__: play
    for play in (
        speech_passes_both_ways,
        it_is_played_to_and_recorded_without_a_telephone,
        silence_flows_while_nobody_talks,
        an_opening_that_is_broken_off,
        streams_that_come_and_go,
        a_stream_that_ends_first_leaves_its_partner,
        stop_while_a_stream_is_patched,
    )
}

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
