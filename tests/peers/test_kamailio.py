"""The provider behaves like one: it asks for passwords, forgets when restarted, relays calls."""

from pathlib import Path

import pytest

from tests.peers.baresip import Baresip
from tests.peers.fixtures import BaresipFactory, SippFactory
from tests.peers.kamailio import Kamailio
from tests.peers.speech import say

pytestmark = pytest.mark.real


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_call_between_two_customers(
    kamailio: Kamailio, baresip_factory: BaresipFactory, transport: str
) -> None:
    question, answer = say("Hello Bob, can you hear me well today?"), say("Ja, sehr gut.", "de")
    ada = kamailio.account("ada", transport=transport)
    caller = await baresip_factory("ada", account=ada, speaks=question, display_name="Ada Lovelace")
    phone = await baresip_factory("bob", account=kamailio.account("bob"), speaks=answer)
    await caller.registered()
    await phone.registered()
    await kamailio.registered("ada")
    assert len(await kamailio.contacts()) == 2

    await caller.dial(phone.uri)
    shown = await phone.happens("incoming")
    assert (shown.display_name, shown.number) == ("Ada Lovelace", "ada")
    await phone.answer()
    await caller.happens("established")
    assert (await phone.hears(question)).match.correlation > 0.95
    assert (await caller.hears(answer)).match.correlation > 0.95
    await caller.press("1")
    await phone.pressed("1")
    await phone.hang_up()
    await caller.happens("closed")


async def test_the_wrong_password_is_refused(
    kamailio: Kamailio, baresip_factory: BaresipFactory
) -> None:
    phone = await baresip_factory("ada", account=kamailio.account("ada", "guessed"))
    said = (await phone.happens("register_failed")).said
    assert "401" in said or "403" in said
    assert await kamailio.contacts() == []


async def test_a_customer_must_prove_to_be_the_caller(
    kamailio: Kamailio, baresip_factory: BaresipFactory
) -> None:
    phone = await baresip_factory("bob", account=kamailio.account("bob"))
    await phone.registered()
    cheat = await baresip_factory("ada", account=kamailio.account("ada", "guessed"))
    await cheat.happens("register_failed")
    await cheat.dial(phone.uri)
    assert (await cheat.happens("closed")).said[:3] in ("403", "407", "401")


async def test_strangers_reach_customers_and_nobody_else(
    kamailio: Kamailio, baresip_factory: BaresipFactory
) -> None:
    phone = await baresip_factory("bob", account=kamailio.account("bob"), answer="auto")
    await phone.registered()
    stranger = await baresip_factory("mallory")
    await stranger.dial(phone.uri)
    await stranger.happens("established")
    await stranger.hang_up()
    await stranger.dial(kamailio.account("nobody").uri)
    assert (await stranger.happens("closed")).said.startswith("404")
    await stranger.dial(kamailio.account("eve").uri)  # a customer without a phone
    assert (await stranger.happens("closed")).said.startswith("480")


async def test_a_restart_forgets_and_the_phone_comes_back(
    kamailio: Kamailio, baresip_factory: BaresipFactory
) -> None:
    phone = await baresip_factory("ada", account=kamailio.account("ada"), expires=2)
    await phone.registered()
    await kamailio.registered("ada")
    await kamailio.restart()
    assert await kamailio.contacts() == []
    await kamailio.registered("ada")


async def test_a_killed_phone_is_forgotten_in_time(
    tmp_path: Path, baresip_factory: BaresipFactory
) -> None:
    async with Kamailio(tmp_path / "short", {"ada": "secret"}, max_expires=2) as provider:
        phone = await baresip_factory("ada", account=provider.account("ada"))
        (contact,) = await provider.registered("ada")
        assert contact.expires <= 2
        assert contact.user_agent.startswith("baresip")
        await phone.kill()
        await provider.unregistered("ada")


async def test_a_number_leads_to_a_phone_as_through_a_trunk(
    tmp_path: Path, sipp_factory: SippFactory
) -> None:
    async with (
        Kamailio(tmp_path / "trunk", {"ada": "s"}, asserts_identity=True) as provider,
        Baresip(tmp_path, "ada", account=provider.account("ada")) as caller,
    ):
        await caller.registered()
        mobile = await sipp_factory("mobile", "reject", status="603 Decline")
        await provider.route("+491711234567", mobile.uri)
        await caller.dial(f"sip:+491711234567@{provider.address}")
        assert (await caller.happens("closed")).said.startswith("603")
        invite = await mobile.received("INVITE")
        assert invite.header("P-Asserted-Identity") == f"<sip:ada@{provider.host}>"


async def test_a_new_customer_while_it_runs(
    kamailio: Kamailio, baresip_factory: BaresipFactory
) -> None:
    account = await kamailio.add_user("zoe", "new-secret")
    phone = await baresip_factory("zoe", account=account)
    await phone.registered()


async def test_tls(tmp_path: Path) -> None:
    async with (
        Kamailio(tmp_path / "tls", {"ada": "s", "bob": "t"}, tls=True) as provider,
        Baresip(tmp_path, "ada", account=provider.account("ada", transport="tls")) as caller,
        Baresip(tmp_path, "bob", account=provider.account("bob"), answer="auto") as phone,
    ):
        await caller.registered()
        await phone.registered()
        (contact,) = await provider.registered("ada")
        assert "transport=tls" in contact.uri
        # baresip adds its account's transport to what it dials, so the port must be that one's
        await caller.dial(provider.account("bob", transport="tls").uri)
        await caller.happens("established")
        await caller.hang_up()
        await phone.happens("closed")
