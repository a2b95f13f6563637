"""The user's accounts on the networks."""

from uuid import UUID, uuid4

from bridge.api.commands.accounts import (
    Answer,
    BeginSignIn,
    CancelSignIn,
    ChangeAccount,
    ListAccounts,
    ListNetworks,
    RemoveAccount,
)
from bridge.errors import UnknownTarget
from bridge.terms import Health
from tests.contracts.desk.world import DeskContract, DeskWorld, covers

NO_ACCOUNT = UnknownTarget("no_such_account")


class AccountsContract(DeskContract):
    @covers(ListNetworks, ListAccounts)
    async def test_networks_and_accounts(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        networks = await desk.ask(ListNetworks(user=ada))
        assert ("sip", "SIP") in [(one.network, one.title) for one in networks]
        assert await desk.ask(ListAccounts(user=ada)) == []
        await desk.account(ada, "Work")
        await desk.account(ada, "Home")
        listed = await desk.ask(ListAccounts(user=ada))
        assert [(one.label, one.network) for one in listed] == [("Work", "sip"), ("Home", "sip")]
        assert await desk.ask(ListAccounts(user=ben)) == []

    @covers(BeginSignIn, Answer, CancelSignIn)
    async def test_a_sign_in_begins_and_goes_on(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.serves(ada)
        account = await desk.account(ada, "Work")
        await desk.ask(BeginSignIn(user=ada, network="sip", account=account))
        sign_in = await desk.ask(BeginSignIn(user=ada, network="sip"))
        answer = Answer(user=ada, sign_in=sign_in, question=uuid4(), text="ada")
        assert await desk.ask(answer) is None
        assert await desk.ask(CancelSignIn(user=ada, sign_in=sign_in)) is None

    @covers(BeginSignIn)
    async def test_a_sign_in_to_nothing(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        await desk.serves(ada)
        await desk.refuses(
            BeginSignIn(user=ada, network="telex"),
            UnknownTarget("no_such_network", network="telex"),
        )
        others, elsewhere = await desk.account(ben, "Ben's"), await desk.account(ada, "X", "xmpp")
        for account in (others, elsewhere, uuid4()):
            await desk.refuses(BeginSignIn(user=ada, network="sip", account=account), NO_ACCOUNT)

    @covers(ChangeAccount)
    async def test_only_what_is_given_changes_of_an_account(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        account = await desk.account(ada, "Work")
        [before] = await desk.ask(ListAccounts(user=ada))
        for given in ({"label": "Office"}, {"is_trunk": True}, {"is_phone_in": True}):
            after = await desk.ask(ChangeAccount(user=ada, account=account, **given))
            assert after == before.model_copy(update=given)
            before = after
        assert await desk.ask(ChangeAccount(user=ada, account=account, label="")) == before
        assert await desk.ask(ChangeAccount(user=ada, account=account, enabled=True)) == before
        assert await desk.ask(ListAccounts(user=ada)) == [before]
        long = ChangeAccount(user=ada, account=account, label=" y\n" + "z" * 300)
        assert (await desk.ask(long)).label == "y " + "z" * 198

    @covers(ChangeAccount)
    async def test_one_is_switched_off_and_on(self, desk: DeskWorld, ada: UUID) -> None:
        account = await desk.account(ada, "Work")
        off = await desk.ask(ChangeAccount(user=ada, account=account, enabled=False))
        assert (off.enabled, off.health) == (False, Health.OFF)
        on = await desk.ask(ChangeAccount(user=ada, account=account, enabled=True))
        assert (on.enabled, on.health) == (True, Health.CONNECTING)
        assert off.since <= on.since

    @covers(ChangeAccount)
    async def test_there_is_one_trunk(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        accounts = [await desk.account(ada, "Work"), await desk.account(ada, "Home")]
        others = await desk.account(ben, "Ben's")
        await desk.ask(ChangeAccount(user=ben, account=others, is_trunk=True))
        for account in accounts:
            await desk.ask(ChangeAccount(user=ada, account=account, is_trunk=True))
        trunks = [one.label for one in await desk.ask(ListAccounts(user=ada)) if one.is_trunk]
        assert trunks == ["Home"]
        assert (await desk.ask(ListAccounts(user=ben)))[0].is_trunk

    @covers(ChangeAccount, RemoveAccount)
    async def test_accounts_that_are_not_ones_own(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        account = await desk.account(ada, "Work")
        for which in (account, uuid4()):
            changed = ChangeAccount(user=ben, account=which, enabled=False)
            await desk.refuses(changed, NO_ACCOUNT)
            await desk.refuses(RemoveAccount(user=ben, account=which), NO_ACCOUNT)
        await desk.ask(RemoveAccount(user=ada, account=account))
        await desk.refuses(RemoveAccount(user=ada, account=account), NO_ACCOUNT)
        assert await desk.ask(ListAccounts(user=ada)) == []
