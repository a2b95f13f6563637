"""Long sound on a real telephone: the right second, at once, without a gap."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import numpy as np
import pytest

from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.port import Source
from bridge.connectors.sip.outbound_route import SipRoute
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import State
from tests.bridge.connectors.sip.kit import WireNetwork, opened_route
from tests.bridge.connectors.sip.test_sound import ring
from tests.peers.baresip import Baresip
from tests.peers.fixtures import BaresipFactory
from tests.peers.ladder import encoded, ladder, pitch, second_in, tone_of
from tests.peers.programs import until
from tests.peers.speech import Sound, load

LENGTH = 90
Listening = Callable[[], AbstractAsyncContextManager[tuple[Baresip, DecodedPlayback]]]


@pytest.fixture
async def network(stack: SipStack) -> WireNetwork:
    network = WireNetwork(stack)
    network.patience = 10.0
    return network


@pytest.fixture
async def route(stack: SipStack) -> AsyncIterator[SipRoute]:
    async with opened_route(stack) as route:
        yield route


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Source:
    path = tmp_path_factory.mktemp("episode") / "ladder.mp3"
    return Source(str(encoded(ladder(LENGTH), path)))


@pytest.fixture
async def listened(
    network: WireNetwork, route: SipRoute, stack: SipStack, baresip_factory: BaresipFactory
) -> Listening:
    @asynccontextmanager
    async def listening() -> AsyncIterator[tuple[Baresip, DecodedPlayback]]:
        phone = await baresip_factory("desk", answer="auto", codecs=("PCMA",))
        leg = await ring(route, phone.uri)
        end = network.end(leg)
        await end.becomes(State.ESTABLISHED)
        async with stack.mixer.playback(leg.audio) as playback:
            assert isinstance(playback, DecodedPlayback)
            yield phone, playback
        await leg.hang_up()
        await end.ends()

    return listening


def newest(phone: Baresip, seconds: float) -> Sound:
    """The last `seconds` that `phone` heard."""
    heard = load(phone.heard()) if phone.recordings() else Sound.nothing(seconds)
    return heard.after(heard.seconds - seconds)


def loudness(sound: Sound) -> float:
    return float(np.abs(sound.samples).mean()) if len(sound.samples) else 0.0


async def hears_second(phone: Baresip, second: int) -> None:
    def heard() -> bool:
        last = newest(phone, 0.4)
        return loudness(last) > 0.05 and second_in(last) == second

    await until(heard, f"second {second}")


async def test_a_phone_hears_the_second_that_was_wanted(
    listened: Listening, episode: Source
) -> None:
    async with listened() as (phone, playback):
        await playback.load(episode, at=31.0)
        await playback.play()
        await hears_second(phone, 31)
        for second in (62, 5, 44):
            await playback.seek(second)
            await hears_second(phone, second)
        await playback.set_speed(1.5)
        at = playback.position
        await until(lambda: playback.position > at + 4.5, "three seconds")
        last = newest(phone, 0.4)
        assert min(abs(pitch(last) - tone_of(n)) for n in range(44, 54)) < 8
        assert playback.underruns == 0


async def test_a_phone_hears_nothing_at_once_when_it_is_paused(
    listened: Listening, episode: Source
) -> None:
    async with listened() as (phone, playback):
        await playback.load(episode)
        await playback.play()
        await until(lambda: playback.position > 1.0, "a second of it")
        await playback.pause()
        before = load(phone.heard()).seconds
        await until(lambda: loudness(newest(phone, 0.1)) < 0.001, "silence", 3)
        assert load(phone.heard()).seconds - before < 0.5


async def test_ten_seconds_have_no_gap(listened: Listening, episode: Source) -> None:
    async with listened() as (phone, playback):
        await playback.load(episode, at=20.0)
        await playback.play()
        await until(lambda: playback.position > 30.0, "ten seconds", 15)
        assert playback.underruns == 0
        levels = [loudness(part) for part in newest(phone, 8.0).parts(160)]
        assert min(levels) > 0.2 * float(np.median(levels))
