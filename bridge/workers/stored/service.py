"""What the house answers to one user's worker: the only way from there to the store."""

import logging
from collections.abc import Callable
from uuid import UUID

from tenacity import before_sleep_log, retry, retry_if_exception_type, wait_exponential

from bridge import files
from bridge.api.events import Event
from bridge.calls.ports.library import Library
from bridge.calls.ports.mailbox import MailboxRecord
from bridge.calls.ports.subscriber import SubscriberRecord
from bridge.errors import NetworkDown
from bridge.settings import Settings
from bridge.store import Store
from bridge.workers.ipc.remote import Answer, served
from bridge.workers.ipc.spool import Spool
from bridge.workers.ports.account_book import AccountBook
from bridge.workers.ports.contact_book import ContactBook
from bridge.workers.stored.account_book import StoredAccountBook
from bridge.workers.stored.contact_book import StoredContactBook
from bridge.workers.stored.lease_holder import LeaseHolder
from bridge.workers.stored.library import StoredLibrary
from bridge.workers.stored.mailbox import StoredMailbox
from bridge.workers.stored.spooled import take_in
from bridge.workers.stored.subscriber import StoredSubscriber

log = logging.getLogger(__name__)

_until_taken_in = retry(
    retry=retry_if_exception_type(NetworkDown),
    wait=wait_exponential(0.2, max=10),
    before_sleep=before_sleep_log(log, logging.WARNING),
)(take_in)

MOST_QUESTIONS = 32
"""Of one worker at a time."""


class StoreServices:
    """Of all workers of a house, that tell the chat by `tell`."""

    def __init__(self, store: Store, settings: Settings, tell: Callable[[Event], None]) -> None:
        self.leases = LeaseHolder(store)
        self._store = store
        self._settings = settings
        self._tell = tell

    def of(self, user: UUID, owner: str) -> dict[str, Answer]:
        """The answers to the worker `owner` of `user`, by the names of the questions. They are
        bound to both before it has said a word, and no question names one.
        """
        store, settings, tell = self._store, self._settings, self._tell
        country = settings.country
        folder = files.folder(settings.data_dir, user)
        return {
            **served(SubscriberRecord, StoredSubscriber(store, settings, user, folder, tell)),
            **served(Library, StoredLibrary(store, settings.data_dir, user)),
            **served(MailboxRecord, StoredMailbox(store, user, tell)),
            **served(ContactBook, StoredContactBook(store, user, country)),
            **served(AccountBook, StoredAccountBook(store, user, owner, self.leases, country)),
        }

    async def take_in(self, user: UUID, tell: Callable[[Event], None]) -> None:
        """What his last worker could not tell; nobody serves him now. Returns when the store has
        it: what is settled after it must not come before it.
        """
        left = Spool(files.folder(self._settings.data_dir, user))
        try:
            await _until_taken_in(left, user, self.of(user, ""), tell)
        except Exception:  # a fault of ours: everything else goes on
            log.exception("what a worker left could not be taken in")
