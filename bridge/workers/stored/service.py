"""What the house answers to one user's worker: the only way from there to the store."""

from collections.abc import Callable
from uuid import UUID

from bridge import files
from bridge.api.events import Event
from bridge.calls.ports.library import Library
from bridge.calls.ports.mailbox import MailboxRecord
from bridge.calls.ports.subscriber import SubscriberRecord
from bridge.settings import Settings
from bridge.store import Store
from bridge.workers.ipc.remote import Answer, served
from bridge.workers.ports.contact_book import ContactBook
from bridge.workers.stored.contact_book import StoredContactBook
from bridge.workers.stored.library import StoredLibrary
from bridge.workers.stored.mailbox import StoredMailbox
from bridge.workers.stored.subscriber import StoredSubscriber

MOST_QUESTIONS = 32
"""Of one worker at a time."""


def store_service(
    store: Store, settings: Settings, user: UUID, tell: Callable[[Event], None]
) -> dict[str, Answer]:
    """The answers, by the names of the questions. They are bound to `user` before his worker has
    said a word, and no question names one.
    """
    folder = files.folder(settings.data_dir, user)
    return {
        **served(SubscriberRecord, StoredSubscriber(store, settings, user, folder, tell)),
        **served(Library, StoredLibrary(store, settings.data_dir, user)),
        **served(MailboxRecord, StoredMailbox(store, user, tell)),
        **served(ContactBook, StoredContactBook(store, user, settings.country)),
    }
