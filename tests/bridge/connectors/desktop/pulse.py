"""A session's sound card, and what uses it: a private PulseAudio daemon, foreign programs that play
and record, and a clock in the telephone's place.
"""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import numpy as np

from bridge.audio.pjmedia.stream import PacketStream
from bridge.connectors.desktop.agent.sound.pulse_simple import PulseStream
from tests.peers.hearing import RATE as COMPARED
from tests.peers.hearing import Match, correlation
from tests.peers.programs import Program, program_path, until
from tests.peers.speech import Sound

RATE = 16000
FRAME = 0.02
SIZE = round(RATE * FRAME) * 2
_ROOT = Path(__file__).parents[4]


class Pulse(Program):
    """With its two sinks, or only some of them, and the microphone as a source of its own."""

    def __init__(self, directory: Path, sinks: Sequence[str] = ("speaker", "microphone")) -> None:
        super().__init__("pulseaudio", directory)
        self._sinks = sinks
        self._socket = directory / "pulse.sock"
        self.server = f"unix:{self._socket}"
        self.environment = {
            "HOME": str(directory),
            "XDG_RUNTIME_DIR": str(directory),
            "PULSE_SERVER": self.server,
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
        }

    async def __aenter__(self) -> "Pulse":
        sink = "module-null-sink sink_name={} rate=48000 channels=1 norewinds=1"
        modules = (
            f"module-native-protocol-unix socket={self._socket}",
            *(sink.format(name) for name in self._sinks),
            f"module-remap-source source_name=mic master={self._sinks[-1]}.monitor",
        )
        await self.spawn(
            program_path("pulseaudio"),
            *("-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
            *("--realtime=no", "--high-priority=no", "--disable-shm=yes"),
            "--disallow-module-loading=yes",
            *(f"--load={module}" for module in modules),
            env=self.environment,
        )
        await self.until(self.answers, "its sinks")
        return self

    async def __aexit__(self, *why: object) -> None:
        await self.end()

    async def answers(self) -> bool:
        return "\tmic\t" in await self.ask("list", "short", "sources")

    async def ask(self, *words: str) -> str:
        """By pactl."""
        asked = await asyncio.create_subprocess_exec(
            *(program_path("pactl"), *words),
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        said, _ = await asked.communicate()
        return said.decode()

    @asynccontextmanager
    async def player(self, sound: Sound, sink: str = "speaker") -> AsyncIterator[Program]:
        """A program that plays `sound`."""
        program = Program(f"paplay-{sink}", self.directory)
        path = sound.save(self.directory / f"{sink}.wav")
        await program.spawn(
            *(program_path("paplay"), "--latency-msec=20", f"--device={sink}", str(path)),
            env=self.environment,
        )
        try:
            yield program
        finally:
            await program.end()

    @asynccontextmanager
    async def recorder(self, source: str = "mic") -> AsyncIterator["Recorder"]:
        """A program that records; it has begun to."""
        program = Recorder(source, self.directory)
        await program.spawn(
            *(program_path("parec"), "--latency-msec=20", f"--device={source}", "--raw"),
            *("--format=s16le", f"--rate={RATE}", "--channels=1", str(program.path)),
            env=self.environment,
        )
        try:
            await program.until(lambda: program.heard().seconds > 0, "its first samples")
            yield program
        finally:
            await program.end()


@asynccontextmanager
async def agent(
    server: str, packets: socket.socket, *more: str, rate: int = RATE
) -> AsyncIterator[int]:
    """Its sound alone, in a process; the pid."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bridge.connectors.desktop.lone_sound"),
        *(str(packets.fileno()), str(rate), server, *more),
        cwd=_ROOT,
        pass_fds=[packets.fileno()],
    )
    try:
        yield running.pid
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


@contextmanager
def echo(server: str) -> Iterator[None]:
    """A program that plays what it records; it keeps enough never to run dry itself."""
    recorded = PulseStream(server, "records", "mic", RATE, SIZE)
    played = PulseStream(server, "plays", "speaker", RATE, 6 * SIZE)
    over = threading.Event()

    def answer() -> None:
        while not over.is_set():
            played.write(recorded.read(SIZE))

    echoing = threading.Thread(target=answer, name="echo")
    echoing.start()
    try:
        yield
    finally:
        over.set()
        echoing.join()
        recorded.close()
        played.close()


class Recorder(Program):
    def __init__(self, source: str, directory: Path) -> None:
        super().__init__(f"parec-{source}", directory)
        self.path = directory / f"{source}.raw"

    def heard(self) -> Sound:
        raw = self.path.read_bytes() if self.path.exists() else b""
        return as_heard(raw[: len(raw) // 2 * 2])


class Telephone:
    """Beyond the bridge: its clock takes a frame and gives one, every 20 ms."""

    def __init__(self, packets: socket.socket) -> None:
        self.stream = PacketStream(packets, SIZE)
        self.at: list[float] = []
        """When each frame was taken (time.monotonic)."""
        self._says = b""
        self._saying = threading.Lock()
        self._heard = bytearray()
        self._over = threading.Event()
        self._stall = 0.0
        self._clock = threading.Thread(target=self._tick, name="telephone")

    @classmethod
    @contextmanager
    def on(cls, packets: socket.socket) -> Iterator["Telephone"]:
        telephone = cls(packets)
        telephone._clock.start()
        try:
            yield telephone
        finally:
            telephone._over.set()
            telephone._clock.join()
            telephone.stream.close()

    def say(self, sound: Sound) -> None:
        pcm = sound.at(RATE).pcm()
        with self._saying:
            self._says = pcm

    async def stall(self, seconds: float) -> None:
        """Its clock stands still for so long."""
        self._stall = seconds
        await until(lambda: not self._stall, "the clock to go on")

    def heard(self, since: float = 0.0) -> Sound:
        """From that second on."""
        return as_heard(bytes(self._heard)).after(since)

    @property
    def seconds(self) -> float:
        return len(self._heard) / 2 / RATE

    def is_quiet(self, seconds: float) -> bool:
        """For so long now."""
        return self.seconds > seconds and not self.heard(self.seconds - seconds).samples.any()

    def _tick(self) -> None:
        next_tick = time.monotonic()
        while not self._over.wait(max(0.0, next_tick - time.monotonic())):
            if self._stall:
                self._over.wait(self._stall)
                self._stall, next_tick = 0.0, time.monotonic()
            next_tick += FRAME
            self.at.append(time.monotonic())
            self._heard += self.stream.take()
            with self._saying:
                said, self._says = self._says[:SIZE], self._says[SIZE:]
            self.stream.give(said.ljust(SIZE, b"\0"))


def best_match(said: Sound, heard: Sound) -> Match:
    """PulseAudio's resampling shifts sound by parts of a sample; at 8 kHz, where waveforms are
    compared, half a sample makes 0.6 of what is 1.0.
    """
    half = 0.5 / COMPARED
    return max(correlation(said, heard), correlation(said, heard.after(half)))


def as_heard(pcm: bytes) -> Sound:
    return Sound(np.frombuffer(pcm, dtype="<i2") / 32768, RATE)
