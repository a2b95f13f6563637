"""The people whom the user can call."""

from uuid import UUID

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.contact_views import ContactsPage, ContactView, ImportedContacts


class ListContacts(UserCommand[ContactsPage]):
    """By speed-dial number, or those whose name or number matches `search`, the best first.
    `recent`: those the user talked to come first, the last one before the others.
    """

    search: str = ""
    recent: bool = False
    limit: int = Field(default=10, ge=1, le=100)
    offset: int = Field(default=0, ge=0)


class GetContact(UserCommand[ContactView]):
    """One contact, with all addresses."""

    contact: UUID


class AddContact(UserCommand[ContactView]):
    """`address`: a telephone number as people write it, sip:, xmpp: or another network's prefix, or
    an address of one of the user's accounts' networks.
    """

    name: str
    address: str


class ChangeContact(UserCommand[ContactView]):
    """Only what is given changes. BadInput("bad_speed_dial" | "speed_dial_taken", name=)."""

    contact: UUID
    name: str | None = None
    sounds_like: str | None = None
    speed_dial: str | None = None


class AddContactAddress(UserCommand[ContactView]):
    """One more address of a contact; one that another contact has moves over from there, and a
    contact that has none left is gone.
    """

    contact: UUID
    address: str


class RemoveContactAddress(UserCommand[ContactView]):
    """One address less; the last one takes its contact along."""

    contact: UUID
    way: UUID


class RemoveContact(UserCommand[None]):
    """A contact of a network's roster comes back when the network tells of it again."""

    contact: UUID


class ImportContacts(UserCommand[ImportedContacts]):
    """`vcards`: a vCard file (RFC 6350, 2426), as text. BadInput("bad_vcard")."""

    vcards: str = Field(repr=False)


class CallContact(UserCommand[None]):
    """Rings the user's phones, or only `phone`, and then the contact. UnknownTarget, NotAllowed
    ("no_phone" | "on_the_phone" | "no_way" | a rule of the tollguard).
    """

    contact: UUID
    way: UUID | None = None
    phone: UUID | None = None
