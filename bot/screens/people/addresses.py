"""The numbers and addresses of one contact: adding and removing them, and making one of two."""

from uuid import UUID

from markupsafe import Markup

from bot.dialogues.asking import asks_text, confirms
from bot.dialogues.sending import found
from bot.keyboard import button
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording import people
from bot.wording.texts import N_, bold, lines
from bridge.api.commands.contacts import AddContactAddress, GetContact, RemoveContactAddress

screen = Screen("way")


@screen.pressed
async def addresses(request: RequestContext, contact: UUID) -> None:
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    text = lines(
        bold(chosen.name),
        *(Markup.escape(people.way(words, each)) for each in chosen.ways),
        words("Press one to remove it.")
        if chosen.ways
        else words("There is no number or address yet."),
    )
    rows = [
        [remove.button(f"✗ {words.address(each.address)}", contact, each.id)]
        for each in chosen.ways
    ]
    rows.append([add.button(words.label("Add a number or address"), contact)])
    rows.append([button(words.label("Back"), "contact.one", contact)])
    await request.show(Page(text, rows))


async def _removing(request: RequestContext, contact: UUID, way: UUID) -> Markup:
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    address = words.address(found(list(chosen.ways), way, "no_such_way").address)
    if len(chosen.ways) == 1:
        return words(
            "Remove {address}? Then there is no way left to reach {name}.",
            address=address,
            name=chosen.name,
        )
    return words(
        "Remove {address}? You can still reach {name} in other ways.",
        address=address,
        name=chosen.name,
    )


add = asks_text(
    screen,
    "add",
    N_(
        "Please type the number or address. If another of your contacts has it, it moves here: "
        "so two entries for one person become one."
    ),
    AddContactAddress,
    "address",
    back=addresses,
    number=True,
)
remove = confirms(
    screen,
    "remove",
    _removing,
    RemoveContactAddress,
    no=addresses,
    then=addresses,
    sure="drop",  # a longer name would not fit beside two ids
)
