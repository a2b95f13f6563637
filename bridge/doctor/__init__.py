"""`python -m bridge doctor`: is this machine, and is `.env`, fit for the service?

Every check looks at the real thing: a sound daemon is started, the trunk is asked for a
registration, the bot's token is shown to Telegram. Nothing is changed, and nothing rings.
"""

import asyncio
from asyncio import to_thread
from collections.abc import Awaitable, Callable, Sequence

from telegram.request import BaseRequest

from bridge.doctor import desktop, host, memory, sound, telephony
from bridge.doctor.finding import Finding, Verdict, fault, refused, table
from bridge.doctor.telegram import telegram
from bridge.errors import HouseError
from bridge.settings import Settings
from bridge.version import version

PATIENCE = 30.0
"""Seconds after which a check has failed."""


async def examine(settings: Settings, to_telegram: BaseRequest | None = None) -> int:
    """Print what was found as a table; the exit code: 1 if something must be mended.

    `to_telegram` carries the requests to the Bot API; by default the network does.
    """
    findings = await _all(
        [
            ("Python", lambda: to_thread(host.python)),
            (".env", lambda: to_thread(host.spelling)),
            ("walls of readers", lambda: to_thread(host.walls)),
            ("data directory", lambda: to_thread(host.room, settings)),
            ("time zone", lambda: to_thread(host.clock, settings)),
            ("service", lambda: to_thread(host.service, settings)),
            ("front desk", lambda: to_thread(host.front_desk, settings)),
            ("database", lambda: to_thread(memory.database, settings)),
            ("seal key", lambda: to_thread(memory.seal_key, settings)),
            ("speech", lambda: sound.speech()),
            ("own voices", lambda: sound.voices(settings)),
            ("names that are said", lambda: sound.names(settings)),
            ("PulseAudio", lambda: sound.pulse()),
            ("desktop sessions", lambda: desktop.sessions(settings)),
            ("SIP", lambda: telephony.sip(settings)),
            ("trunk", lambda: telephony.trunk(settings)),
            ("Telegram", lambda: telegram(settings, to_telegram)),
        ]
    )
    print(f"skype2sip {version()}")
    print(table(findings))
    return 1 if any(one.verdict is Verdict.FAULT for one in findings) else 0


async def _all(
    checks: Sequence[tuple[str, Callable[[], Awaitable[Finding]]]],
) -> list[Finding]:
    """One after the other: side by side they would disturb each other."""
    return [await _one(what, check) for what, check in checks]


async def _one(what: str, check: Callable[[], Awaitable[Finding]]) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except HouseError as why:
        return refused(what, why)
    except TimeoutError:
        return fault(what, f"no answer for {PATIENCE:.0f} s")
    except Exception as why:  # of a library: its text may hold what nobody should read
        return fault(what, f"the check itself failed ({type(why).__name__})")
