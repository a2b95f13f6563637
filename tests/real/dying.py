"""A session of a client program dies in mid-call, and what the house makes of it."""

import time

from bridge.terms import Cause
from tests.bench.cost import Processes
from tests.bridge.connectors.desktop.reading.traces import Members, held, mounts
from tests.peers.hearing import heard_sentence
from tests.peers.programs import until
from tests.peers.speech import load
from tests.real.web_line import ADA, WebLine

BACK_WITHIN = 15.0


async def is_killed_in_mid_call(line: WebLine, victim: str) -> None:
    """The phone is told, and soon there is a new session and nothing of the old one."""
    home = line.home
    processes = Processes(home.service.pid)
    [worker], [keeper] = processes.workers(), processes.keepers()
    before = held(worker) + held(keeper)
    await line.talks()
    session = Members.of(keeper)
    killed = time.monotonic()
    session.kill(victim)
    await home.desk.happens("closed", BACK_WITHIN)
    lost = await home.spoken(f"The connection to {ADA} was lost.")
    assert heard_sentence(lost, load(home.desk.heard()))
    assert (await home.record()).cause == Cause.NETWORK_LOST.word
    await session.are_gone(BACK_WITHIN)
    await line.is_ready(killed + BACK_WITHIN - time.monotonic())
    await until(
        lambda: not held(worker) + held(keeper) - before, "both to let go of the old session"
    )
    assert not mounts(home.directory)
