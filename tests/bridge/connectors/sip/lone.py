"""A worker's telephone, alone in a process: `python -m tests.bridge.connectors.sip.lone REGISTRAR`.

Tests that might abort the process run it as a child. It signs in as ada, answers its friends' calls
and obeys words on its standard input: `figures`, `stop`, `drop`.
"""

import asyncio
import json
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address
from pathlib import Path

import psutil

from bridge.audio.pjmedia.engine import EngineSettings, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import Credentials
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import NetworkDown
from bridge.terms import Cause, Party

FRIEND = "Friend"


class AnswersFriends:
    """A desk that answers calls from "Friend" and turns others away after a second of ringing."""

    def __init__(self) -> None:
        self.offered = 0
        self._serving: set[asyncio.Task[None]] = set()

    def offer(self, leg: Leg) -> None:
        self.offered += 1
        task = asyncio.create_task(self._serve(leg))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, leg: Leg) -> None:
        await leg.ring()
        if leg.remote.name == FRIEND:
            await leg.answer()
        else:
            await asyncio.sleep(1.0)
            await leg.hang_up(Cause.NO_ANSWER)

    def ready(self, roster: Sequence[Party] = ()) -> None:
        say("ready")

    def presence(self, contact: Party, online: bool) -> None: ...


def say(word: str, **figures: int) -> None:
    print(json.dumps({"word": word, **figures}), flush=True)


async def keep(session: SipSession) -> None:
    while True:
        with suppress(NetworkDown):
            await session.run()
        await asyncio.sleep(0.1)


async def main(registrar: str, transport: str) -> None:
    engine = PjsuaEngine(EngineSettings(IPv4Address("127.0.0.1"), (20000, 29999)))
    await engine.start()
    directory = Path(tempfile.mkdtemp())
    stack = SipStack(engine, ConferenceMixer(engine, directory))
    stack.acl.shut()
    desk = AnswersFriends()
    options = {"registrar": registrar, "user": "ada", "transport": transport}
    session = SipSession(Credentials("ada", options, {"password": "ada-secret"}), desk, stack)
    session.refresh_every = 1.0
    running = asyncio.create_task(keep(session))
    me = psutil.Process()
    words = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(words), sys.stdin
    )
    while word := (await words.readline()).decode().strip():
        if word == "figures":
            say(
                "figures",
                live=engine.live_calls,
                offered=desk.offered,
                files=me.num_fds(),
                threads=me.num_threads(),
                memory=me.memory_info().rss,
                sip_port=engine.sip_port,
                tcp_port=max(engine.listening_ports() - {engine.sip_port}, default=0),
            )
        elif word == "stop":
            running.cancel()
            await session.close()
            await engine.stop()
            say("stopped")
            return
        elif word == "drop":
            running.cancel()
            await engine.stop()
            say("stopped")
            return
    os._exit(3)  # whoever started us is gone


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    asyncio.run(main(*sys.argv[1:3]))
