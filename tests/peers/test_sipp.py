"""sipp plays its parts, against a real telephone and against itself."""

import pytest

from tests.peers.fixtures import BaresipFactory, SippFactory
from tests.peers.kamailio import Kamailio
from tests.peers.speech import say
from tests.peers.torture import VARIANTS, Torturer

pytestmark = pytest.mark.real


@pytest.mark.parametrize("status", ["486 Busy Here", "603 Decline", "404 Not Found"])
async def test_phones_that_refuse(
    baresip_factory: BaresipFactory, sipp_factory: SippFactory, status: str
) -> None:
    phone = await sipp_factory("desk", "reject", status=status)
    caller = await baresip_factory("ada")
    await caller.dial(phone.uri)
    assert (await caller.happens("closed")).said == status
    await phone.succeeded()


async def test_a_phone_that_rings_until_it_is_cancelled(
    baresip_factory: BaresipFactory, sipp_factory: SippFactory
) -> None:
    phone = await sipp_factory("desk", "ring")
    caller = await baresip_factory("ada")
    await caller.dial(phone.uri)
    await caller.happens("ringing")
    await caller.hang_up()
    await phone.received("CANCEL")
    await phone.succeeded()


async def test_the_reason_of_a_cancel_is_kept(
    kamailio: Kamailio, sipp_factory: SippFactory
) -> None:
    phone = await sipp_factory("desk", "ring")
    await kamailio.route("100", phone.uri)
    caller = await sipp_factory("caller", "give_up", target=kamailio.address, service="100")
    cancel = await phone.received("CANCEL")
    assert cancel.header("Reason") == 'SIP;cause=200;text="Call completed elsewhere"'
    assert (await caller.succeeded()).answers == {487: 1}
    await phone.succeeded()


async def test_early_media_is_heard_before_the_answer(
    baresip_factory: BaresipFactory, sipp_factory: SippFactory
) -> None:
    spoken = say("The number you have dialled is busy.")
    phone = await sipp_factory("desk", "early_media", ring=4, speaks=spoken)
    caller = await baresip_factory("ada")
    await caller.dial(phone.uri)
    await caller.happens("progress")
    print((await caller.hears(spoken)).why)
    assert not [event for event in caller.events if event.kind == "established"]
    await caller.happens("established")
    await caller.hang_up()
    await phone.succeeded()


async def test_a_caller_who_speaks(
    baresip_factory: BaresipFactory, sipp_factory: SippFactory
) -> None:
    spoken = say("Hello, this is a call from sipp.")
    phone = await baresip_factory("bob", answer="auto")
    caller = await sipp_factory(
        "caller",
        "call",
        target=f"{phone.address}:{phone.port}",
        service="bob",
        caller="+4930123",
        caller_name="Erika Mustermann",
        speaks=spoken,
        hold=spoken.seconds + 1.5,
    )
    shown = await phone.happens("incoming")
    assert (shown.display_name, shown.number) == ("Erika Mustermann", "+4930123")
    print((await phone.hears(spoken)).why)
    outcome = await caller.succeeded()
    assert outcome.answers == {200: 1}


async def test_a_caller_who_gives_up(
    baresip_factory: BaresipFactory, sipp_factory: SippFactory
) -> None:
    phone = await baresip_factory("bob")
    target = f"{phone.address}:{phone.port}"
    caller = await sipp_factory("caller", "give_up", target=target, service="bob")
    await phone.happens("incoming")
    await phone.happens("closed")
    outcome = await caller.succeeded()
    assert outcome.answers == {487: 1}
    assert all(0 < seconds < 1 for seconds in outcome.response_times(180))


async def test_a_caller_who_holds_and_one_who_sends_digits_by_info(
    baresip_factory: BaresipFactory, sipp_factory: SippFactory
) -> None:
    phone = await baresip_factory("bob", answer="auto", dtmf="info")
    target = f"{phone.address}:{phone.port}"
    holder = await sipp_factory("holder", "hold", target=target, service="bob", hold=0.2)
    await holder.succeeded()
    await phone.happens("closed")
    presser = await sipp_factory("p", "digits_by_info", target=target, service="bob", hold=0.2)
    await presser.succeeded()
    await phone.pressed("12#")


async def test_the_other_side_hangs_up(sipp_factory: SippFactory) -> None:
    phone = await sipp_factory("desk", "answer_and_hang_up", hold=0.2)
    target = f"{phone.address}:{phone.port}"
    caller = await sipp_factory("caller", "call_until_bye", target=target)
    await caller.succeeded()
    await phone.succeeded()


async def test_a_hundred_callers_a_second_through_the_provider(
    kamailio: Kamailio, sipp_factory: SippFactory
) -> None:
    phone = await sipp_factory("desk", "answer", calls=50, ring=0)
    busy = await sipp_factory("busy", "reject", calls=50)
    await kamailio.route("100", phone.uri)
    await kamailio.route("200", busy.uri)
    options = {"target": kamailio.address, "calls": 50, "rate": 100}
    answered = await sipp_factory("flood", "flood", service="100", **options)
    refused = await sipp_factory("flood2", "flood", service="200", **options)
    assert (await answered.succeeded(timeout=90)).answers == {200: 50}
    outcome = await refused.succeeded(timeout=90)
    assert outcome.answers == {486: 50}
    assert len(outcome.response_times()) == 50
    await phone.succeeded()
    await busy.succeeded()


async def test_a_scanner(kamailio: Kamailio, sipp_factory: SippFactory) -> None:
    scanner = await sipp_factory("scan", "options", target=kamailio.address, calls=20, rate=200)
    assert (await scanner.finished()).successful == 20


async def test_bad_input_does_not_end_the_provider(kamailio: Kamailio) -> None:
    async with Torturer(kamailio.host, kamailio.port) as torturer:
        for variant in VARIANTS:
            torturer.send(variant)
        await torturer.still_there()
    assert kamailio.program.alive
