"""Calling a contact: the user's phone rings first, then the other one."""

from uuid import UUID

from bot.contact_match import nearest
from bot.keyboard import Outdated, Rows, mark, to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording import people
from bot.wording.texts import N_, Words, lines
from bridge.api.commands import CallContact, GetContact, ListContacts, ListPhones
from bridge.api.contact_views import ContactView

OFFERED = 8
"""Contacts to choose from at a time."""

screen = Screen("call", about=N_("Call somebody"))


@screen.opened
async def somebody(visit: RequestContext) -> None:
    """By the name that was typed after the command; else those called last are offered."""
    if visit.argument:
        return await _find(visit, visit.argument)
    words = visit.words
    known = await visit.ask(ListContacts(user=visit.user, recent=True, limit=OFFERED))
    if not known.contacts:
        text = words("There is nobody to call yet. Add the people you call under /contacts.")
        return await visit.show(Page(text, _ways(words)))
    named.expect(visit)
    text = lines(
        words("Whom shall I call? Choose or type the name."),
        words("Your phone rings first: pick up, press 1, and I call."),
    )
    await visit.show(Page(text, [*_offered(words, known.contacts), *_ways(words)]))


@screen.answered
async def named(visit: RequestContext) -> None:
    await _find(visit, visit.text)


@screen.pressed
async def at_once(visit: RequestContext, contact: UUID) -> None:
    """In the best way, on whichever phone is picked up."""
    chosen = await visit.ask(GetContact(user=visit.user, contact=contact))
    await _call(visit, chosen)


@screen.pressed
async def choose(visit: RequestContext, contact: UUID) -> None:
    """Asks in which way, where several are open, and on which phone, where there are several."""
    words = visit.words
    chosen = await visit.ask(GetContact(user=visit.user, contact=contact))
    ways = [each for each in chosen.ways if each.open]
    if len(ways) < 2:
        return await phone(visit, contact, "")
    text = words("How shall I call {name}?", name=chosen.name)
    rows = [[phone.button(people.way(words, each), contact, mark(each.id))] for each in ways]
    await visit.show(Page(text, [*rows, [to(words.label("Cancel"), "contacts")]]))


@screen.pressed
async def phone(visit: RequestContext, contact: UUID, way: str) -> None:
    words = visit.words
    own = [each for each in await visit.ask(ListPhones(user=visit.user)) if each.verified]
    if len(own) < 2:
        return await on(visit, contact, way, "")
    text = words("Which of your phones shall ring?")
    rows = [[on.button(each.label, contact, way, mark(each.id))] for each in own]
    whichever = [on.button(words.label("All my phones"), contact, way, "")]
    await visit.show(Page(text, [whichever, *rows, [to(words.label("Cancel"), "contacts")]]))


@screen.pressed
async def on(visit: RequestContext, contact: UUID, way: str, phone: str) -> None:
    """`way` and `phone` are marks; an empty one leaves it to the house."""
    chosen = await visit.ask(GetContact(user=visit.user, contact=contact))
    by = _marked([each.id for each in chosen.ways], way)
    own = await visit.ask(ListPhones(user=visit.user)) if phone else []
    await _call(visit, chosen, by, _marked([each.id for each in own], phone))


async def _find(visit: RequestContext, typed: str) -> None:
    words = visit.words
    found = await visit.ask(ListContacts(user=visit.user, search=typed, limit=100))
    if not found.contacts:
        named.expect(visit)
        text = words(
            "I find nobody called “{typed}”. Type the name again, or add the person under "
            "/contacts.",
            typed=typed,
        )
        return await visit.show(Page(text, _ways(words)))
    likely = nearest(found.contacts, typed)
    if len(likely) == 1:
        return await _call(visit, likely[0])
    named.expect(visit)
    rows = _offered(words, likely[:OFFERED])
    await visit.show(Page(words("Whom do you mean?"), [*rows, *_ways(words)]))


async def _call(
    visit: RequestContext, contact: ContactView, way: UUID | None = None, phone: UUID | None = None
) -> None:
    words = visit.words
    await visit.ask(CallContact(user=visit.user, contact=contact.id, way=way, phone=phone))
    text = words(
        "I call you now. Pick up and press 1, then I call <b>{name}</b>.", name=contact.name
    )
    await visit.show(Page(text, _ways(words)))


def _marked(ids: list[UUID], wanted: str) -> UUID | None:
    if not wanted:
        return None
    for each in ids:
        if mark(each) == wanted:
            return each
    raise Outdated


def _offered(words: Words, contacts: list[ContactView] | tuple[ContactView, ...]) -> Rows:
    return [[at_once.button(people.label(words, each), each.id)] for each in contacts]


def _ways(words: Words) -> Rows:
    return [[to(words.label("Contacts"), "contacts"), to(words.label("Menu"), "start")]]
