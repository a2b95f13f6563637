"""What is away comes back: registrars, killed workers, the chat, the whole house."""

import asyncio
import os
import signal

import pytest

from bridge.api.commands.accounts import ListAccounts, RemoveAccount
from bridge.terms import Cause
from tests.bench.cost import Processes
from tests.peers.kamailio import Account
from tests.peers.programs import until
from tests.real.household import Household

pytestmark = pytest.mark.asyncio(loop_scope="package")

DOWN, UP = "4930555010@127.0.0.1: offline", "4930555010@127.0.0.1: ready"


async def test_a_wrong_password_is_told_once_and_never_shown(home: Household) -> None:
    await home.service.says("/accounts")
    await home.service.sees("Add an account")
    await home.service.sign_in(Account("4930555099", "not-the-password", home.number.registrar))
    await home.service.sees("does not accept this user name")
    await home.still_works()
    assert home.service.chat.count("does not accept this user name") == 1
    assert "not-the-password" not in home.service.chat
    assert "not-the-password" not in home.service.log
    for account in await home.front_desk.ask(ListAccounts(user=home.owner)):
        if "4930555099" in account.address:
            await home.front_desk.ask(RemoveAccount(user=home.owner, account=account.id))


async def test_a_registrar_that_goes_away_is_told_once_and_so_is_its_return(
    home: Household,
) -> None:
    told = home.service.told_since()
    await home.provider.stop()
    await home.service.sees(DOWN, within=60)
    await home.provider.start()
    await home.service.sees(UP, within=60)
    await home.still_works()
    assert told().count(DOWN) == 1
    assert told().count(UP) == 1


async def test_a_killed_worker_is_back_within_five_seconds(home: Household) -> None:
    async with home.friend() as ada:
        await home.talks_to(ada)
        processes = Processes(home.service.pid)
        [worker] = processes.workers()
        os.kill(worker, signal.SIGKILL)
        async with asyncio.timeout(5):
            await home.service.sees("a running call was cut off")
            await until(lambda: processes.workers() not in ([], [worker]), "a new worker")
            await home.is_ready()
        await ada.hang_up()
        await home.desk.hang_up()
    call = await home.record()
    assert (call.cause, call.answered_on) == (Cause.NETWORK_LOST.word, "Desk")
    await home.still_works()


async def test_a_restarted_house_goes_on_where_it_was(home: Household) -> None:
    await home.service.restart()
    await home.is_ready()
    await home.still_works()


async def test_sigterm_lets_a_call_end_by_itself(home: Household) -> None:
    async with home.friend() as ada:
        await home.talks_to(ada)
        home.service.signal(signal.SIGTERM)
        await home.desk.hears(home.ada_says)
        assert home.service.alive
        await ada.hang_up()
        await home.desk.happens("closed")
        await until(lambda: not home.service.alive, "the house to end")


async def test_a_second_signal_says_goodbye_to_both_ends_at_once(home: Household) -> None:
    async with home.friend() as ada:
        await home.talks_to(ada)
        told = home.service.logged_since()
        home.service.signal(signal.SIGTERM)
        await until(lambda: any("no new calls" in line for line in told()), "the first signal")
        home.service.signal(signal.SIGTERM)
        await ada.happens("closed", timeout=5)
        await home.desk.happens("closed", timeout=5)
        await until(lambda: not home.service.alive, "the house to end")
