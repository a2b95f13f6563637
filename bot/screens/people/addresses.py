"""The numbers and addresses of one contact: adding and removing them, and making one of two."""

from uuid import UUID

from markupsafe import Markup

from bot.keyboard import button
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording import people
from bot.wording.texts import bold, lines
from bridge.api.commands import AddContactAddress, GetContact, RemoveContactAddress
from bridge.api.contact_views import ContactView
from bridge.errors import UnknownTarget

screen = Screen("way")


@screen.pressed
async def addresses(visit: RequestContext, contact: UUID) -> None:
    await _show(visit, await visit.ask(GetContact(user=visit.user, contact=contact)))


@screen.pressed
async def add(visit: RequestContext, contact: UUID) -> None:
    words = visit.words
    typed.expect(visit, contact)
    text = words(
        "Please type the number or address. If another of your contacts has it, it moves here: "
        "so two entries for one person become one."
    )
    await visit.show(Page(text, [[addresses.button(words.label("Cancel"), contact)]]))


@screen.answered
async def typed(visit: RequestContext, contact: UUID) -> None:
    new = AddContactAddress(user=visit.user, contact=contact, address=visit.text)
    await _show(visit, await visit.ask(new))


@screen.pressed
async def remove(visit: RequestContext, contact: UUID, way: UUID) -> None:
    words = visit.words
    chosen = await visit.ask(GetContact(user=visit.user, contact=contact))
    found = next((each for each in chosen.ways if each.id == way), None)
    if found is None:
        raise UnknownTarget("no_such_way")
    text = words(
        "Remove {address}? You can still reach {name} in other ways.",
        address=words.address(found.address),
        name=chosen.name,
    )
    if len(chosen.ways) == 1:
        text = words(
            "Remove {address}? Then there is no way left to reach {name}.",
            address=words.address(found.address),
            name=chosen.name,
        )
    yes = [drop.button(words.label("Yes, remove it"), contact, way)]
    await visit.show(Page(text, [yes, [addresses.button(words.label("No, keep it"), contact)]]))


@screen.pressed
async def drop(visit: RequestContext, contact: UUID, way: UUID) -> None:
    await _show(
        visit, await visit.ask(RemoveContactAddress(user=visit.user, contact=contact, way=way))
    )


async def _show(visit: RequestContext, contact: ContactView) -> None:
    words = visit.words
    text = lines(
        bold(contact.name),
        *(Markup.escape(people.way(words, each)) for each in contact.ways),
        words("Press one to remove it.")
        if contact.ways
        else words("There is no number or address yet."),
    )
    rows = [
        [remove.button(f"✗ {words.address(each.address)}", contact.id, each.id)]
        for each in contact.ways
    ]
    rows.append([add.button(words.label("Add a number or address"), contact.id)])
    rows.append([button(words.label("Back"), "contact.one", contact.id)])
    await visit.show(Page(text, rows))
