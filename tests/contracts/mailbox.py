"""What a Mailbox promises (bridge.calls.ports.mailbox)."""

from abc import ABC, abstractmethod
from uuid import UUID, uuid4

import pytest

from bridge.calls.ports.mailbox import Mailbox
from bridge.errors import UnknownTarget


class MailboxWorld(ABC):
    mailbox: Mailbox

    @abstractmethod
    async def message(self, caller: str, address: str) -> UUID:
        """Somebody leaves one more."""


class MailboxContract:
    @pytest.fixture
    async def world(self) -> MailboxWorld:
        raise NotImplementedError("each side gives its world")

    async def test_the_newest_comes_first(self, world: MailboxWorld) -> None:
        assert list(await world.mailbox.messages()) == []
        first, second = await world.message("Ada", "+49301"), await world.message("Ben", "+49302")
        listed = await world.mailbox.messages()
        assert [(one.id, one.caller_name, one.caller_address) for one in listed] == [
            (second, "Ben", "+49302"),
            (first, "Ada", "+49301"),
        ]
        assert [(one.heard, one.transcript) for one in listed] == [(False, None)] * 2

    async def test_one_is_heard(self, world: MailboxWorld) -> None:
        message, other = await world.message("Ada", "+49301"), await world.message("Ben", "+49302")
        for _ in range(2):
            await world.mailbox.heard(message)
        heard = {one.id: one.heard for one in await world.mailbox.messages()}
        assert heard == {message: True, other: False}

    async def test_one_can_be_played(self, world: MailboxWorld) -> None:
        message = await world.message("Ada", "+49301")
        async with world.mailbox.sound(message) as source:
            assert source.where and not source.live
        with pytest.raises(UnknownTarget, match="no_such_voicemail"):
            async with world.mailbox.sound(uuid4()):
                raise AssertionError("there is nothing to play")

    async def test_one_is_written_down(self, world: MailboxWorld) -> None:
        message = await world.message("Ada", "+49301")
        await world.mailbox.write_down(message, "Call me.\nToday.")
        assert [one.transcript for one in await world.mailbox.messages()] == ["Call me. Today."]

    async def test_one_is_deleted(self, world: MailboxWorld) -> None:
        message, other = await world.message("Ada", "+49301"), await world.message("Ben", "+49302")
        for _ in range(2):
            await world.mailbox.delete(message)
        await world.mailbox.heard(message)
        await world.mailbox.write_down(message, "Call me.")
        assert [one.id for one in await world.mailbox.messages()] == [other]
        with pytest.raises(UnknownTarget, match="no_such_voicemail"):
            async with world.mailbox.sound(message):
                raise AssertionError("there is nothing to play")
