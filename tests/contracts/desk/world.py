"""A house as its clients see it, and what happens in it without them."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest

from bridge.api.command import Command
from bridge.api.commands.access import Claim, Join, MakeInvite, OpenClaim
from bridge.api.commands.phones import AddPhone
from bridge.api.commands.podcasts import AddPodcast
from bridge.errors import HouseError

R = TypeVar("R")
T = TypeVar("T", bound=Callable[..., Any])

MESSAGE = b"OggS" + bytes(60)
"""What every caller says."""
FEED = "https://pods.example/daily.xml"

COVERED: dict[type[Command[Any]], str] = {}
"""Commands that a test of the contract is about, each with the name of one."""


def covers(*kinds: type[Command[Any]]) -> Callable[[T], T]:
    """The test is about these commands; it fails unless it asks each of them."""

    def mark(test: T) -> T:
        COVERED.update(dict.fromkeys(kinds, test.__qualname__))
        promised = (*getattr(test, "covers", ()), *kinds)
        test.covers = promised  # type: ignore[attr-defined]  # read by DeskContract.desk
        return test

    return mark


class DeskWorld(ABC):
    def __init__(self) -> None:
        self.asked: set[type[Command[Any]]] = set()
        self.owner: UUID | None = None
        self._chats = iter(range(1, 100))

    async def ask(self, command: Command[R]) -> R:
        self.asked.add(type(command))
        return await self.answer(command)

    async def refuses(self, command: Command[Any], why: HouseError) -> None:
        """Just so: the sentence that a user reads hangs on kind, code and facts."""
        with pytest.raises(HouseError) as refused:
            await self.ask(command)
        told = refused.value
        assert (type(told), told.code, told.facts) == (type(why), why.code, why.facts)

    async def member(self, name: str = "Ada") -> UUID:
        """The first one claims the house, the others come by invitation."""
        chat = next(self._chats)
        if self.owner is None:
            code = await self.answer(OpenClaim())
            claimed = await self.answer(Claim(chat=chat, name=name, language="en", code=code))
            self.owner = claimed.id
            return claimed.id
        token = (await self.answer(MakeInvite(user=self.owner))).token
        joined = await self.answer(Join(chat=chat, name=name, language="en", token=token))
        return joined.id

    async def podcast(self, user: UUID, address: str = FEED) -> UUID:
        return (await self.answer(AddPodcast(user=user, address=address))).id

    async def has_phone(self, user: UUID) -> None:
        """One that rings."""
        added = await self.answer(AddPhone(user=user, label="", address="0171 1234567"))
        await self.verifies(user, added.id)

    # --- what each side provides -------------------------------------------------------------

    @abstractmethod
    async def answer(self, command: Command[R]) -> R: ...

    @abstractmethod
    async def passes(self, invite: UUID) -> None:
        """The days of an invitation are over."""

    @abstractmethod
    async def account(self, user: UUID, label: str, network: str = "sip") -> UUID:
        """He has signed in."""

    @abstractmethod
    async def verifies(self, user: UUID, phone: UUID) -> None:
        """He has proved that it is his."""

    @abstractmethod
    async def call(self, user: UUID, caller: str, ago: timedelta) -> UUID:
        """Somebody called."""

    @abstractmethod
    async def running(self, user: UUID) -> UUID:
        """Somebody is calling now."""

    @abstractmethod
    async def voicemail(self, user: UUID, caller: str, ago: timedelta) -> UUID:
        """Somebody left MESSAGE."""

    @abstractmethod
    async def episode(
        self, user: UUID, podcast: UUID, title: str, ago: timedelta, ready: bool = True
    ) -> UUID:
        """One more came out, with notes that are its title, and was fetched if `ready`. Those of
        before the first fetch are new to nobody.
        """

    @abstractmethod
    async def blocks(self, user: UUID, many: int) -> None:
        """He has blocked so many numbers."""

    @abstractmethod
    async def serves(self, user: UUID) -> None:
        """His worker runs, and does what it is told."""


class DeskContract:
    """Of all subjects; each is a class below this."""

    @pytest.fixture
    async def world(self) -> DeskWorld:
        raise NotImplementedError("each side gives its world")

    @pytest.fixture
    async def desk(
        self, world: DeskWorld, request: pytest.FixtureRequest
    ) -> AsyncIterator[DeskWorld]:
        yield world
        promised = set(getattr(request.function, "covers", ()))
        assert promised <= world.asked, "a test covers what it never asks"

    @pytest.fixture
    async def ada(self, desk: DeskWorld) -> UUID:
        """The owner."""
        return await desk.member("Ada")

    @pytest.fixture
    async def ben(self, ada: UUID, desk: DeskWorld) -> UUID:
        return await desk.member("Ben")
