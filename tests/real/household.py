"""A family with the service in its house: a provider, a number, two phones, and friends who call.

Everything was set up by chat, as a person would. What a test wants different it changes at the
front desk, which is quicker to read than ten presses; what it expects, it looks for on the phones,
in the chat and in the call records.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from bridge.api.client import Client
from bridge.api.commands.access import WhoIs
from bridge.api.commands.calls import (
    DeleteVoicemail,
    FetchVoicemail,
    History,
    ListBlocked,
    ListVoicemails,
    RunningCalls,
    Unblock,
)
from bridge.api.commands.phones import ChangePhone, ListPhones
from bridge.api.commands.preferences import ChangeSettings, SetGreeting
from bridge.api.views import CallView, PhoneView
from bridge.calls.forwarding import screening
from bridge.settings import Settings
from bridge.terms import Cause, RingMode
from tests.peers.baresip import Baresip
from tests.peers.baresip_events import PhoneEvent
from tests.peers.kamailio import Account, Kamailio
from tests.peers.programs import until
from tests.peers.speech import Sound, load, say
from tests.real import prompts
from tests.real.readiness import accounts_are_ready
from tests.real.service import OWNER_CHAT, Service

NUMBER, ADA, BEN = "4930555010", "4930555020", "4930555030"
ADA_SAYS = "Hello, this is Ada. I am calling your internet number, and your desk phone rings."
DESK_SAYS = "Good morning Ada. I hear you very well, and no computer of mine is on."
RINGS = 6
"""Seconds that a phone rings here, unless a test wants it otherwise."""


async def picks_up(phone: Baresip) -> PhoneEvent:
    """As a person does, who is slower than a machine; gives what the display showed."""
    shown = await phone.happens("incoming")
    await phone.has_rung(screening.INSTANTLY + 0.3)
    await phone.answer()
    await phone.happens("established")
    return shown


async def accepts(phone: Baresip) -> None:
    """Pick up and press 1. That it rings was seen before."""
    await phone.answer()
    await phone.happens("established")
    await phone.press("1")


class Household:
    """`async with Household(directory) as home:`; `settings` go to the service's environment."""

    def __init__(self, directory: Path, service: type[Service] = Service, **settings: str) -> None:
        self.directory = directory
        self.service = service(directory / "house", **settings)
        self.provider = Kamailio(
            directory / "provider",
            {NUMBER: "number-secret", ADA: "ada-secret", BEN: "ben-secret"},
        )
        self.ada_says: Sound = say(ADA_SAYS)
        self.desk_says: Sound = say(DESK_SAYS, speed=150)
        self.desk = Baresip(directory, "desk", speaks=self.desk_says)
        self.mobile = Baresip(directory, "mobile", speaks=self.desk_says)
        self._stack = AsyncExitStack()
        self._known: set[UUID] = set()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for program in (self.provider, self.service, self.desk, self.mobile):
                await stack.enter_async_context(program)
            await self._set_up()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _set_up(self) -> None:
        await self.service.claim()
        await self.service.add_phone("Desk", self.desk)
        await self.service.add_phone("Mobile", self.mobile)
        await self.service.add_account(self.number)
        owner = await self.front_desk.ask(WhoIs(chat=OWNER_CHAT))
        assert owner is not None
        self.owner = owner.id

    @property
    def number(self) -> Account:
        return self.provider.account(NUMBER)

    @property
    def front_desk(self) -> Client:
        """Holds nothing open, so a new one each time is as good as one."""
        return Client(Settings(data_dir=self.service.directory))

    # --- what is different in a test -------------------------------------------------------------

    async def rings(
        self, *labels: str, in_order: bool = False, announce: bool = True, seconds: int = RINGS
    ) -> None:
        """These phones ring, all others are off; and the house is as it was before any test."""
        desk = self.front_desk
        phones: dict[str, PhoneView] = {
            phone.label: phone for phone in await desk.ask(ListPhones(user=self.owner))
        }
        for label, phone in phones.items():
            place = labels.index(label) if label in labels else len(labels)
            await desk.ask(
                ChangePhone(
                    user=self.owner,
                    phone=phone.id,
                    enabled=label in labels,
                    ring_seconds=seconds,
                    position=place,
                )
            )
        mode = RingMode.IN_ORDER if in_order else RingMode.TOGETHER
        await desk.ask(
            ChangeSettings(
                user=self.owner,
                patch={"ring_mode": mode, "announce": announce},
                quiet_hours=(),
            )
        )
        await desk.ask(SetGreeting(user=self.owner, audio=None))
        for blocked in await desk.ask(ListBlocked(user=self.owner)):
            await desk.ask(Unblock(user=self.owner, address=blocked.address))
        for left in await desk.ask(ListVoicemails(user=self.owner)):
            await desk.ask(DeleteVoicemail(user=self.owner, voicemail=left.id))
        self._known = {call.id for call in await self._history()}
        self.service.catch_up()
        self.desk.forget()
        self.mobile.forget()

    async def greets_with(self, greeting: Sound) -> None:
        """The voicemail has a greeting of the user's own."""
        path = greeting.save(self.directory / "greeting.wav")
        audio = base64.b64encode(path.read_bytes()).decode()
        await self.front_desk.ask(SetGreeting(user=self.owner, audio=audio))

    @asynccontextmanager
    async def friend(
        self, number: str = ADA, name: str = "Ada Lovelace", **options: Any
    ) -> AsyncIterator[Baresip]:
        """Somebody with a number at the same provider, whose telephone speaks."""
        options.setdefault("speaks", self.ada_says)
        caller = Baresip(
            self.directory,
            f"friend-{number}-{len(list(self.directory.glob('friend-*')))}",
            account=self.provider.account(number),
            display_name=name,
            **options,
        )
        async with caller:
            await caller.registered()
            yield caller

    async def talks_to(self, caller: Baresip) -> None:
        """The caller dials, the desk phone rings and accepts, and the caller is heard there."""
        await self.rings("Desk")
        await caller.dial(self.number.uri)
        await self.desk.happens("incoming")
        await accepts(self.desk)
        await caller.happens("established")
        await self.desk.hears(self.ada_says)

    async def still_works(self) -> None:
        """The main job: somebody calls, and is taken."""
        async with self.friend() as ada:
            await self.talks_to(ada)
            await ada.hang_up()
            await self.desk.happens("closed")
        call = await self.record()
        assert (call.answered_on, call.cause) == ("Desk", Cause.NORMAL.word)

    # --- what is expected ------------------------------------------------------------------------

    async def record(self, within: float = 10.0) -> CallView:
        """The record of the call that is just over; there is only one."""
        found: list[CallView] = []

        async def written() -> bool:
            found[:] = [call for call in await self._history() if call.id not in self._known]
            return bool(found)

        await until(written, "the record of the call", within)
        [call] = found
        self._known.add(call.id)
        return call

    async def is_quiet(self, within: float = 10.0) -> None:
        """No call goes on."""

        async def quiet() -> bool:
            return not await self.front_desk.ask(RunningCalls(user=self.owner))

        await until(quiet, "all calls to be over", within)

    async def is_ready(self, within: float = 15.0) -> None:
        """The number is registered, and whatever else there is."""
        await accounts_are_ready(self.service, within)

    async def spoken(self, sentence: str, language: str = "en") -> Sound:
        """What the house says."""
        return await prompts.spoken(self.service, sentence, language)

    async def messages(self) -> int:
        """How many voice messages there are."""
        return len(await self.front_desk.ask(ListVoicemails(user=self.owner)))

    async def voice_note(self, voicemail: UUID) -> bytes:
        """The OGG/Opus file that the chat got."""
        kept = await self.front_desk.ask(FetchVoicemail(user=self.owner, voicemail=voicemail))
        return base64.b64decode(kept)

    async def is_recording(self, seconds: float) -> None:
        """The recording of the caller is so long, as it stands on the disk."""

        def recorded() -> bool:
            begun = (
                path
                for path in self.service.directory.rglob("recording-*.wav")
                if path.read_bytes().startswith(b"RIFF")
            )
            return any(load(path).seconds >= seconds for path in begun)

        await until(recorded, f"{seconds:.1f} s to be recorded", seconds + 10, every=0.1)

    async def _history(self) -> list[CallView]:
        return await self.front_desk.ask(History(user=self.owner, limit=100))
