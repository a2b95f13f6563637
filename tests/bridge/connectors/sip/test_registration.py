"""Registration: what a registrar says becomes what the keeper can act on (RFC 3261 section 10)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from bridge.connectors.base import Credentials
from bridge.connectors.sip.provider import Provider
from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import HouseError, LoginRejected, NetworkDown, Throttled
from bridge.terms import Cause
from tests.bridge.connectors.contract import Member, signed_in
from tests.bridge.connectors.sip.conftest import SipNetwork, credentials_of
from tests.bridge.connectors.sip.kit import WireNetwork, at, call_through, signed_in_at
from tests.bridge.connectors.sip.wire import Registrar
from tests.peers.kamailio import Kamailio


@pytest.fixture
async def network(stack: SipStack) -> WireNetwork:
    return WireNetwork(stack)


@pytest.fixture
async def exits() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as exits:
        yield exits


async def trouble(network: WireNetwork, credentials: Credentials) -> HouseError:
    """What one attempt to sign in ends with."""
    member = Member(network, credentials)
    try:
        with pytest.raises(HouseError) as raised:
            async with asyncio.timeout(network.patience):
                await member.session.run()
        assert not member.is_ready.is_set()
        return raised.value
    finally:
        await member.session.close()


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (("403 Forbidden",), LoginRejected, "wrong_password"),
        (("404 Not Found",), LoginRejected, "unknown_account"),
        (("500 Oh dear",), NetworkDown, "server_error"),
        (("502 Bad Gateway",), NetworkDown, "registrar_unreachable"),
        (("503 Away",), NetworkDown, "registrar_unreachable"),
        (None, NetworkDown, "not_registered_timeout"),
    ],
)
async def test_a_refusal_says_who_must_act(
    network: WireNetwork, answer: tuple[str, ...] | None, error: type[HouseError], code: str
) -> None:
    async with Registrar(answer) as registrar:
        why = await trouble(network, at(registrar))
    assert type(why) is error
    assert why.code == code


async def test_a_registrar_that_asks_for_a_pause_is_obeyed(network: WireNetwork) -> None:
    async with Registrar(("503 Later", "Retry-After: 77 (maintenance)")) as registrar:
        why = await trouble(network, at(registrar))
    assert isinstance(why, Throttled)
    assert why.seconds == 77


async def test_a_wrong_password_is_tried_once_and_never_again(network: WireNetwork) -> None:
    async with Registrar() as registrar:
        registrar.password, registrar.auth_name = "another", "ada"
        why = await trouble(network, at(registrar))
        assert isinstance(why, LoginRejected)
        proofs = [one for one in registrar.received if one.header("Authorization")]
        assert len(proofs) == 1


async def test_the_authentication_name_may_differ_from_the_user(network: WireNetwork) -> None:
    async with Registrar() as registrar:
        registrar.password, registrar.auth_name = "right-one", "customer-42"
        why = await trouble(network, at(registrar))
        assert isinstance(why, LoginRejected)
        async with signed_in_at(network, at(registrar, auth_name="customer-42")):
            assert "sip:ada@" in registrar.received[-1].header("To")


async def test_everything_goes_through_the_outbound_proxy(network: WireNetwork) -> None:
    async with Registrar(host="127.0.0.3") as proxy:
        there = Credentials(
            "sip:ada@127.0.0.4",
            {"registrar": "127.0.0.4", "user": "ada", "proxy": proxy.address},
            {"password": "right-one"},
        )
        async with signed_in_at(network, there):
            asked = proxy.received[0]
            assert asked.first_line == "REGISTER sip:127.0.0.4 SIP/2.0"
            assert asked.header("Route").startswith(f"<sip:{proxy.address}")


async def test_a_registrar_that_wants_longer_intervals_gets_them(network: WireNetwork) -> None:
    brief = ("423 Interval Too Brief", "Min-Expires: 1800")
    async with Registrar(brief, ("200 OK",)) as registrar, signed_in_at(network, at(registrar)):
        asked = [one.header("Expires") for one in registrar.received]
        assert asked[:2] == ["300", "1800"]


async def test_a_registrar_that_was_silent_is_found_again(network: WireNetwork) -> None:
    async with Registrar(None) as registrar:
        member = Member(network, at(registrar))
        member.session.answer_within = 0.3
        for _ in range(3):
            with pytest.raises(NetworkDown):
                await member.session.run()
        registrar.answers = [("200 OK",)]

        async def sign_in() -> None:
            while True:  # as the keeper does
                with suppress(NetworkDown):
                    await member.session.run()

        running = asyncio.create_task(sign_in())
        async with asyncio.timeout(6):
            await member.is_ready.wait()
        running.cancel()
        await member.session.close()


async def test_closing_takes_the_registration_back(network: WireNetwork) -> None:
    async with Registrar() as registrar:
        async with signed_in_at(network, at(registrar)):
            assert registrar.received[-1].header("Expires") != "0"
        last = registrar.received[-1]
        assert last.header("Expires") == "0" or "expires=0" in last.header("Contact")


async def test_closing_is_proved_like_registering(network: WireNetwork) -> None:
    """The registrar asks anew, while it may still speak to us."""
    async with Registrar() as registrar:
        registrar.password, registrar.auth_name = "right-one", "ada"
        async with signed_in_at(network, at(registrar)):
            registrar.nonce = "another"
        last = registrar.received[-1]
        assert 'nonce="another"' in last.header("Authorization")
        assert last.header("Expires") == "0" or "expires=0" in last.header("Contact")


async def test_closing_does_not_wait_long_for_a_silent_registrar(network: WireNetwork) -> None:
    async with Registrar(("200 OK",), None) as registrar:
        began = asyncio.get_running_loop().time()
        async with signed_in_at(network, at(registrar)):
            pass
        assert asyncio.get_running_loop().time() - began < 3


async def test_a_forgotten_registration_comes_back(kamailio: Kamailio, stack: SipStack) -> None:
    """The provider restarts and knows nobody; the next refresh mends it."""
    network = SipNetwork(kamailio, stack)
    async with signed_in(network, "ada"):
        await kamailio.registered("ada")
        await kamailio.restart()
        await kamailio.registered("ada")


async def test_a_provider_that_is_away_is_told_once(kamailio: Kamailio, stack: SipStack) -> None:
    network = SipNetwork(kamailio, stack)
    member = Member(network, network.credentials("ada"))
    running = asyncio.create_task(member.session.run())
    await asyncio.wait_for(member.is_ready.wait(), network.patience)
    await kamailio.kill()
    with pytest.raises(NetworkDown):
        await asyncio.wait_for(running, network.patience)
    member.is_ready.clear()
    await kamailio.start()

    async def keep() -> None:
        while True:
            with suppress(NetworkDown):
                await member.session.run()

    running = asyncio.create_task(keep())
    await asyncio.wait_for(member.is_ready.wait(), 10)
    await kamailio.registered("ada")
    running.cancel()
    await member.session.close()


async def test_two_accounts_at_two_providers_do_not_meet(
    network: WireNetwork, exits: AsyncExitStack
) -> None:
    """The same user name at both: each provider's calls reach its own account."""
    first = await exits.enter_async_context(Registrar(host="127.0.0.3"))
    second = await exits.enter_async_context(Registrar(host="127.0.0.4"))
    at_first = await exits.enter_async_context(signed_in_at(network, at(first)))
    at_second = await exits.enter_async_context(signed_in_at(network, at(second)))
    for registrar, member, other in ((first, at_first, at_second), (second, at_second, at_first)):
        call = call_through(registrar)
        call.invite()
        called = await member.offered()
        await called.leg.hang_up()
        await call.becomes("480")
        assert other.offers.empty()


async def test_an_account_on_tcp(stack: SipStack, kamailio: Kamailio) -> None:
    """Registered over TCP, and called on the same connection: nobody connects to us."""
    network = SipNetwork(kamailio, stack)
    there = credentials_of(kamailio.account("ada", transport="tcp"))
    async with signed_in_at(network, there) as ada, signed_in(network, "ben") as ben:
        assert "transport=tcp" in (await kamailio.registered("ada"))[0].uri.lower()
        caller = await ben.calls("ada")
        called = await ada.offered()
        await called.leg.hang_up(Cause.BUSY)
        assert await caller.ends() is Cause.BUSY


async def test_a_certificate_that_nobody_vouches_for(network: WireNetwork, tmp_path: Path) -> None:
    users = {"ada": "ada-secret"}
    async with Kamailio(tmp_path / "kamailio", users, tls=True) as provider:
        there = credentials_of(provider.account("ada", transport="tls"))
        why = await trouble(network, there)
        assert isinstance(why, NetworkDown)
        assert why.code == "tls_not_trusted"
        assert await provider.contacts("ada") == []


def test_secrets_are_in_no_repr() -> None:
    there = Credentials("x", {"registrar": "r", "user": "u"}, {"password": "right-one"})
    assert "right-one" not in repr(there) + repr(Provider.of(there))
