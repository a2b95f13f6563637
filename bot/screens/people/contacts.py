"""The people whom the user can call: the list, finding one, adding one."""

from bot.keyboard import Rows, to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.people import contact
from bot.wording import people
from bot.wording.texts import N_, Words, lines
from bridge.api.commands import AddContact, ListContacts
from bridge.api.contact_views import ContactView

ON_A_PAGE = 10
_BOOK = N_(
    "You can also send me a contact of your telephone (paperclip, Contact), "
    "or a vCard file (.vcf) with many of them."
)

screen = Screen("contacts", about=N_("The people you call"))


@screen.opened
async def contacts(visit: RequestContext) -> None:
    await page(visit, 0)


@screen.pressed
async def page(visit: RequestContext, offset: int) -> None:
    words = visit.words
    offset = max(offset, 0)
    shown = await visit.ask(ListContacts(user=visit.user, limit=ON_A_PAGE, offset=offset))
    if not shown.contacts and offset:
        return await page(visit, offset - ON_A_PAGE)  # those there were are gone
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
    searched.expect(visit)
    await visit.show(Page(text, [*_listed(words, shown.contacts), turns, *_ways(words)]))


@screen.answered
async def searched(visit: RequestContext) -> None:
    words = visit.words
    found = await visit.ask(ListContacts(user=visit.user, search=visit.text, limit=ON_A_PAGE))
    if found.total == 1:
        return await contact.one(visit, found.contacts[0].id)
    searched.expect(visit)
    if not found.contacts:
        text = words(
            "I find nobody called “{typed}”. Check the spelling, or add the person.",
            typed=visit.text,
        )
    elif found.total > ON_A_PAGE:
        text = words("{number} match “{typed}”. Type more of the name.",
                     number=found.total, typed=visit.text)  # fmt: skip
    else:
        text = words("Whom do you mean?")
    everybody = [to(words.label("All contacts"), "contacts")]
    rows = [*_listed(words, found.contacts), everybody, *_ways(words)]
    await visit.show(Page(text, rows))


@screen.pressed
async def add(visit: RequestContext) -> None:
    words = visit.words
    named.expect(visit)
    text = lines(words("Please type the name of the person."), words(_BOOK))
    await visit.show(Page(text, [[to(words.label("Cancel"), "contacts")]]))


@screen.answered
async def named(visit: RequestContext) -> None:
    words = visit.words
    addressed.expect(visit, visit.text)
    text = words(
        "Please type the number of {name}, such as 030 123456 or +43 1 234567. "
        "An address is fine too, such as sip:ada@example.org.",
        name=visit.text,
    )
    await visit.show(Page(text, [[to(words.label("Cancel"), "contacts")]]))


@screen.answered
async def addressed(visit: RequestContext, name: str) -> None:
    new = await visit.ask(AddContact(user=visit.user, name=name, address=visit.text))
    await contact.one(visit, new.id)


def _listed(words: Words, found: tuple[ContactView, ...]) -> Rows:
    return [[contact.one.button(people.label(words, each), each.id)] for each in found]


def _ways(words: Words) -> Rows:
    return [[add.button(words.label("Add a contact"))], [to(words.label("Menu"), "start")]]
