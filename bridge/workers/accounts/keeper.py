"""Keeps one account signed in: runs its session again after trouble, at the right pace."""

import asyncio
import logging
from collections.abc import Callable

from tenacity import wait_exponential, wait_exponential_jitter

from bridge.backoff import Backoff
from bridge.connectors.base import AccountSession
from bridge.errors import HouseError, LoginRejected, Throttled
from bridge.terms import Health
from bridge.workers.ports.account_book import Condition

log = logging.getLogger(__name__)

STEADY = 60.0
"""A session that ran for so many seconds was well: its next trouble starts the pauses anew."""

SLOWLY = 300.0
"""The first pause, in seconds, after credentials that had worked were refused."""


async def keep(session: AccountSession, report: Callable[[Condition], None]) -> None:
    """Returns when only the user can help; otherwise runs until cancelled. Credentials that have
    worked before are tried again, slowly.

    READY is reported by the session itself, through its desk.
    """
    loop = asyncio.get_running_loop()
    pauses = Backoff(wait_exponential_jitter(initial=1, max=60, jitter=1))
    refused = Backoff(wait_exponential(multiplier=SLOWLY, max=3600))
    worked = False
    report(Condition(Health.CONNECTING))
    while True:
        began = loop.time()
        exactly: float | None = None
        try:
            await session.run()
            log.error("an account session ended by itself")
            report(Condition(Health.BROKEN, "session_failed"))
        except LoginRejected as why:
            report(Condition(Health.NEEDS_SIGN_IN, why.code, why.facts))
            if loop.time() - began >= STEADY:
                worked = True
                refused.reset()
            if not worked:
                return
            # they were right before: a registrar that restarts may refuse everybody for a while
            exactly = refused.pause()
        except HouseError as why:
            exactly = why.seconds if isinstance(why, Throttled) else None
            report(Condition(Health.OFFLINE, why.code, why.facts))
        except Exception as why:
            log.exception("an account session failed")
            report(Condition(Health.BROKEN, "session_failed", {"why": type(why).__name__}))
        if loop.time() - began >= STEADY:
            pauses.reset()
        pause = pauses.pause()
        await asyncio.sleep(pause if exactly is None else exactly)
