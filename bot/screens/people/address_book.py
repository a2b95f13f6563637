"""An address book that is sent, at any time: a vCard file, or a contact of Telegram's own."""

import codecs
import re

from markupsafe import Markup
from telegram import Contact, Message

from bot.links import links
from bot.request_context import Page, RequestContext, number_of
from bot.sanitise import tidy
from bot.screen import Screen
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.contacts import ImportContacts
from bridge.api.contact_views import ImportedContacts
from bridge.errors import BadInput

MOST_BYTES = 15_000_000
"""Some programs put everybody's picture into it."""
MOST_NAMES = 10
"""Of those who were not taken."""
_SKIPPED = N_(
    "They have no number or address that I can call. You can add one by hand, "
    "with the country code."
)
_SHARING = N_("Their number is another contact's. Add one of their own by hand.")
_LEFT_OUT = N_("There is no room for more contacts. Remove some, then send the file again.")
_TYPES = {"text/vcard", "text/x-vcard", "text/directory"}
_NUMBER = re.compile(r"^(?:[\w-]+\.)?TEL[;:]", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"^END:VCARD\s*$", re.IGNORECASE | re.MULTILINE)

screen = Screen("vcards")


def is_one(message: Message) -> bool:
    file = message.document
    if file is None:
        return message.contact is not None
    return file.mime_type in _TYPES or (file.file_name or "").lower().endswith(".vcf")


@screen.unasked(is_one)
async def sent(request: RequestContext) -> None:
    words = request.words
    taken = await request.ask(ImportContacts(user=request.user, vcards=await _vcards(request)))
    rows = [links(words, "contacts", "start")]
    await request.say(Page(told(words, taken), rows))


async def _vcards(request: RequestContext) -> str:
    message = request.message
    if message and message.contact:
        return of_telegram(message.contact)
    file = message.document if message else None
    if file is None or (file.file_size or 0) > MOST_BYTES:
        raise BadInput("bad_vcard")
    return decoded(await request.download(file))


def of_telegram(contact: Contact) -> str:
    """A vCard (RFC 2426). The one that came along is only as much as fitted into 2 kB."""
    whole = contact.vcard or ""
    if _NUMBER.search(whole) and _END.search(whole):
        return whole
    first, last = _escaped(contact.first_name), _escaped(contact.last_name or "")
    named = f"{first} {last}".strip()
    return "\r\n".join(
        ("BEGIN:VCARD", "VERSION:3.0", f"N:{last};{first};;;", f"FN:{named}",
         f"TEL:{_escaped(number_of(contact))}", "END:VCARD", "")
    )  # fmt: skip


def _escaped(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", tidy(text))


def decoded(content: bytes) -> str:
    """UTF-8, as vCards are; older programs write UTF-16 or Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def told(words: Words, taken: ImportedContacts) -> Markup:
    missing = (
        _not_taken(words, taken.skipped, _SKIPPED),
        _not_taken(words, taken.sharing, _SHARING),
        _not_taken(words, taken.left_out, _LEFT_OUT),
    )
    if not (taken.added or taken.changed or any(missing)):
        return words("You had all of these contacts already.")
    added = words.count("{number} contact is added.", "{number} contacts are added.", taken.added)
    changed = words.count(
        "{number} contact is changed.", "{number} contacts are changed.", taken.changed
    )
    return lines(added, changed if taken.changed else "", *missing)


def _not_taken(words: Words, names: tuple[str, ...], why: str) -> Markup:
    if not names:
        return Markup("")
    shown = ", ".join(tidy(name) or "–" for name in names[:MOST_NAMES])
    others = len(names) - MOST_NAMES
    more = words.count("and {number} more", "and {number} more", others) if others > 0 else ""
    return lines(
        "", words("Not taken: {names}", names=Markup.escape(f"{shown} {more}".strip())), words(why)
    )
