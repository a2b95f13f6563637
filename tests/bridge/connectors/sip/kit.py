"""What the SIP tests share: accounts at a scripted registrar, and calls that come through it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bridge.calls.ports.leg import Leg
from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.connectors.sip import pjaccount
from bridge.connectors.sip.outbound_route import SipRoute
from bridge.connectors.sip.provider import Provider
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import NetworkDown
from bridge.terms import State
from tests.bridge.connectors.contract import End, Member, Network
from tests.bridge.connectors.sip.wire import Registrar, WireCall


class WireNetwork(Network):
    """Whatever a test's own registrars make of it."""

    def __init__(self, stack: SipStack) -> None:
        self.stack = stack

    def credentials(self, who: str) -> Credentials:
        raise NotImplementedError("the test knows its registrar")

    wrong_credentials = credentials

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        session = SipSession(credentials, desk, self.stack)
        session.refresh_every, session.answer_within = 0.5, 1.5
        return session

    def address(self, who: str) -> str:
        raise NotImplementedError("the test knows its peers")

    async def lose(self) -> None:
        raise NotImplementedError("the test knows its registrar")

    def end(self, leg: Leg) -> End:
        return End(self, leg)


def at(registrar: Registrar, user: str = "ada", **options: str) -> Credentials:
    """The account of `user` at a scripted registrar."""
    found = {"registrar": registrar.address, "user": user, **options}
    return Credentials(f"sip:{user}@{registrar.host}", found, {"password": "right-one"})


@asynccontextmanager
async def signed_in_at(network: Network, credentials: Credentials) -> AsyncIterator[Member]:
    member = Member(network, credentials)
    running = asyncio.create_task(member.session.run())
    try:
        async with asyncio.timeout(network.patience):
            await member.is_ready.wait()
        yield member
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, NetworkDown):
            await running
        await member.session.close()


def call_through(registrar: Registrar) -> WireCall:
    """A call that `registrar` passes on to whoever registered last."""
    contact = next(
        one.header("Contact") for one in reversed(registrar.received) if one.header("Contact")
    )
    user, host, port = re.findall(r"sip:(.*?)@([\d.]+):(\d+)", contact)[0]
    call = WireCall(registrar, (host, int(port)), called=user)
    call.theirs = f"<sip:{user}@{registrar.host}>"
    return call


@asynccontextmanager
async def talking(
    member: Member, registrar: Registrar, body: str | None = None
) -> AsyncIterator[tuple[WireCall, End]]:
    """A call from the wire that was answered; hung up from the wire's side at the end."""
    call = call_through(registrar)
    call.invite(body=body)
    called = await member.offered()
    await called.leg.answer()
    await call.becomes("200")
    await called.becomes(State.ESTABLISHED)
    yield call, called
    if not called.leg.over:
        await call.hang_up()
        await called.ends()


@asynccontextmanager
async def opened_route(stack: SipStack, trunk: Provider | None = None) -> AsyncIterator[SipRoute]:
    """The way out to the phones; its accounts go with the context, for pjsua2 has eight at most."""
    route = SipRoute(stack, trunk)
    await route.open()
    try:
        yield route
    finally:
        for account in (route._direct, route._through_trunk):
            if account is not None:
                await pjaccount.closed(stack, account)
