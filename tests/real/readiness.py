"""Waiting until people can be called on their accounts."""

from __future__ import annotations

from bridge.api.client import Client
from bridge.api.commands.access import WhoIs
from bridge.api.commands.calls import Status
from bridge.errors import NetworkDown
from bridge.settings import Settings
from bridge.terms import Health
from tests.peers.programs import until
from tests.real.service import OWNER_CHAT, Service


async def accounts_are_ready(service: Service, within: float = 15.0) -> None:
    """All of the owner's, as the front desk says."""
    desk = Client(Settings(data_dir=service.directory))

    async def ready() -> bool:
        try:
            owner = await desk.ask(WhoIs(chat=OWNER_CHAT))
            accounts = (await desk.ask(Status(user=owner.id))).accounts if owner else []
        except NetworkDown:  # it is just starting
            return False
        return bool(accounts) and all(one.health is Health.READY for one in accounts)

    await until(ready, "all accounts to be ready", within, every=0.1)
