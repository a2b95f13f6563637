"""The house in memory that the tests of the chat ask keeps the contract of the front desk."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from bridge.api.command import Command
from bridge.api.commands.access import GetUser
from bridge.api.commands.calls import Block
from bridge.terms import FeedState
from tests.bot import things
from tests.bot.fake_desk import FakeDesk
from tests.contracts.desk.everything import FrontDeskContract, hidden, uncovered
from tests.contracts.desk.world import DeskWorld


class MemoryWorld(DeskWorld):
    def __init__(self, desk: FakeDesk) -> None:
        super().__init__()
        self.desk = desk

    async def answer(self, command: Command[Any]) -> Any:
        return await self.desk.ask(command)

    async def passes(self, invite: UUID) -> None:
        for token, kept in self.desk.invites.items():
            if kept.id == invite:
                old = kept.model_copy(update={"expires": datetime.now(UTC)})
                self.desk.invites[token] = old

    async def account(self, user: UUID, label: str, network: str = "sip") -> UUID:
        return self.desk.account(self.desk.homes[user], label, network=network).id

    async def verifies(self, user: UUID, phone: UUID) -> None:
        home = self.desk.homes[user]
        proved = {"verified": True}
        home.phones = [
            one.model_copy(update=proved) if one.id == phone else one for one in home.phones
        ]

    async def call(self, user: UUID, caller: str, ago: timedelta) -> UUID:
        made = things.call(caller_name=caller, started=datetime.now(UTC) - ago)
        self.desk.homes[user].calls.append(made)
        return made.id

    async def running(self, user: UUID) -> UUID:
        card = things.card_of(user)
        self.desk.homes[user].running.append(card)
        return card.id

    async def voicemail(self, user: UUID, caller: str, ago: timedelta) -> UUID:
        left = things.voicemail(caller_name=caller, created=datetime.now(UTC) - ago)
        self.desk.homes[user].voicemails.append(left)
        return left.id

    async def episode(
        self, user: UUID, podcast: UUID, title: str, ago: timedelta, ready: bool = True
    ) -> UUID:
        shelf = self.desk.shelf(user)
        shelf.podcasts = [
            one.model_copy(update={"title": "The Daily", "state": FeedState.FINE})
            if one.id == podcast
            else one
            for one in shelf.podcasts
        ]
        [of] = (one for one in shelf.podcasts if one.id == podcast)
        made = shelf.episode(
            of, title, published=datetime.now(UTC) - ago, ready=ready, seconds=None
        )
        shelf.notes[made.id] = title
        return made.id

    async def blocks(self, user: UUID, many: int) -> None:
        for number in range(many):
            await self.desk.ask(Block(user=user, address=f"+4940{number}"))

    async def serves(self, user: UUID) -> None:
        """It always is."""


class TestFakeDesk(FrontDeskContract):
    @pytest.fixture
    async def world(self) -> DeskWorld:
        return MemoryWorld(FakeDesk())


def test_whatever_it_answers_is_in_the_contract() -> None:
    assert FakeDesk.answered(), "it is found by the names of its methods"
    assert not uncovered(FakeDesk.answered())


def test_a_command_that_no_test_covers_is_found() -> None:
    assert uncovered({"GetUser", "SweepHistory"}) == {"SweepHistory"}


def test_no_subject_hides_a_test_of_another() -> None:
    assert not hidden(FrontDeskContract)


def test_a_test_that_is_hidden_is_found() -> None:
    class Again(FrontDeskContract):
        async def test_nothing_is_done_for_a_stranger(self, desk: DeskWorld) -> None: ...

    assert hidden(Again) == {"test_nothing_is_done_for_a_stranger"}


async def test_what_is_not_of_the_declared_type_is_no_answer() -> None:
    class Careless(FakeDesk):
        def _GetUser(self, q: GetUser) -> Any:
            return {"id": q.user, "chat": "what"}

    desk = Careless()
    home = desk.member(1)
    with pytest.raises(ValidationError):
        await desk.ask(GetUser(user=home.user.id))
