"""The people whom the user can call: the list, finding one, adding one."""

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


@screen.opened
async def contacts(request: RequestContext) -> None:
    await page(request, 0)


@screen.pressed
async def page(request: RequestContext, offset: int) -> None:
    words = request.words
    offset = max(offset, 0)
    shown = await request.ask(ListContacts(user=request.user, limit=ON_A_PAGE, offset=offset))
    if not shown.contacts and offset:
        return await page(request, offset - ON_A_PAGE)  # those there were are gone
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
    turns = []
    if offset:
        turns.append(page.button(words.label("Previous"), max(offset - ON_A_PAGE, 0)))
    if shown.total > offset + ON_A_PAGE:
        turns.append(page.button(words.label("More"), offset + ON_A_PAGE))
    searched.expect(request)
    await request.show(Page(text, [*_listed(words, shown.contacts), turns, *_ways(words)]))


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
    rows = [*_listed(words, found.contacts), everybody, *_ways(words)]
    await request.show(Page(text, rows))


@screen.pressed
async def add(request: RequestContext) -> None:
    words = request.words
    named.expect(request)
    text = lines(words("Please type the name of the person."), words(_BOOK))
    await request.show(Page(text, [[to(words.label("Cancel"), "contacts")]]))


@screen.answered
async def named(request: RequestContext) -> None:
    words = request.words
    addressed.expect(request, request.text)
    text = words(
        "Please type the number of {name}, such as 030 123456 or +43 1 234567. "
        "An address is fine too, such as sip:ada@example.org.",
        name=request.text,
    )
    await request.show(Page(text, [[to(words.label("Cancel"), "contacts")]]))


@screen.answered
async def addressed(request: RequestContext, name: str) -> None:
    new = await request.ask(AddContact(user=request.user, name=name, address=request.text))
    await contact.one(request, new.id)


def _listed(words: Words, found: tuple[ContactView, ...]) -> Rows:
    return [[contact.one.button(people.label(words, each), each.id)] for each in found]


def _ways(words: Words) -> Rows:
    return [[add.button(words.label("Add a contact"))], links(words, "start")]
