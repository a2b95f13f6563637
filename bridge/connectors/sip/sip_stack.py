"""What all SIP accounts and phone legs of one worker share."""

import asyncio
from ipaddress import IPv4Network

from bridge.audio.pjmedia.engine import MAX_ACCOUNTS, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.sip.acl import Acl
from bridge.connectors.sip.pacing import MIN_LIFE, Pace
from bridge.connectors.sip.rtp_watchdog import DEAD_AFTER
from bridge.errors import NotAllowed
from bridge.terms import Cause, State


class SipStack:
    """One per worker. `trusted` may always speak to us; legs that are silent for `dead_after`
    seconds are ended.
    """

    def __init__(
        self,
        engine: PjsuaEngine,
        mixer: ConferenceMixer,
        trusted: tuple[IPv4Network, ...] = (),
        dead_after: float = DEAD_AFTER,
    ) -> None:
        self.engine = engine
        self.mixer = mixer
        self.acl = Acl(engine, trusted)
        self.pace = Pace()
        self.dead_after = dead_after
        self._refusals: set[asyncio.Task[None]] = set()

    def refuse(self, leg: Leg) -> None:
        """Turn a call away, slowly: a held slot cannot be filled again, so a flood wears nothing
        out.
        """
        leg.became(State.INCOMING)
        task = asyncio.create_task(_refuse_slowly(leg))
        self._refusals.add(task)
        task.add_done_callback(self._refusals.discard)

    def take_account(self) -> None:
        """Count one more pjsua2 account; the library aborts the process on the ninth."""
        if self.engine.accounts >= MAX_ACCOUNTS:
            raise NotAllowed("too_many_accounts", limit=str(MAX_ACCOUNTS))
        self.engine.accounts += 1

    def give_account(self) -> None:
        self.engine.accounts -= 1


async def _refuse_slowly(leg: Leg) -> None:
    await asyncio.sleep(MIN_LIFE)
    await leg.hang_up(Cause.BUSY)
