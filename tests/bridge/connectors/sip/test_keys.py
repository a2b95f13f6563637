"""Keys, both ways: RFC 4733 where the other end takes it, SIP INFO (RFC 6086) where it does not.
Who knows neither sends tones in the sound.
"""

import struct
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.calls.ports.leg import Pressed
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import State
from tests.bridge.audio.pjmedia.test_inband import keys
from tests.bridge.connectors.contract import Member
from tests.bridge.connectors.sip.kit import WireNetwork, at, call_through, signed_in_at, talking
from tests.bridge.connectors.sip.test_rtp_watchdog import heard, talker
from tests.bridge.connectors.sip.wire import NO_KEYS, Registrar
from tests.peers.fixtures import BaresipFactory, SippFactory
from tests.peers.programs import so_long_after
from tests.peers.sipp import SCENARIOS
from tests.peers.speech import Sound

RELAY = "application/dtmf-relay"


@pytest.fixture
async def network(stack: SipStack) -> WireNetwork:
    return WireNetwork(stack)


@pytest.fixture
async def provider() -> AsyncIterator[Registrar]:
    async with Registrar() as registrar:
        yield registrar


@pytest.fixture
async def ada(network: WireNetwork, provider: Registrar) -> AsyncIterator[Member]:
    async with signed_in_at(network, at(provider)) as member:
        yield member


@pytest.mark.parametrize("way", ["rtpevent", "info"])
async def test_a_telephone_presses_keys(
    ada: Member, provider: Registrar, baresip_factory: BaresipFactory, way: str
) -> None:
    caller = await baresip_factory("caller", dtmf=way)
    host, port = call_through(provider).target
    await caller.dial(f"sip:ada@{host}:{port}")
    called = await ada.offered()
    await called.leg.answer()
    await called.becomes(State.ESTABLISHED)
    await caller.press("1590*#")
    await called.receives("1590*#")
    await called.leg.press("42#")
    if way == "rtpevent":
        await caller.pressed("42#")
    await called.leg.hang_up()
    await called.ends()


@pytest.mark.parametrize("events", [False, True])
async def test_tones_are_keys_where_there_is_no_other_way(
    ada: Member, provider: Registrar, sipp_factory: SippFactory, tmp_path: Path, events: bool
) -> None:
    """Where there is one, a tone is only heard: it may be a voice, or a recording."""
    scenario = SCENARIOS / "call_until_bye.xml"
    if not events:
        scenario = without_events(scenario, tmp_path / "without_events.xml")
    host, port = call_through(provider).target
    await sipp_factory(
        *("caller", scenario),
        target=f"{host}:{port}",
        service="ada",
        speaks=keys("1590*#").then(Sound.nothing(60)),
    )
    called = await ada.offered()
    await called.leg.answer()
    await called.becomes(State.ESTABLISHED)
    if events:
        await heard(called.leg, 150)  # packets: more than all keys take
        assert not any(isinstance(fact, Pressed) for fact in called.facts)
    else:
        await called.receives("1590*#")
    await called.leg.hang_up()
    await called.ends()


def without_events(scenario: Path, path: Path) -> Path:
    lines = scenario.read_text().replace("RTP/AVP 8 101", "RTP/AVP 8").splitlines()
    path.write_text(
        "\n".join(line for line in lines if "a=rtpmap:101" not in line and "a=fmtp" not in line)
    )
    return path


@pytest.mark.parametrize("informs", [False, True])
async def test_a_tone_beside_an_info_does_not_count(
    ada: Member, provider: Registrar, informs: bool
) -> None:
    """Some gateways send a key by INFO, and leave its tone in the sound."""
    async with talker() as rtp:
        call = call_through(provider)
        call.invite(body=provider.sdp(NO_KEYS, port=rtp.port))
        called = await ada.offered()
        await called.leg.answer()
        answer = await call.becomes("200")
        await called.becomes(State.ESTABLISHED)
        if informs:
            call.request("INFO", body="Signal=5\r\nDuration=160\r\n", kind=RELAY)
            await called.receives("5")
        port = int(answer.body.partition("m=audio ")[2].split()[0])
        sound = keys("5", tone=0.2).then(Sound.nothing(0.3)).alaw()
        began = time.monotonic()
        for number, at in enumerate(range(0, len(sound), 160)):
            head = struct.pack("!BBHII", 0x80, 8, number, at, 0x5EED)
            await so_long_after(began, number * 0.02, "a packet is due, as a telephone sends it")
            rtp.send(head + sound[at : at + 160].ljust(160, b"\xd5"), port)
        if not informs:
            await called.receives("5")
        await call.hang_up()
        await called.ends()
        assert [fact.digit for fact in called.facts if isinstance(fact, Pressed)] == ["5"]


async def test_keys_go_by_info_to_who_takes_no_events(ada: Member, provider: Registrar) -> None:
    async with talking(ada, provider, provider.sdp(NO_KEYS)) as (_, called):
        await called.leg.press("7#")
        for key in "7#":
            info = await provider.receives("INFO")
            assert info.header("Content-Type") == RELAY
            assert f"Signal={key}" in info.body.replace(" ", "")
            provider.reply(info, "200 OK")


async def test_a_key_that_is_sent_both_ways_counts_once(ada: Member, provider: Registrar) -> None:
    """Some phones send every key by INFO and by RFC 4733."""
    async with talker() as rtp:
        body = provider.sdp(port=rtp.port)
        call = call_through(provider)
        call.invite(body=body)
        called = await ada.offered()
        await called.leg.answer()
        answer = await call.becomes("200")
        await called.becomes(State.ESTABLISHED)
        port = int(answer.body.partition("m=audio ")[2].split()[0])
        for number, key in enumerate("123"):
            call.request(
                "INFO", body=f"Signal={key}\r\nDuration=160\r\n", kind="application/dtmf-relay"
            )
            await provider.receives("200")
            for step, end in enumerate((0, 0, 0x80, 0x80, 0x80)):
                head = struct.pack("!BBHII", 0x80, 101, number * 5 + step, number * 1600, 0x5EED)
                event = struct.pack("!BBH", int(key), end | 10, 800)
                rtp.send(head + event, port)
            await heard(called.leg, 5 * (number + 1))
        await called.receives("123")
        await call.hang_up()
        await called.ends()
        assert [fact.digit for fact in called.facts if isinstance(fact, Pressed)] == [*"123"]


@pytest.mark.parametrize(
    "body",
    [
        "Signal=\r\n",
        "Signal=",
        "S",
        "\r\n",
        "Signal",
        "\rSignal=",
        "\x00\xff",
        "Signal=Z\r\n" * 300,
    ],
)
async def test_nonsense_in_an_info_does_no_harm(
    ada: Member, provider: Registrar, body: str
) -> None:
    async with talking(ada, provider) as (call, called):
        call.request("INFO", body=body, kind=RELAY)
        call.request("INFO", body="Signal=5\r\nDuration=160\r\n", kind=RELAY)
        await called.until(lambda fact: fact == Pressed("5"))


async def test_a_key_without_a_line_end_is_a_key(ada: Member, provider: Registrar) -> None:
    """The library's parser would abort the process on it."""
    async with talking(ada, provider) as (call, called):
        for key in "7#":
            call.request("INFO", body=f"Signal={key}", kind=RELAY)
        await called.receives("7#")
