"""What the acts play with, and what they leave behind."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.demo.timeline import Story
from tests.peers.baresip import Baresip
from tests.peers.hearing import ENOUGH, Verdict, heard_sentence
from tests.peers.kamailio import Kamailio
from tests.peers.speech import Sound, say
from tests.peers.web import WebServer
from tests.real.service import Service

ADA_SAYS = "Hello, this is Ada. I am calling your internet number, and your desk phone rings."
DESK_SAYS = "Good morning. I hear you very well, and no computer of mine is on."
NUMBER, ADAS_NUMBER = "4930555010", "4930555020"
RING_SECONDS = 10


@dataclass(frozen=True)
class Proof:
    """That `spoken` is heard in `recording`, which is kept as `name`; `enough` is a correlation."""

    name: str
    spoken: Sound
    recording: Path
    enough: float = ENOUGH

    @property
    def verdict(self) -> Verdict:
        return heard_sentence(self.spoken, self.recording, enough=self.enough)


class Stage:
    """`async with Stage(directory, scratch) as stage:` has a provider, the service, the owner's
    desk phone, and Ada, who has a number at the same provider. What is kept goes to `directory`.
    """

    def __init__(self, directory: Path, scratch: Path) -> None:
        self.directory, self.scratch = directory, scratch
        self.provider = Kamailio(
            scratch / "provider", {NUMBER: "demo-one", ADAS_NUMBER: "demo-two"}
        )
        self.house = Service(directory / "house", echo=True, PRIVATE_HOSTS="127.0.0.1")
        self.ada_says: Sound = say(ADA_SAYS)
        self.desk_says: Sound = say(DESK_SAYS, speed=150)
        self.desk = Baresip(scratch, "desk", speaks=self.desk_says)
        self.web = WebServer()
        self.stories: list[Story] = []
        self.proofs: list[Proof] = []
        self.pictures: list[Path] = []
        self._programs = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as programs:
            await programs.enter_async_context(self.provider)
            self.number = self.provider.account(NUMBER)
            self.ada = Baresip(
                self.scratch,
                "ada",
                account=self.provider.account(ADAS_NUMBER),
                speaks=self.ada_says,
                display_name="Ada Lovelace",
            )
            for program in (self.house, self.ada, self.desk, self.web):
                await programs.enter_async_context(program)
            self._programs = programs.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._programs.aclose()
        (self.directory / "chat.txt").write_text(self.house.chat + "\n")

    def keep_heard(self, phone: Baresip, name: str) -> Path:
        """What `phone` heard in its newest call, as a file of this name."""
        return phone.keep_heard(self.directory / name)
