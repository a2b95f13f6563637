"""The stage of every bench: a provider, the service as its host runs it, and people who live there.

The first one claims the house in its terminal. The others join at the front desk, which is what the
chat does for people on Telegram.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast
from uuid import UUID

from bridge.api.client import Client
from bridge.api.command import Command
from bridge.api.commands.access import Join, MakeInvite, WhoIs
from bridge.api.commands.accounts import Answer, BeginSignIn
from bridge.api.commands.calls import RunningCalls, Status
from bridge.api.commands.phones import AddPhone, VerifyPhone
from bridge.api.commands.preferences import ChangeSettings
from bridge.api.events import Asked, Numbered, SignInEnded
from bridge.settings import Settings
from bridge.terms import Health
from tests.bench.cost import Processes
from tests.peers.baresip import Baresip
from tests.peers.kamailio import Account, Kamailio
from tests.peers.programs import PeerFailed, free_port, until
from tests.real.service import OWNER_CHAT, Service

_CONSUMER = "bench"


@dataclass(frozen=True)
class Resident:
    """Somebody with a number at the provider. `phone_port` is where the own phone is reached, and
    `direct` the number that reaches it without us.
    """

    id: UUID
    account: Account
    phone_port: int
    direct: str

    @property
    def phone_name(self) -> str:
        return f"phone-{self.account.user}"


class Stage:
    """`async with Stage(directory) as stage:`, then `await stage.settle(residents=4)`.

    `settings` are environment variables as in .env.example.
    """

    def __init__(self, directory: Path, **settings: str) -> None:
        self.directory = directory
        self.provider = Kamailio(directory / "provider", {})
        self.service = Service(directory / "house", **settings)
        self.residents: list[Resident] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.provider)
            await stack.enter_async_context(self.service)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def processes(self) -> Processes:
        return Processes(self.service.pid)

    async def ask(self, command: Command[Any]) -> Any:
        async with Client(Settings(data_dir=self.service.directory)) as desk:
            return await desk.ask(command)

    # --- moving in -------------------------------------------------------------------------------

    async def settle(self, residents: int = 1, phones: bool = True) -> None:
        """There are so many, those that were there already included: everybody's number is
        registered; nobody is announced. With `phones` everybody's phone is proved too: by a
        baresip, which then makes room for another program at its port.
        """
        if not self.residents:
            await self.service.claim()

        async def owner() -> Any:
            return await self.ask(WhoIs(chat=OWNER_CHAT))

        first = await until(owner, "the owner")
        for place in range(len(self.residents), residents):
            user = first.id if place == 0 else await self._join(first.id, place)
            await self._move_in(user, place, phones)
        for resident in self.residents:
            await self.ready(resident)

    async def ready(self, resident: Resident, within: float = 20.0) -> None:
        async def is_ready() -> bool:
            status = await self.ask(Status(user=resident.id))
            return bool(status.accounts) and status.accounts[0].health is Health.READY

        await until(is_ready, f"the number {resident.account.user} to be registered", within)

    async def quiet(self, resident: Resident, within: float = 10.0) -> None:
        """No call of this person goes on."""

        async def is_quiet() -> bool:
            return not await self.ask(RunningCalls(user=resident.id))

        await until(is_quiet, "all calls to be over", within)

    async def _join(self, owner: UUID, place: int) -> UUID:
        invite = await self.ask(MakeInvite(user=owner))
        joined = await self.ask(
            Join(chat=1000 + place, name=f"User {place}", language="en", token=invite.token)
        )
        user: UUID = joined.id
        return user

    async def _move_in(self, user: UUID, place: int, phone: bool) -> None:
        account = await self.provider.add_user(f"493055501{place:02}", "number-secret")
        resident = Resident(user, account, free_port(), f"493055509{place:02}")
        await self.provider.route(
            resident.direct, f"sip:{resident.phone_name}@127.0.0.1:{resident.phone_port}"
        )
        await self.ask(ChangeSettings(user=user, patch={"announce": False}))
        await self._sign_in(resident)
        if phone:
            await self._prove_phone(resident)
        self.residents.append(resident)

    async def _sign_in(self, resident: Resident) -> None:
        account = resident.account
        answers = [account.registrar, account.user, account.password, "no"]
        async with Client(Settings(data_dir=self.service.directory)) as desk:
            await desk.acknowledge(_CONSUMER, 0)  # from now on nothing is gone before we have it
            sign_in = await desk.ask(BeginSignIn(user=resident.id, network="sip"))
            async with aclosing(
                cast(AsyncGenerator[Numbered, None], desk.events(_CONSUMER))
            ) as events:
                async for numbered in events:
                    await desk.acknowledge(_CONSUMER, numbered.number)
                    match numbered.event:
                        case Asked(sign_in=asked, question=question) if asked == sign_in:
                            answer = Answer(
                                user=resident.id,
                                sign_in=sign_in,
                                question=question.id,
                                text=answers.pop(0),
                            )
                            await desk.ask(answer)
                        case SignInEnded(sign_in=ended, reason=reason) if ended == sign_in:
                            if reason:
                                raise PeerFailed(f"the account could not be added: {reason}")
                            return

    async def _prove_phone(self, resident: Resident) -> None:
        directory = self.directory / "proof"
        async with Baresip(directory, resident.phone_name, port=resident.phone_port) as phone:
            added = await self.ask(
                AddPhone(user=resident.id, label="Phone", address=phone.direct_uri)
            )
            shown = await self.ask(VerifyPhone(user=resident.id, phone=added.id))
            await phone.happens("incoming")
            await phone.answer()
            await phone.happens("established")
            await phone.press(shown.digits)
            await phone.happens("closed", 20)
        await self.quiet(resident)
