"""An account of a client program that is served here: its session, what its desk is told, and its
sound.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.port import Clip
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import Credentials
from bridge.connectors.desktop.driving.leg import DesktopLeg
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.values import FOLDER, RECIPE, kept
from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.local import LocalSessions
from bridge.connectors.desktop.sandbox.network import InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.session import DesktopSession
from bridge.terms import Party, State
from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.bridge.connectors.desktop.uids import own_uids
from tests.peers.hearing import correlation
from tests.peers.ladder import pitch
from tests.peers.programs import PeerFailed, until
from tests.peers.speech import Sound, load


class Desk:
    def __init__(self) -> None:
        self.legs: list[DesktopLeg] = []
        self.roster: Sequence[Party] | None = None

    def offer(self, leg: Leg) -> None:
        assert isinstance(leg, DesktopLeg)
        self.legs.append(leg)

    def ready(self, roster: Sequence[Party] = ()) -> None:
        self.roster = roster

    def presence(self, contact: Party, online: bool) -> None:
        pass


class Flat:
    """One session. `answers` are those to the recipe's questions; `recipes` the folder of one's
    own ones, `authorities` a file of certificates that it trusts.
    """

    def __init__(
        self,
        directory: Path,
        mixer: ConferenceMixer,
        recipe: str,
        recipes: Path | None = None,
        authorities: Path | None = None,
        **answers: str,
    ) -> None:
        namespaces_are_needed()
        self.folders = Folders(directory, own_uids())
        self.folder = self.folders.claim()
        self.desk, self.mixer = Desk(), mixer
        options = {kept(name): answer for name, answer in answers.items()}
        options |= {RECIPE: recipe, FOLDER: str(self.folder.number)}
        shelf = RecipeStore(recipes)
        walls = Sandbox(way=InternetAccess(("127.0.0.1",)), authorities=authorities)
        self.session = DesktopSession(
            Credentials("me", options=options),
            self.desk,
            shelf=shelf,
            opener=LocalSessions(self.folders, shelf, walls),
            mixer=mixer,
        )

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.Task[None]]:
        run = asyncio.create_task(self.session.run())
        try:
            yield run
        finally:
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)

    async def is_ready(self, within: float = 40.0) -> None:
        await until(lambda: self.desk.roster is not None, "the program to be signed in", within)

    async def rings(self, within: float = 40.0) -> DesktopLeg:
        """The newest call, once there is one that has not been answered."""

        def ringing() -> bool:
            return bool(self.desk.legs) and self.desk.legs[-1].state is State.INCOMING

        await until(ringing, "the program to ring", within)
        return self.desk.legs[-1]

    async def pitch(self) -> float:
        """Of what the house hears from the program, in Hz."""
        async with self.mixer.record(self.desk.legs[-1].audio) as recording:
            await until(lambda: recording.seconds > 0.6, "a moment of sound")
        heard = load(recording.path)
        recording.path.unlink()
        return pitch(heard.after(0.2))

    def processes(self) -> list[psutil.Process]:
        """Those of the session's user; only root has one for each."""
        found = []
        for process in psutil.process_iter(["uids", "name"]):
            uids = process.info["uids"]
            if uids is not None and uids.real == self.folder.number:
                found.append(process)
        return found


HEARD, CONTROL = 0.5, 0.4
"""Of the correlation: what was said, and the best that a wrong sentence may reach."""
SAID_AGAIN = 3
"""Times, where a busy machine has lost too much of it."""


async def becomes(leg: Leg, state: State, within: float = 10.0) -> None:
    await until(lambda: leg.state is state, f"the leg to be {state}", within)


async def heard(
    mixer: ConferenceMixer, speaker: Leg, hearer: Leg, said: Sound, directory: Path
) -> Path:
    """What comes to one end of a call while something is said at the other."""
    clip = Clip("said", said.save(directory / "said.wav"), said.seconds)
    async with mixer.record(hearer.audio) as recording:
        await mixer.play(speaker.audio, clip)
        spoken = recording.seconds
        await until(lambda: recording.seconds > spoken + 1, "the last words to arrive")
    return recording.path


def is_this_one(said: Sound, other: Sound, path: Path) -> bool:
    """Whether `said` was heard, and `other`, which was not said, was not."""
    is_it, is_other = correlation(said, path), correlation(other, path)
    return is_it.correlation > HEARD and is_other.correlation < CONTROL


async def comes_through(
    mixer: ConferenceMixer,
    speaker: Leg,
    hearer: Leg,
    said: Sound,
    directory: Path,
    clearly: Callable[[Path], bool],
) -> None:
    """PeerFailed when it is never heard clearly enough."""
    for _ in range(SAID_AGAIN):
        path = await heard(mixer, speaker, hearer, said, directory)
        is_clear = clearly(path)
        path.unlink()
        if is_clear:
            return
    raise PeerFailed(f"said {SAID_AGAIN} times, and never heard clearly")
