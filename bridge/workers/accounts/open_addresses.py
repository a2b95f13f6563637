"""Which ways to people are open at this moment, and through which account each."""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.api.contact_views import ContactAddressView, ContactView
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.terms import PHONE, SIP
from bridge.workers.accounts.sessions import OpenAccount
from bridge.workers.accounts.targets import is_sip
from bridge.workers.ports.contact_book import KnownAddress, KnownContact

_BEST_FIRST = {True: 0, None: 1, False: 2}
"""Somebody may be there where the network does not tell."""


@dataclass(frozen=True)
class OpenAddresses:
    """`trunk`: telephone numbers can be dialled, through the account of this label if it is one of
    the user's; None: they cannot.
    """

    accounts: Sequence[OpenAccount]
    trunk: str | None

    def contact(self, known: KnownContact) -> DirectoryEntry:
        ways = [way for way in map(self.way, known.ways) if way is not None]
        return DirectoryEntry(
            known.id,
            known.name,
            known.speed_dial,
            known.sounds_like,
            known.talked,
            tuple(sorted(ways, key=_rank)),
        )

    def way(self, row: KnownAddress) -> OpenAddress | None:
        """None: it is closed."""
        if row.network == PHONE:
            return None if self.trunk is None else OpenAddress(PHONE, row.address)
        through = self._through(row)
        if through is None:
            return None
        online = through.is_online(row.network, row.address)
        return OpenAddress(row.network, row.address, through.account.id, online)

    def view(self, known: KnownContact) -> ContactView:
        """As the chat shows it."""
        return ContactView.of(known, ways=map(self._shown, known.ways))

    def _shown(self, row: KnownAddress) -> ContactAddressView:
        way, label = self.way(row), self.trunk or ""
        if way is not None and way.account is not None:
            [label] = [one.account.label for one in self.accounts if one.account.id == way.account]
        return ContactAddressView.of(
            row,
            account=label if way else "",
            open=way is not None,
            online=way.online if way else None,
        )

    def _through(self, row: KnownAddress) -> OpenAccount | None:
        """The one that told of it, else any of that network; of SIP that of the same provider."""
        fitting = [one for one in self.accounts if row.network in one.networks]
        told = [one for one in fitting if one.account.id == row.account_id]
        near = [
            one for one in fitting if row.network == SIP and _host(one) == _host_of(row.address)
        ]
        return next(iter((*told, *near, *fitting)), None)


def counted(way: OpenAddress) -> bool:
    """Whether a call on it may cost money."""
    return way.network == PHONE or is_sip(way)


def _rank(way: OpenAddress) -> tuple[int, bool, str, str]:
    return _BEST_FIRST[way.online], counted(way), way.network, way.address


def _host(one: OpenAccount) -> str:
    return _host_of(one.account.address)


def _host_of(address: str) -> str:
    return address.rpartition("@")[2].partition(":")[0].lower()
