"""The people whom the user can call: the list, finding one, adding one."""

from telegram import InlineKeyboardButton

from bot.dialogues.asking import asks_text
from bot.dialogues.leafing import Listing, pages
from bot.keyboard import Rows, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.people import contact
from bot.wording import people
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.contacts import AddContact, ListContacts
from bridge.api.contact_views import ContactView

ON_A_PAGE = 10
_BOOK = N_(
    "You can also send me a contact of your telephone (paperclip, Contact), "
    "or a vCard file (.vcf) with many of them."
)

screen = Screen("contacts", about=N_("The people you call"))


@pages(screen, ON_A_PAGE)
async def page(request: RequestContext, offset: int) -> Listing:
    words = request.words
    shown = await request.ask(ListContacts(user=request.user, limit=ON_A_PAGE + 1, offset=offset))
    text = lines(
        words("<b>Contacts</b>"),
        words(
            "To find somebody, type the name. "
            "The number before a name is its speed dial when you phone in: /phonein"
        )
        if shown.total
        else words("There is nobody yet. Add the first person you want to call."),
        "" if shown.total else words(_BOOK),
    )
    searched.expect(request)
    entries = [_entry(words, each) for each in shown.contacts]
    return Listing(text, entries, _ways(words), start=offset)


@screen.answered
async def searched(request: RequestContext) -> None:
    words = request.words
    found = await request.ask(ListContacts(user=request.user, search=request.text, limit=ON_A_PAGE))
    if found.total == 1:
        return await contact.one(request, found.contacts[0].id)
    searched.expect(request)
    if not found.contacts:
        text = words(
            "I find nobody called “{typed}”. Check the spelling, or add the person.",
            typed=request.text,
        )
    elif found.total > ON_A_PAGE:
        text = words("{number} match “{typed}”. Type more of the name.",
                     number=found.total, typed=request.text)  # fmt: skip
    else:
        text = words("Whom do you mean?")
    everybody = [to(words.label("All contacts"), "contacts")]
    rows = [*([_entry(words, each)] for each in found.contacts), everybody, *_ways(words)]
    await request.show(Page(text, rows))


async def _number(request: RequestContext, name: str) -> str:
    return request.words(
        "Please type the number of {name}, such as 030 123456 or +43 1 234567. "
        "An address is fine too, such as sip:ada@example.org.",
        name=name,
    )


async def _numbered(request: RequestContext, name: str) -> None:
    new = await request.ask(AddContact(user=request.user, name=name, address=request.text))
    await contact.one(request, new.id)


number = asks_text(screen, "number", _number, _numbered, back="contacts", number=True)


async def _name(request: RequestContext) -> str:
    return lines(request.words("Please type the name of the person."), request.words(_BOOK))


async def _named(request: RequestContext) -> None:
    await number(request, request.text)


add = asks_text(screen, "add", _name, _named, back="contacts")


def _entry(words: Words, found: ContactView) -> InlineKeyboardButton:
    return contact.one.button(people.label(words, found), found.id)


def _ways(words: Words) -> Rows:
    return [[add.button(words.label("Add a contact"))], links(words, "start")]
