"""What a link to a desktop session promises (bridge.connectors.desktop.protocol.link)."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Protocol

import pytest

from bridge.connectors.desktop.protocol.messages import Reply, StreamGone, StreamSeen, Told
from bridge.connectors.desktop.protocol.requests import Flow, Invoke, Read, Request, Run
from bridge.errors import HouseError, NetworkDown
from tests.fake_clock import settled

BEGINS = StreamSeen(stream="records", index=3, program="chromium")
ENDS = StreamGone(stream="records", index=3)
ANSWER = Invoke(notification=7, key="0")
HANG_UP = Run(argv=("hangup",))
NAMES = Read(element="roster")


class Link(Protocol):
    """As those who drive a program have it."""

    async def ask(self, request: Request, timeout: float = 10.0) -> Reply: ...

    def told(self) -> AsyncIterator[Told]: ...

    def fail(self, fault: HouseError) -> None: ...


class LinkWorld(ABC):
    """The session does what it is asked, and reads "Ada" wherever it reads."""

    link: Link

    @abstractmethod
    async def tells(self, *facts: Told) -> None:
        """Something happens in the session."""

    @abstractmethod
    def follows(self, request: type[Request], *facts: Told) -> None:
        """What happens whenever this is asked."""

    @abstractmethod
    def refuses(self, request: Request, code: str) -> None:
        """It cannot be done."""

    @abstractmethod
    def says_nothing(self, request: type[Request]) -> None:
        """It is done without a reply."""

    @abstractmethod
    async def dies(self) -> None:
        """The session is lost."""

    @abstractmethod
    async def asked(self, number: int) -> list[Request]:
        """What came to the session, once it is so much."""


class LinkContract:
    @pytest.fixture
    async def world(self) -> LinkWorld:
        raise NotImplementedError("each side gives its world")

    async def test_what_is_asked_is_done_in_its_order(self, world: LinkWorld) -> None:
        for request in (ANSWER, Flow(on=True), HANG_UP):
            reply = await world.link.ask(request)
            assert (reply.code, reply.text) == ("", "")
        assert (await world.link.ask(NAMES)).text == "Ada"
        assert await world.asked(4) == [ANSWER, Flow(on=True), HANG_UP, NAMES]

    async def test_several_may_ask_at_once(self, world: LinkWorld) -> None:
        names, done = await asyncio.gather(world.link.ask(NAMES), world.link.ask(HANG_UP))
        assert (names.text, done.text) == ("Ada", "")

    async def test_facts_are_told_in_their_order(self, world: LinkWorld) -> None:
        told = world.link.told()
        await world.tells(BEGINS, ENDS, BEGINS)
        assert [await anext(told) for _ in range(3)] == [BEGINS, ENDS, BEGINS]

    async def test_what_follows_is_told_before_the_reply(self, world: LinkWorld) -> None:
        world.follows(Run, ENDS)
        told = world.link.told()
        await world.tells(BEGINS)
        await world.link.ask(HANG_UP)
        facts = [asyncio.ensure_future(anext(told))]
        await settled()
        facts.append(asyncio.ensure_future(anext(told)))
        await settled()
        assert [fact.result() for fact in facts] == [BEGINS, ENDS]

    async def test_what_could_not_be_done(self, world: LinkWorld) -> None:
        world.refuses(HANG_UP, "desktop_no_program")
        with pytest.raises(HouseError) as refused:
            await world.link.ask(HANG_UP)
        assert (type(refused.value), refused.value.code) == (HouseError, "desktop_no_program")
        assert (await world.link.ask(NAMES)).text == "Ada"

    async def test_who_gets_no_reply_waits_his_time(self, world: LinkWorld) -> None:
        world.says_nothing(Run)
        world.follows(Run, ENDS)
        with pytest.raises(NetworkDown) as silent:
            await world.link.ask(HANG_UP, timeout=0.2)
        assert (silent.value.code, silent.value.facts) == ("desktop_silent", {"asked": "run"})
        assert await world.asked(1) == [HANG_UP]
        assert await anext(world.link.told()) == ENDS
        assert (await world.link.ask(NAMES)).text == "Ada"

    async def test_a_session_that_is_lost(self, world: LinkWorld) -> None:
        """What was told before is told first; then everybody is told of the loss, again and
        again.
        """
        world.says_nothing(Run)
        told = world.link.told()
        await world.tells(BEGINS)
        waiting = asyncio.create_task(world.link.ask(HANG_UP))
        await world.asked(1)
        await world.dies()
        with pytest.raises(NetworkDown, match="desktop_lost"):
            await waiting
        assert await anext(told) == BEGINS
        for _ in range(2):
            with pytest.raises(NetworkDown, match="desktop_lost"):
                await anext(told)
            with pytest.raises(NetworkDown, match="desktop_lost"):
                await world.link.ask(NAMES)
            told = world.link.told()
        assert await world.asked(1) == [HANG_UP]

    async def test_a_session_that_is_ended(self, world: LinkWorld) -> None:
        """For the first reason."""
        waiting = asyncio.ensure_future(anext(world.link.told()))
        await asyncio.sleep(0)
        for code in ("desktop_memory", "desktop_busy"):
            world.link.fail(NetworkDown(code))
        with pytest.raises(NetworkDown, match="desktop_memory"):
            await waiting
        with pytest.raises(NetworkDown, match="desktop_memory"):
            await world.link.ask(NAMES)
        assert await world.asked(0) == []
