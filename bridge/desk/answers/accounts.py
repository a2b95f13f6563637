"""The user's accounts on the networks."""

from typing import Any

from bridge.api.commands import accounts as commands
from bridge.api.views import NetworkView
from bridge.desk.command_registry import CommandRegistry, answers, passes_on, reads, writes
from bridge.errors import UnknownTarget
from bridge.store.people import accounts


@answers(commands.ListNetworks)
async def list_networks(desk: CommandRegistry, _: commands.ListNetworks) -> list[NetworkView]:
    return [NetworkView(network=name, title=title) for name, title in desk.networks.items()]


@answers(commands.BeginSignIn)
async def begin_sign_in(desk: CommandRegistry, asked: commands.BeginSignIn) -> Any:
    if asked.network not in desk.networks:
        raise UnknownTarget("no_such_network", network=asked.network)
    if asked.account is not None:
        row = await desk.store.read(accounts.get, asked.user, asked.account)
        if row.network != asked.network:
            raise UnknownTarget("no_such_account")
    return await desk.workers.send(asked.user, asked)


reads(commands.ListAccounts, accounts.of_user)
writes(commands.ChangeAccount, accounts.change, refreshes=True)
writes(commands.RemoveAccount, accounts.remove, refreshes=True)
passes_on(commands.Answer)
passes_on(commands.CancelSignIn)
