"""SIP on this machine, and the trunk to the telephone network.

The library may abort its process, and cannot be started twice in one: a child tries it.
"""

import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import Credentials
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from bridge.doctor.finding import Finding, fault, fine, note, refused
from bridge.errors import HouseError
from bridge.settings import Settings
from bridge.terms import Party
from bridge.workers.media.sip_settings import engine_settings, trunk_of

_ANSWERS_WITHIN = 25.0


async def sip(settings: Settings) -> Finding:
    """Can SIP be spoken at the address, and the door be closed to strangers?"""
    return await _in_child("SIP", settings, _speak)


async def trunk(settings: Settings) -> Finding:
    """Does the trunk take our password? It is asked by a REGISTER, which is taken back at once."""
    if not settings.trunk_registrar:
        return note(
            "trunk",
            "none: only phones with a sip: address can be rung",
            "Set TRUNK_REGISTRAR, TRUNK_USER and TRUNK_PASSWORD in .env to ring ordinary phones.",
        )
    return await _in_child("trunk", settings, _register)


async def _speak(settings: Settings) -> Finding:
    async with _sip_stack(settings) as stack:
        engine = stack.engine
        address = f"{engine.settings.address}, sound on ports {settings.rtp_ports}"
        return fine("SIP", f"can be spoken at {address}, closed to strangers")


async def _register(settings: Settings) -> Finding:
    provider = trunk_of(settings)
    assert provider is not None, "asked only when there is one"
    async with _sip_stack(settings) as stack:
        answer = _Answer()
        credentials = Credentials(
            f"{provider.user}@{provider.registrar}",
            {"registrar": provider.registrar, "user": provider.user},
        )
        session = SipSession(credentials, answer, stack)
        # not the binding of a service that is running with the same account
        session.provider = replace(provider, registers=True, instance="doctor")
        running = asyncio.create_task(session.run())
        waiting = asyncio.create_task(answer.came.wait())
        try:
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        except HouseError as why:
            return fault("trunk", *_MEANINGS.get(why.code, (str(why), _CHECK)))
        finally:
            running.cancel()
            waiting.cancel()
            await session.close()
    return fine("trunk", f"{provider.registrar} knows {provider.user} and takes the password")


_CHECK = "Check TRUNK_REGISTRAR, TRUNK_USER and TRUNK_PASSWORD in .env."
_MEANINGS = {
    "wrong_password": (
        "the registrar does not take this user and password",
        "Check TRUNK_USER and TRUNK_PASSWORD in .env; some providers want a TRUNK_AUTH_NAME too.",
    ),
    "unknown_account": ("the registrar does not know this user", "Check TRUNK_USER in .env."),
    "registrar_unreachable": (
        "the registrar cannot be reached",
        "Check TRUNK_REGISTRAR in .env, and this machine's network.",
    ),
    "not_registered_timeout": (
        "the registrar does not answer",
        "Check TRUNK_REGISTRAR and TRUNK_TRANSPORT in .env, and the firewall.",
    ),
    "tls_not_trusted": (
        "the registrar's certificate is not trusted",
        "Write TRUNK_REGISTRAR as in the certificate, or set TRUNK_TRANSPORT to udp or tcp.",
    ),
}


class _Answer:
    """A desk that only hears that the registration stands."""

    def __init__(self) -> None:
        self.came = asyncio.Event()

    def offer(self, leg: Leg) -> None:
        """Nobody knows of this registration."""

    def ready(self, roster: Sequence[Party] = ()) -> None:
        self.came.set()

    def presence(self, contact: Party, online: bool) -> None:
        """SIP has none."""


@asynccontextmanager
async def _sip_stack(settings: Settings) -> AsyncIterator[SipStack]:
    engine = PjsuaEngine(engine_settings(settings))
    await engine.start()
    with tempfile.TemporaryDirectory() as scratch:
        stack = SipStack(engine, ConferenceMixer(engine, Path(scratch)), settings.sip_trusted)
        stack.acl.shut()
        try:
            yield stack
        finally:
            await engine.stop()


Check = Callable[[Settings], Awaitable[Finding]]


async def _in_child(what: str, settings: Settings, check: Check) -> Finding:
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(what, settings, check, sending), daemon=True)
    with receiving:
        await asyncio.to_thread(child.start)
        sending.close()
        try:
            if not await asyncio.to_thread(receiving.poll, _ANSWERS_WITHIN):
                return fault(what, f"no answer for {_ANSWERS_WITHIN:.0f} s")
            found: Finding = receiving.recv()
            return found
        except EOFError:
            return fault(what, "the SIP library gave up", "Please report this with your machine.")
        finally:
            child.kill()
            await asyncio.to_thread(child.join)


def _child(what: str, settings: Settings, check: Check, sending: Connection) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for standard in (1, 2):  # the library talks while it starts, and when it aborts
        os.dup2(nowhere, standard)
    try:
        found = asyncio.run(_asked(settings, check))
    except HouseError as why:
        found = refused(what, why)
    except Exception as why:
        found = fault(what, f"the check itself failed ({type(why).__name__})")
    sending.send(found)
    # objects of the library that are still alive would abort the process in their destructors
    os._exit(0)


async def _asked(settings: Settings, check: Check) -> Finding:
    return await check(settings)
