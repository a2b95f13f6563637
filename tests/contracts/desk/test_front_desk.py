"""The front desk over a real store keeps its contract; only the workers are not there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any
from uuid import UUID, uuid4

import pytest

from bridge import files
from bridge.api.check_views import VerificationView
from bridge.api.command import Command, reply
from bridge.api.commands.accounts import Answer, BeginSignIn, CancelSignIn
from bridge.api.commands.call_outs import PressKey
from bridge.api.commands.calls import ActOnCall, RunningCalls
from bridge.api.commands.contacts import CallContact
from bridge.api.commands.phones import TestCall, VerifyPhone
from bridge.api.commands.podcasts import CallPodcast
from bridge.api.commands.radio import CallStation
from bridge.api.events import Event
from bridge.api.views import CallCard
from bridge.audio.voice.voice_note import to_wav
from bridge.desk.claim import ClaimCode
from bridge.desk.command_registry import CommandRegistry
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.calls import calls, voicemails
from bridge.store.listening import downloads, subscriptions
from bridge.store.listening.fetched import FeedItem
from bridge.store.people import accounts, invites, phones
from bridge.store.preferences import block_list
from bridge.workers.stored.subscriber import record
from tests.bot import things
from tests.bridge.desk.conftest import NoWorkers, dialable
from tests.bridge.store.conftest import sqlite_template
from tests.bridge.store.publisher import episode_of, publish
from tests.contracts.desk.everything import FrontDeskContract
from tests.contracts.desk.world import MESSAGE, DeskWorld

__all__ = ["sqlite_template"]

NETWORKS = {"sip": "SIP", "xmpp": "XMPP"}


class StoredWorld(DeskWorld):
    def __init__(self, settings: Settings, store: Store) -> None:
        super().__init__()
        self.store, self.settings = store, settings
        self.workers, self.told = NoWorkers(), list[Event]()
        self.calling: list[CallCard] = []
        self.feeds: dict[UUID, list[FeedItem]] = {}
        claim = ClaimCode()
        claim.offer()
        self.registry = CommandRegistry(
            settings=settings,
            store=store,
            workers=self.workers,
            claim=claim,
            networks=NETWORKS,
            dialable=lambda typed: dialable(settings, typed),
            decode=to_wav,
            tell=self.told.append,
        )

    async def answer(self, command: Command[Any]) -> Any:
        """As it comes through the door (bridge.desk.http)."""
        found = await self.registry.answer(command)
        return reply(type(command)).validate_python(found)

    async def passes(self, invite: UUID) -> None:
        with self.store.begin() as db:
            db.get_one(invites.Invite, invite).expires = datetime.now(UTC)

    async def account(self, user: UUID, label: str, network: str = "sip") -> UUID:
        kept = {"options": {}, "secrets": {}, "label": label, "now": datetime.now(UTC)}
        row = await self.store.run(accounts.keep, user, network, f"{label}@sip.example", **kept)
        return row.id

    async def verifies(self, user: UUID, phone: UUID) -> None:
        await self.store.run(phones.verified, user, phone, datetime.now(UTC))

    async def call(self, user: UUID, caller: str, ago: timedelta) -> UUID:
        view = things.call(caller_name=caller, started=datetime.now(UTC) - ago)
        await self.store.run(calls.write, record(user, view))
        return view.id

    async def running(self, user: UUID) -> UUID:
        self.calling.append(things.card_of(user))
        return self.calling[-1].id

    async def voicemail(self, user: UUID, caller: str, ago: timedelta) -> UUID:
        row = await self.store.run(
            voicemails.keep,
            user,
            uuid4(),
            caller_name=caller,
            caller_address="+4930123456",
            seconds=6.0,
            ogg=MESSAGE,
            now=datetime.now(UTC) - ago,
        )
        return row.id

    async def episode(
        self, user: UUID, podcast: UUID, title: str, ago: timedelta, ready: bool = True
    ) -> UUID:
        now = datetime.now(UTC)
        with self.store.reading() as db:
            feed = subscriptions.get(db, user, podcast).feed_id
        if feed not in self.feeds:
            publish(self.store, feed, now=now)
        items = self.feeds.setdefault(feed, [])
        where = f"https://pods.example/{title}.mp3"
        items.append(
            FeedItem(title, title=title, published=now - ago, enclosure=where, notes=title)
        )
        publish(self.store, feed, *items, now=now + timedelta(seconds=1))
        episode = episode_of(self.store, feed, title).id
        if ready:
            files.episode(self.settings.data_dir, episode).write_bytes(b"sound")
            with self.store.begin() as db:
                downloads.stored(db, episode, size=5, now=now)
        return episode

    async def blocks(self, user: UUID, many: int) -> None:
        now = datetime.now(UTC)
        with self.store.begin() as db:
            db.add_all(
                block_list.Blocked(user_id=user, address=f"+4940{number}", name="", since=now)
                for number in range(many)
            )

    async def serves(self, user: UUID) -> None:
        done: dict[Any, Any] = dict.fromkeys(
            (Answer, CancelSignIn, PressKey, ActOnCall, TestCall, CallPodcast, CallStation)
        )
        shown = VerificationView(digits="4287", tries_left=3)
        self.workers.replies = {
            **done,
            CallContact: None,
            BeginSignIn: str(uuid4()),
            RunningCalls: self.calling,
            VerifyPhone: shown.model_dump(mode="json"),
        }


class TestFrontDesk(FrontDeskContract):
    @pytest.fixture
    async def world(self, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[DeskWorld]:
        settings = Settings(_env_file=None, data_dir=tmp_path)
        await asyncio.to_thread(copy, sqlite_template, tmp_path / "skype2sip.db")
        with Store.open(settings.database, key_ring(settings)) as store:
            yield StoredWorld(settings, store)
