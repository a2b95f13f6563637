"""What the chat gets to see of the user's contacts."""

from datetime import datetime
from uuid import UUID

from bridge.api.view import View


class ContactAddressView(View):
    """An address of a contact. `account` is the label of the account that would be used now."""

    id: UUID
    network: str
    """"phone" for a telephone number."""
    address: str
    account: str = ""
    open: bool = False
    online: bool | None = None


class ContactView(View):
    """Somebody whom the user can call."""

    id: UUID
    name: str
    speed_dial: str
    sounds_like: str = ""
    talked: datetime | None = None
    ways: tuple[ContactAddressView, ...] = ()


class ContactsPage(View):
    """Some of the contacts, of `total` that match."""

    contacts: tuple[ContactView, ...]
    total: int


class ImportedContacts(View):
    """What came of an address book. `skipped` are names of entries that cannot be called,
    `sharing` of those that have only what is another contact's, `left_out` of those for whom there
    was no room.
    """

    added: int
    changed: int
    skipped: tuple[str, ...] = ()
    sharing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
