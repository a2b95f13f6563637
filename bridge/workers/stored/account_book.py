"""The accounts of one user, kept in the store, for one worker."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session, undefer

from bridge.api.views import AccountView
from bridge.calls.policy import tollguard
from bridge.connectors.base import Credentials
from bridge.errors import HouseError
from bridge.store import Store
from bridge.store.contacts import contact_merge
from bridge.store.contacts.contact_merge import RosterEntry
from bridge.store.people import accounts, users
from bridge.store.people.accounts import Account
from bridge.terms import PHONE, SIP, Health, Party
from bridge.workers.ports.account_book import Condition, KnownAccount
from bridge.workers.stored.lease_holder import LeaseHolder


class StoredAccountBook:
    """The port AccountBook of `user`, for his worker `owner`. `country` is the house's."""

    def __init__(
        self, store: Store, user: UUID, owner: str, leases: LeaseHolder, country: str
    ) -> None:
        self._store = store
        self._user = user
        self._owner = owner
        self._leases = leases
        self._country = country

    async def all(self) -> Sequence[KnownAccount]:
        return await self._store.read(self._all)

    async def credentials(self, account: UUID) -> Credentials:
        return await self._store.read(self._credentials, account)

    async def take(self, account: UUID) -> float | None:
        await self._store.read(accounts.get, self._user, account)
        return await self._leases.take(self._owner, account)

    async def give_back(self, account: UUID) -> None:
        await self._leases.give_back(self._owner, account)

    async def note(self, account: UUID, condition: Condition, since: datetime) -> AccountView:
        return await self._store.run(self._note, account, condition, since)

    async def note_unserved(self, account: UUID, reason: str, facts: dict[str, str]) -> None:
        now = datetime.now(UTC)
        await self._store.run(
            accounts.note_health, self._user, account, Health.BROKEN, now, reason, facts
        )

    async def take_over(self, account: UUID, roster: Sequence[Party]) -> int:
        entries = [
            RosterEntry(one.name, ((one.network, one.address),))
            for one in roster
            if self._is_address(one)
        ]
        # most of them tell what they told yesterday: nobody has to wait for a writer then
        if not await self._store.read(contact_merge.is_news, self._user, entries, account):
            return 0
        return await self._store.run(self._merge, account, entries)

    async def keep(self, network: str, found: Credentials, account: UUID | None) -> AccountView:
        row = await self._store.run(
            accounts.keep,
            self._user,
            network,
            found.address,
            options=found.options,
            secrets=found.secrets,
            now=datetime.now(UTC),
            account=account,
        )
        return AccountView.of(row)

    def _all(self, db: Session) -> list[KnownAccount]:
        rows = accounts.of_user(db, self._user, undefer(Account.sealed))
        return [KnownAccount(AccountView.of(row), row.options, _version(row)) for row in rows]

    def _credentials(self, db: Session, account: UUID) -> Credentials:
        row = accounts.get(db, self._user, account)
        secrets = accounts.secrets(db, self._user, account)
        return Credentials(row.address, row.options, secrets)

    def _note(
        self, db: Session, account: UUID, condition: Condition, since: datetime
    ) -> AccountView:
        self._leases.guard(db, self._owner, account)
        row = accounts.note_health(
            db, self._user, account, condition.health, since, condition.reason, condition.facts
        )
        return AccountView.of(row)

    def _merge(self, db: Session, account: UUID, entries: list[RosterEntry]) -> int:
        users.locked(db, self._user)
        self._leases.guard(db, self._owner, account)
        return len(contact_merge.merge(db, self._user, entries, account).left_out)

    def _is_address(self, one: Party) -> bool:
        """What is dialled as a number or by SIP has one spelling only."""
        if one.network not in (PHONE, SIP):
            return True
        try:
            return tollguard.normalise(one.address, self._country) == one.address
        except HouseError:
            return False


def _version(row: Account) -> str:
    """Of the envelope, which says nothing of what is in it."""
    told = repr((row.address, sorted(row.options.items()))).encode()
    return sha256(row.sealed + told).hexdigest()
