"""The user's accounts on the networks."""

from typing import Any

from bridge.api.commands.accounts import (
    Answer,
    BeginSignIn,
    CancelSignIn,
    ChangeAccount,
    ListAccounts,
    ListNetworks,
    RemoveAccount,
)
from bridge.api.views import NetworkView
from bridge.desk.command_registry import CommandRegistry, answers, passes_on, reads, writes
from bridge.errors import UnknownTarget
from bridge.store.people import accounts


@answers(ListNetworks)
async def list_networks(desk: CommandRegistry, _: ListNetworks) -> list[NetworkView]:
    return [NetworkView(network=name, title=title) for name, title in desk.networks.items()]


@answers(BeginSignIn)
async def begin_sign_in(desk: CommandRegistry, asked: BeginSignIn) -> Any:
    if asked.network not in desk.networks:
        raise UnknownTarget("no_such_network", network=asked.network)
    if asked.account is not None:
        row = await desk.store.read(accounts.get, asked.user, asked.account)
        if row.network != asked.network:
            raise UnknownTarget("no_such_account")
    return await desk.workers.send(asked.user, asked)


reads(ListAccounts, accounts.of_user)
writes(ChangeAccount, accounts.change, refreshes=True)
writes(RemoveAccount, accounts.remove, refreshes=True)
passes_on(Answer)
passes_on(CancelSignIn)
