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
from bridge.api.views import AccountView, NetworkView
from bridge.desk.command_registry import CommandRegistry, answers
from bridge.errors import UnknownTarget
from bridge.store.people import accounts
from bridge.store.views import account_view


@answers(ListNetworks)
async def list_networks(desk: CommandRegistry, _: ListNetworks) -> list[NetworkView]:
    return [NetworkView(network=name, title=title) for name, title in desk.networks.items()]


@answers(ListAccounts)
async def list_accounts(desk: CommandRegistry, asked: ListAccounts) -> list[AccountView]:
    return [account_view(row) for row in await desk.store.read(accounts.of_user, asked.user)]


@answers(BeginSignIn)
async def begin_sign_in(desk: CommandRegistry, asked: BeginSignIn) -> Any:
    if asked.network not in desk.networks:
        raise UnknownTarget("no_such_network", network=asked.network)
    if asked.account is not None:
        row = await desk.store.read(accounts.get, asked.user, asked.account)
        if row.network != asked.network:
            raise UnknownTarget("no_such_account")
    return await desk.workers.send(asked.user, asked)


@answers(Answer, CancelSignIn)
async def go_on(desk: CommandRegistry, asked: Answer | CancelSignIn) -> None:
    await desk.workers.send(asked.user, asked)


@answers(ChangeAccount)
async def change_account(desk: CommandRegistry, asked: ChangeAccount) -> AccountView:
    row = await desk.store.run(
        accounts.change,
        asked.user,
        asked.account,
        now=desk.now,
        label=asked.label,
        enabled=asked.enabled,
        is_trunk=asked.is_trunk,
        is_phone_in=asked.is_phone_in,
    )
    desk.workers.refresh(asked.user)
    return account_view(row)


@answers(RemoveAccount)
async def remove_account(desk: CommandRegistry, asked: RemoveAccount) -> None:
    await desk.store.run(accounts.remove, asked.user, asked.account)
    desk.workers.refresh(asked.user)
