"""Calling a contact: the user's phone rings first, then the other one."""

from uuid import UUID

from bot.contact_match import nearest
from bot.keyboard import Outdated, Rows, mark, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording import people
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.contacts import CallContact, GetContact, ListContacts
from bridge.api.commands.phones import ListPhones
from bridge.api.contact_views import ContactView

OFFERED = 8
"""Contacts to choose from at a time."""

screen = Screen("call", about=N_("Call somebody"))


@screen.opened
async def somebody(request: RequestContext) -> None:
    """By the name that was typed after the command; else those called last are offered."""
    if request.argument:
        return await _find(request, request.argument)
    words = request.words
    known = await request.ask(ListContacts(user=request.user, recent=True, limit=OFFERED))
    if not known.contacts:
        text = words("There is nobody to call yet. Add the people you call under /contacts.")
        return await request.show(Page(text, _ways(words)))
    named.expect(request)
    text = lines(
        words("Whom shall I call? Choose or type the name."),
        words("Your phone rings first: pick up, press 1, and I call."),
    )
    await request.show(Page(text, [*_offered(words, known.contacts), *_ways(words)]))


@screen.answered
async def named(request: RequestContext) -> None:
    await _find(request, request.text)


@screen.pressed
async def at_once(request: RequestContext, contact: UUID) -> None:
    """In the best way, on whichever phone is picked up."""
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    await _call(request, chosen)


@screen.pressed
async def choose(request: RequestContext, contact: UUID) -> None:
    """Asks in which way, where several are open, and on which phone, where there are several."""
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    ways = [each for each in chosen.ways if each.open]
    if len(ways) < 2:
        return await phone(request, contact, "")
    text = words("How shall I call {name}?", name=chosen.name)
    rows = [[phone.button(people.way(words, each), contact, mark(each.id))] for each in ways]
    await request.show(Page(text, [*rows, [to(words.label("Cancel"), "contacts")]]))


@screen.pressed
async def phone(request: RequestContext, contact: UUID, way: str) -> None:
    words = request.words
    own = [each for each in await request.ask(ListPhones(user=request.user)) if each.verified]
    if len(own) < 2:
        return await on(request, contact, way, "")
    text = words("Which of your phones shall ring?")
    rows = [[on.button(each.label, contact, way, mark(each.id))] for each in own]
    whichever = [on.button(words.label("All my phones"), contact, way, "")]
    await request.show(Page(text, [whichever, *rows, [to(words.label("Cancel"), "contacts")]]))


@screen.pressed
async def on(request: RequestContext, contact: UUID, way: str, phone: str) -> None:
    """`way` and `phone` are marks; an empty one leaves it to the house."""
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    by = _marked([each.id for each in chosen.ways], way)
    own = await request.ask(ListPhones(user=request.user)) if phone else []
    await _call(request, chosen, by, _marked([each.id for each in own], phone))


async def _find(request: RequestContext, typed: str) -> None:
    words = request.words
    found = await request.ask(ListContacts(user=request.user, search=typed, limit=100))
    if not found.contacts:
        named.expect(request)
        text = words(
            "I find nobody called “{typed}”. Type the name again, or add the person under "
            "/contacts.",
            typed=typed,
        )
        return await request.show(Page(text, _ways(words)))
    likely = nearest(found.contacts, typed)
    if len(likely) == 1:
        return await _call(request, likely[0])
    named.expect(request)
    rows = _offered(words, likely[:OFFERED])
    await request.show(Page(words("Whom do you mean?"), [*rows, *_ways(words)]))


async def _call(
    request: RequestContext,
    contact: ContactView,
    way: UUID | None = None,
    phone: UUID | None = None,
) -> None:
    words = request.words
    await request.ask(CallContact(user=request.user, contact=contact.id, way=way, phone=phone))
    text = words(
        "I call you now. Pick up and press 1, then I call <b>{name}</b>.", name=contact.name
    )
    await request.show(Page(text, _ways(words)))


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
    return [links(words, "contacts", "start")]
