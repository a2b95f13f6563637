"""Stand-ins for what a call works with, written by hand: they keep what happened for the tests."""

import asyncio
import wave
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from bridge.api.preferences import Preferences
from bridge.api.views import AccountView, CallView, PhoneView, VoicemailView
from bridge.audio.port import (
    AudioPort,
    Clip,
    Heard,
    Mixer,
    Playback,
    Recording,
    Speaker,
    SpeechBegan,
    Utterance,
)
from bridge.audio.speech.activity import PAUSE
from bridge.audio.voice.tones import TONES
from bridge.calls.policy.block_list import ANONYMOUS, is_anonymous
from bridge.calls.ports.clock import Clock
from bridge.calls.ports.subscriber import SubscriberProfile, Ticket
from bridge.errors import HouseError, NotAllowed, UnknownTarget
from bridge.store.people.phones import COOLING
from bridge.store.people.pins import LOCKED, TRIES
from bridge.terms import Party
from tests.fake_playback import FakePlayback, Shelf

SECONDS_A_WORD = 0.4


def now() -> float:
    return asyncio.get_running_loop().time()


def samples(words: str) -> bytes:
    """Of 16 bits, as whoever understands words (FakeRecognizer) reads them."""
    pcm = words.encode()
    return pcm + b" " * (len(pcm) % 2)


class FakeSpeaker(Speaker):
    """Speaks at an even pace."""

    def __init__(self) -> None:
        self.fault: HouseError | None = None

    async def say(self, text: str, language: str) -> Clip:
        if self.fault:
            raise self.fault
        return Clip(text, Path(f"{language}: {text}.wav"), SECONDS_A_WORD * len(text.split()))

    async def tone(self, name: str) -> Clip:
        if name not in TONES:
            raise KeyError(name)
        return Clip(name, Path(f"{name}.wav"), 0.4)


@dataclass
class Played:
    """`cut`: it was stopped before its end."""

    port: AudioPort
    text: str
    at: float
    cut: bool = False
    over: bool = False


class FakeMixer(Mixer):
    """Remembers who was joined to whom and what was played where."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.played: list[Played] = []
        self.patches: list[frozenset[AudioPort]] = []
        """Those that are up now."""
        self.most_patches = 0
        self.recordings: list[FakeRecording] = []
        self.message = "what was said"
        """The words of whoever is recorded."""
        self.speech_until: dict[AudioPort, float] = defaultdict(float)
        self.ears: dict[AudioPort, asyncio.Queue[Heard]] = {}
        """Where somebody listens."""
        self.shelf = Shelf()
        self.playbacks: list[FakePlayback] = []
        """All there ever were."""
        self.fault: Exception | None = None
        self.delay = 0.0
        """How long joining takes."""

    def patch(self, a: AudioPort, b: AudioPort) -> AbstractAsyncContextManager[None]:
        return self._patch(frozenset({a, b}))

    @asynccontextmanager
    async def _patch(self, pair: frozenset[AudioPort]) -> AsyncIterator[None]:
        await asyncio.sleep(self.delay)
        if self.fault:
            raise self.fault
        self.patches.append(pair)
        self.most_patches = max(self.most_patches, len(self.patches))
        try:
            yield
        finally:
            self.patches.remove(pair)

    async def play(self, port: AudioPort, clip: Clip) -> None:
        played = Played(port, clip.text, now())
        self.played.append(played)
        try:
            await asyncio.sleep(clip.seconds)
        except asyncio.CancelledError:
            played.cut = True
            raise
        finally:
            played.over = True

    def record(self, port: AudioPort) -> AbstractAsyncContextManager[Recording]:
        return self._record(port)

    @asynccontextmanager
    async def _record(self, port: AudioPort) -> AsyncIterator["FakeRecording"]:
        if self.fault:
            raise self.fault
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        recording = FakeRecording(self, port, self.directory / f"{uuid4()}.wav")
        self.recordings.append(recording)
        recording.save(self.message)
        yield recording

    def playback(self, port: AudioPort) -> AbstractAsyncContextManager[Playback]:
        return self._playback(port)

    @asynccontextmanager
    async def _playback(self, port: AudioPort) -> AsyncIterator[FakePlayback]:
        await asyncio.sleep(0)
        if self.fault:
            raise self.fault
        playback = FakePlayback(port, self.shelf)
        self.playbacks.append(playback)
        try:
            yield playback
        finally:
            playback.leave()

    def tap_speech(self, port: AudioPort) -> AbstractAsyncContextManager[AsyncIterator[Heard]]:
        return self._tapped(port)

    @asynccontextmanager
    async def _tapped(self, port: AudioPort) -> AsyncIterator[AsyncIterator[Heard]]:
        assert port not in self.ears, "one reader"
        self.ears[port] = heard = asyncio.Queue()
        try:
            yield _all_of(heard)
        finally:
            del self.ears[port]

    async def says(self, port: AudioPort, words: str) -> None:
        """Somebody speaks; an utterance is heard where somebody listens from its beginning on."""
        ear = self.ears.get(port)
        if ear is not None:
            ear.put_nowait(SpeechBegan())
        seconds = SECONDS_A_WORD * len(words.split())
        self.speaks(port, seconds)
        await asyncio.sleep(seconds)
        if ear is not None:
            said = Utterance(samples(words), 8000, now())
            asyncio.get_running_loop().call_later(PAUSE, ear.put_nowait, said)

    def speaks(self, port: AudioPort, seconds: float) -> None:
        """From now on something is heard from `port`."""
        self.speech_until[port] = now() + seconds

    def heard_on(self, port: AudioPort) -> list[str]:
        return [played.text for played in self.played if played.port is port]


async def _all_of(heard: asyncio.Queue[Heard]) -> AsyncIterator[Heard]:
    while True:
        yield await heard.get()


class FakeRecording(Recording):
    def __init__(self, mixer: FakeMixer, port: AudioPort, path: Path) -> None:
        self._mixer, self._port, self._path = mixer, port, path
        self._began = now()

    def save(self, words: str) -> None:
        with wave.open(str(self._path), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(samples(words))

    @property
    def seconds(self) -> float:
        return now() - self._began

    @property
    def quiet_seconds(self) -> float:
        last = min(now(), self._mixer.speech_until[self._port])
        return now() - max(self._began, last)

    @property
    def path(self) -> Path:
        return self._path


class FakeEncoder:
    """WAV to OGG/Opus, in a fifth of a second."""

    def __init__(self) -> None:
        self.fault: Exception | None = None

    async def __call__(self, wav: Path) -> bytes:
        await asyncio.sleep(0.2)
        if self.fault:
            raise self.fault
        return b"OggS" + await asyncio.to_thread(wav.read_bytes)


class FakeSubscriber:
    """The book in memory. `rule` forbids every leg; `seconds` is how long a leg may last."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.kept = SubscriberProfile(
            user=uuid4(),
            language="en",
            zone=ZoneInfo("Europe/Berlin"),
            country="DE",
            countries=frozenset({"DE"}),
        )
        self.seconds = 4 * 3600.0
        self.ends_by = NotAllowed("longest_call", limit="240")
        """The rule that ends a leg."""
        self.delay = 0.0
        """How long the store takes."""
        self.rule: NotAllowed | None = None
        self.fault: Exception | None = None
        """Breaks whatever is written."""
        self.open: dict[UUID, float] = {}
        """By ticket, when the leg must end."""
        self.talked: list[float] = []
        self.counted: list[bool] = []
        self.cdrs: list[CallView] = []
        self.voicemails: dict[UUID, bytes] = {}
        self.blocked: list[Party] = []
        self.tries: dict[UUID, int] = defaultdict(lambda: TRIES)
        self.pin = "2468"
        self.wrong_pins: list[str] = []
        """Those since the last right one."""
        self.let_in: list[str] = []
        """Who typed the right one."""
        self.has: list[AccountView] = []
        """The user's accounts."""

    def rules(self) -> SubscriberProfile:
        return self.kept

    async def refresh(self) -> None:
        await asyncio.sleep(self.delay)

    async def open_leg(self, call: UUID, phone: UUID | None, counted: bool) -> Ticket:
        await asyncio.sleep(self.delay)
        if phone is not None:
            self._phone(phone)
        if self.rule:
            raise self.rule
        ticket = Ticket(uuid4(), self.seconds, self.ends_by)
        self.open[ticket.id] = now() + self.seconds
        self.counted.append(counted)
        return ticket

    async def renew_leg(self, ticket: UUID) -> Ticket:
        await asyncio.sleep(self.delay)
        return Ticket(ticket, self._leg(ticket) - now(), self.ends_by)

    async def close_leg(self, ticket: UUID, talk_seconds: float) -> None:
        await asyncio.sleep(self.delay)
        self._leg(ticket)
        del self.open[ticket]
        self.talked.append(talk_seconds)

    async def write(self, cdr: CallView) -> None:
        await asyncio.sleep(self.delay)
        if self.fault:
            raise self.fault
        self.cdrs.append(cdr)

    async def keep_voicemail(
        self, call: UUID, party: Party, seconds: float, ogg: bytes
    ) -> VoicemailView:
        await asyncio.sleep(self.delay)
        if self.fault:
            raise self.fault
        kept = VoicemailView(
            id=uuid4(),
            call=call,
            caller_name=party.name,
            caller_address=party.address,
            created=self.clock.now(),
            seconds=seconds,
            heard=False,
        )
        self.voicemails[kept.id] = ogg
        return kept

    async def block(self, party: Party) -> None:
        self.blocked.append(party)
        entry = ANONYMOUS if is_anonymous(party) else party.address
        self.change(blocked=tuple(dict.fromkeys((entry, *self.kept.blocked))))

    async def verification_tries_left(self, phone: UUID) -> int:
        self._phone(phone)
        if self.tries[phone] == 0:
            raise NotAllowed("cooling", until=self._later(COOLING))
        return self.tries[phone]

    async def verification_failed(self, phone: UUID) -> int:
        self._phone(phone)
        self.tries[phone] = max(0, self.tries[phone] - 1)
        return self.tries[phone]

    async def verified(self, phone: UUID) -> None:
        self._change_phone(phone, verified=True)
        self.tries.pop(phone, None)

    async def check_pin(self, digits: str, caller: Party) -> bool:
        await asyncio.sleep(self.delay)
        if not self.kept.has_pin:
            raise NotAllowed("no_pin")
        if len(self.wrong_pins) >= TRIES:
            raise NotAllowed("pin_locked", until=self._later(LOCKED))
        if digits == self.pin:
            self.wrong_pins.clear()
            self.let_in.append(caller.address)
            return True
        self.wrong_pins.append(digits)
        if len(self.wrong_pins) >= TRIES:
            raise NotAllowed("pin_locked", until=self._later(LOCKED))
        return False

    async def pin_locked(self) -> bool:
        await asyncio.sleep(self.delay)
        return len(self.wrong_pins) >= TRIES

    async def prefer(self, patch: Mapping[str, Any]) -> None:
        await asyncio.sleep(self.delay)
        self.kept = replace(self.kept, preferences=self.kept.preferences.patched(patch))

    async def enable_phone(self, phone: UUID, on: bool) -> None:
        self._change_phone(phone, enabled=on)

    async def accounts(self) -> Sequence[AccountView]:
        return self.has

    def _phone(self, phone: UUID) -> PhoneView:
        known = self.kept.phone(phone)
        if known is None:
            raise UnknownTarget("no_such_phone")
        return known

    def _change_phone(self, phone: UUID, **facts: bool) -> None:
        changed = self._phone(phone).model_copy(update=facts)
        self.change(phones=tuple(changed if one.id == phone else one for one in self.kept.phones))

    def _leg(self, ticket: UUID) -> float:
        if ticket not in self.open:
            raise UnknownTarget("no_such_leg")
        return self.open[ticket]

    def _later(self, period: timedelta) -> str:
        return (self.clock.now() + period).isoformat()

    def change(self, **rules: object) -> None:
        """Decide some of the rules anew, or of the preferences."""
        patch = {name: rules.pop(name) for name in list(rules) if name in Preferences.model_fields}
        preferences = self.kept.preferences.patched(patch)
        self.kept = replace(self.kept, preferences=preferences, **rules)  # type: ignore[arg-type]
