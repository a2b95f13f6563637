"""The numbers and addresses of one contact: adding and removing them, and making one of two."""

from uuid import UUID

from markupsafe import Markup

from bot.keyboard import button
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording import people
from bot.wording.texts import bold, lines
from bridge.api.commands.contacts import AddContactAddress, GetContact, RemoveContactAddress
from bridge.api.contact_views import ContactView
from bridge.errors import UnknownTarget

screen = Screen("way")


@screen.pressed
async def addresses(request: RequestContext, contact: UUID) -> None:
    await _show(request, await request.ask(GetContact(user=request.user, contact=contact)))


@screen.pressed
async def add(request: RequestContext, contact: UUID) -> None:
    words = request.words
    typed.expect(request, contact)
    text = words(
        "Please type the number or address. If another of your contacts has it, it moves here: "
        "so two entries for one person become one."
    )
    await request.show(Page(text, [[addresses.button(words.label("Cancel"), contact)]]))


@screen.answered
async def typed(request: RequestContext, contact: UUID) -> None:
    new = AddContactAddress(user=request.user, contact=contact, address=request.text)
    await _show(request, await request.ask(new))


@screen.pressed
async def remove(request: RequestContext, contact: UUID, way: UUID) -> None:
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
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
    await request.show(Page(text, [yes, [addresses.button(words.label("No, keep it"), contact)]]))


@screen.pressed
async def drop(request: RequestContext, contact: UUID, way: UUID) -> None:
    await _show(
        request,
        await request.ask(RemoveContactAddress(user=request.user, contact=contact, way=way)),
    )


async def _show(request: RequestContext, contact: ContactView) -> None:
    words = request.words
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
    await request.show(Page(text, rows))
