"""Studios without an engine, for workers that are real processes; the fork server finds each by
its name.

Who serves an account leaves a file with its process id in `serving` of the user's folder.
"""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from bridge.api.views import PhoneView
from bridge.audio.port import AudioPort, Mixer, Speaker
from bridge.audio.speech.recognizer import Recognizer
from bridge.calls.ports.leg import Leg
from bridge.calls.ports.outbound_route import OutboundRoute
from bridge.connectors.base import AccountSession, Ask, Connector, Credentials, Desk
from bridge.connectors.desktop.opener import SessionOpener
from bridge.connectors.loopback.connector import LoopbackPort
from bridge.settings import Settings
from bridge.terms import Cause, Party, State
from bridge.workers.media.media_stack import MediaStack
from tests.fakes import FakeMixer, FakeSpeaker


class NeverEndingRoute(OutboundRoute):
    """Dials for ever."""

    def counted(self, phone: PhoneView) -> bool:
        return False

    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        return await asyncio.Future()


class ListenerLeg(Leg):
    """Somebody who picks up, presses 1, listens for a moment, and hangs up."""

    def __init__(self, remote: Party) -> None:
        super().__init__(remote)
        self.became(State.OUTGOING)
        self._life = asyncio.create_task(self._live())
        self._port = LoopbackPort(remote.address)

    async def _live(self) -> None:
        await asyncio.sleep(0.3)
        self.became(State.ESTABLISHED)
        await asyncio.sleep(0.3)
        self.pressed("1")
        await asyncio.sleep(0.6)
        await self.hang_up()

    @property
    def audio(self) -> AudioPort:
        return self._port

    async def ring(self) -> None:
        """Only called ones ring."""

    async def answer(self) -> None:
        """It answers by itself."""

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        self.became(State.TERMINATED, cause)

    async def press(self, digits: str) -> None:
        """Nobody is on the other side."""

    async def hold(self, held: bool) -> None:
        """Nobody is on the other side."""


class CountingRoute(OutboundRoute):
    """Each call that was dialled is a line of `path`, which outlives whoever is killed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def counted(self, phone: PhoneView) -> bool:
        return False

    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        with self._path.open("a") as rung:
            rung.write(f"{call}\n")
        return ListenerLeg(Party(phone.address))


class RingingLeg(ListenerLeg):
    """Nobody picks up."""

    async def _live(self) -> None:
        await asyncio.Future()


class RingingRoute(NeverEndingRoute):
    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        return RingingLeg(Party(phone.address))


class PaperSession(AccountSession):
    folder: Path

    async def run(self) -> None:
        self.folder.mkdir(exist_ok=True)
        sign = self.folder / str(os.getpid())
        sign.touch()
        try:
            self.desk.ready()
            await asyncio.Future()
        finally:
            sign.unlink()

    async def dial(self, target: str, showing: Party | None = None) -> Leg:
        raise NotImplementedError("nobody calls here")

    async def close(self) -> None:
        """Nobody was told that it is there."""


class PaperConnector(Connector):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def sign_in(self, ask: Ask) -> Credentials:
        raise NotImplementedError("accounts are put into the store")

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        session = PaperSession(credentials, desk)
        session.folder = self._folder
        return session

    async def forget(self, options: Mapping[str, str]) -> None:
        with (self._folder.parent / "forgotten").open("a") as forgotten:
            forgotten.write(f"{options['kept']}\n")


class PaperStudio(MediaStack):
    def __init__(self, directory: Path) -> None:
        self._connector = PaperConnector(directory / "serving")
        self._route: OutboundRoute = NeverEndingRoute()
        self._mixer, self._speaker = FakeMixer(directory), FakeSpeaker()

    @property
    def route(self) -> OutboundRoute:
        return self._route

    @property
    def mixer(self) -> Mixer:
        return self._mixer

    @property
    def speaker(self) -> Speaker:
        return self._speaker

    @property
    def recognizer(self) -> Recognizer | None:
        return None

    def connector(self, network: str) -> Connector:
        return self._connector

    def use_trunk(self, session: AccountSession | None) -> None:
        """There is none."""

    async def check(self) -> None:
        """Always well."""

    async def close(self) -> None:
        """Nothing is open."""


async def paper(settings: Settings, directory: Path, sessions: SessionOpener) -> MediaStack:
    return PaperStudio(directory)


async def counting(settings: Settings, directory: Path, sessions: SessionOpener) -> MediaStack:
    """Every phone is a listener's; what was dialled is in the file `rung`."""
    stack = PaperStudio(directory)
    stack._route = CountingRoute(settings.data_dir / "rung")
    return stack


async def ringing(settings: Settings, directory: Path, sessions: SessionOpener) -> MediaStack:
    stack = PaperStudio(directory)
    stack._route = RingingRoute()
    return stack


async def that_breaks(settings: Settings, directory: Path, sessions: SessionOpener) -> MediaStack:
    """As the library does when an assertion fails."""
    os.abort()


async def that_never_opens(
    settings: Settings, directory: Path, sessions: SessionOpener
) -> MediaStack:
    return await asyncio.Future()
