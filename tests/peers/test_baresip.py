"""Two real telephones call each other without anybody between them."""

import pytest

from tests.peers.delay import mouth_to_ear
from tests.peers.fixtures import BaresipFactory, SippFactory
from tests.peers.programs import PeerFailed
from tests.peers.speech import Sound, say

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def question() -> Sound:
    return say("The quick brown fox jumps over the lazy dog.")


@pytest.fixture(scope="module")
def answer() -> Sound:
    return say("Guten Tag, hier spricht das Telefon von Ada.", "de")


async def test_each_hears_the_other(
    baresip_factory: BaresipFactory, question: Sound, answer: Sound
) -> None:
    caller = await baresip_factory("ada", speaks=question, display_name="Ada Lovelace")
    phone = await baresip_factory("bob", speaks=answer)
    await caller.dial(phone.uri)
    shown = await phone.happens("incoming")
    assert (shown.display_name, shown.number) == ("Ada Lovelace", "ada")
    await caller.happens("ringing")
    await phone.answer()
    await caller.happens("established")
    await phone.happens("established")
    for verdict in (await phone.hears(question), await caller.hears(answer)):
        print(verdict.why)
        assert verdict.match.correlation > 0.95
        assert verdict.pesq is not None and verdict.pesq > 3.0
    await caller.hang_up()
    assert (await phone.happens("closed")).said == "Connection reset by peer"


@pytest.mark.parametrize("dtmf", ["rtpevent", "info"])
async def test_digits_arrive(baresip_factory: BaresipFactory, dtmf: str) -> None:
    caller = await baresip_factory("ada", dtmf=dtmf)
    phone = await baresip_factory("bob", answer="auto", dtmf=dtmf)
    await caller.dial(phone.uri)
    await caller.happens("established")
    await caller.press("12#")
    await phone.pressed("12#")
    await phone.press("*0")
    await caller.pressed("*0")
    await phone.hang_up()
    await caller.happens("closed")


async def test_it_rings_until_the_caller_gives_up(baresip_factory: BaresipFactory) -> None:
    caller = await baresip_factory("ada")
    phone = await baresip_factory("bob", answer="never")
    await caller.dial(phone.uri)
    await phone.happens("incoming")
    await caller.happens("ringing")
    await caller.hang_up()
    await phone.happens("closed")
    with pytest.raises(PeerFailed, match="in vain"):
        await phone.happens("established", timeout=0.1)


async def test_rejecting_is_busy_here(baresip_factory: BaresipFactory) -> None:
    caller = await baresip_factory("ada")
    phone = await baresip_factory("bob")
    await caller.dial(phone.uri)
    await phone.happens("incoming")
    await phone.reject()
    assert (await caller.happens("closed")).said.startswith("486")


async def test_g722(baresip_factory: BaresipFactory) -> None:
    wide = say("The quick brown fox jumps over the lazy dog.", rate=16000)
    caller = await baresip_factory("ada", speaks=wide, codecs=("G722", "PCMA"))
    phone = await baresip_factory("bob", answer="auto", codecs=("G722", "PCMA"))
    await caller.dial(phone.uri)
    verdict = await phone.hears(wide)
    print(verdict.why)
    assert "G722" in await phone.ask("callstat")


async def test_the_delay_between_two_phones_is_measured(
    baresip_factory: BaresipFactory, question: Sound
) -> None:
    caller = await baresip_factory("ada", speaks=question)
    # two frames of 20 ms in the jitter buffer, on loopback nothing else
    phone = await baresip_factory("bob", answer="auto", jitter_frames="2-10")
    await caller.dial(phone.uri)
    await phone.hears(question)
    delay = await mouth_to_ear(caller, phone, question, seconds=1.0)
    print(f"mouth to ear: {1000 * delay:.1f} ms")
    assert delay == pytest.approx(0.040, abs=0.015)


async def test_hold_and_resume(baresip_factory: BaresipFactory, sipp_factory: SippFactory) -> None:
    phone = await sipp_factory("desk", "answer", ring=0)
    caller = await baresip_factory("ada")
    await caller.dial(phone.uri)
    await caller.happens("established")
    await caller.hold()
    held = await phone.received_where(lambda m: m.method == "INVITE" and "a=sendonly" in m.text)
    await caller.resume()
    await phone.received_where(
        lambda m: m.method == "INVITE" and "a=sendrecv" in m.text and m.at > held.at
    )
    await caller.hang_up()
    await phone.succeeded()


async def test_a_missing_phone_is_told_in_clear_words(baresip_factory: BaresipFactory) -> None:
    phone = await baresip_factory("bob")
    await phone.kill()
    with pytest.raises(PeerFailed, match="not running"):
        await phone.answer()
