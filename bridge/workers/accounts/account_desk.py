"""What an account session reports to: calls to the hall, health to the record, people to the
rosters.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from bridge.api.views import AccountView
from bridge.calls.ports.leg import Leg
from bridge.terms import Health, Party
from bridge.workers.accounts.health import HealthRecord
from bridge.workers.ports.account_book import Condition

MOST_KNOWN = 5000
"""People of one account of whom it is known whether they are online."""


class Hall(Protocol):
    """Where calls are taken: the switchboard."""

    def offer(self, leg: Leg, account: AccountView) -> None: ...


class AccountDesk:
    """bridge.connectors.base.Desk. `told` takes a roster over."""

    def __init__(
        self,
        hall: Hall,
        record: HealthRecord,
        told: Callable[[AccountView, Sequence[Party]], None],
    ) -> None:
        self._hall = hall
        self._record = record
        self._told = told
        self.networks: frozenset[str] = frozenset()
        """Of the people in its roster."""
        self._online: dict[tuple[str, str], bool] = {}

    def offer(self, leg: Leg) -> None:
        self._hall.offer(leg, self._record.account)

    def ready(self, roster: Sequence[Party] = ()) -> None:
        known = [self._spelled(one) for one in islice(roster, MOST_KNOWN)]
        self.networks = frozenset(one.network for one in known)
        self._online.clear()
        self._record.report(Condition(Health.READY))
        if known:
            self._told(self._record.account, known)

    def presence(self, contact: Party, online: bool) -> None:
        known = self._spelled(contact)
        place = known.network, known.address
        if place in self._online or len(self._online) < MOST_KNOWN:
            self._online[place] = online

    def is_online(self, network: str, address: str) -> bool | None:
        """None when the network tells nothing. Who is not mentioned where others are is not."""
        return self._online.get((network, address), False if self._online else None)

    def _spelled(self, one: Party) -> Party:
        return Party(one.address.strip(), one.name, one.network or self._record.account.network)
