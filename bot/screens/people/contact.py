"""One contact: the name and how the phone says it, the speed dial, the addresses."""

from uuid import UUID

from markupsafe import Markup

from bot.keyboard import Rows
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.people import addresses, call
from bot.wording import people
from bot.wording.texts import Words, bold, lines
from bridge.api.commands.contacts import ChangeContact, GetContact, RemoveContact
from bridge.api.contact_views import ContactView

screen = Screen("contact")


@screen.pressed
async def one(request: RequestContext, contact: UUID) -> None:
    await _show(request, await request.ask(GetContact(user=request.user, contact=contact)))


@screen.pressed
async def rename(request: RequestContext, contact: UUID) -> None:
    words = request.words
    renamed.expect(request, contact)
    text = words("Please type the new name of this person.")
    await request.show(Page(text, [[one.button(words.label("Cancel"), contact)]]))


@screen.answered
async def renamed(request: RequestContext, contact: UUID) -> None:
    change = ChangeContact(user=request.user, contact=contact, name=request.text)
    await _show(request, await request.ask(change))


@screen.pressed
async def sound(request: RequestContext, contact: UUID) -> None:
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    sounded.expect(request, contact)
    text = words(
        "Does the phone say {name} wrong? Type it the way it sounds, "
        "such as “Shivawn” for Siobhan. In the chat the name stays as it is.",
        name=chosen.name,
    )
    rows = [[one.button(words.label("Cancel"), contact)]]
    if chosen.sounds_like:
        rows.insert(0, [plain.button(words.label("Say it as it is written"), contact)])
    await request.show(Page(text, rows))


@screen.answered
async def sounded(request: RequestContext, contact: UUID) -> None:
    change = ChangeContact(user=request.user, contact=contact, sounds_like=request.text)
    await _show(request, await request.ask(change))


@screen.pressed
async def plain(request: RequestContext, contact: UUID) -> None:
    """Spoken as it is written again."""
    change = ChangeContact(user=request.user, contact=contact, sounds_like="")
    await _show(request, await request.ask(change))


@screen.pressed
async def number(request: RequestContext, contact: UUID) -> None:
    words = request.words
    numbered.expect(request, contact)
    text = words(
        "Please type the new speed dial, with digits from 1 to 8, such as 5 or 12. It calls this "
        "person when you phone in (/phonein); 0 and 9 mean something else there."
    )
    await request.show(Page(text, [[one.button(words.label("Cancel"), contact)]]))


@screen.answered
async def numbered(request: RequestContext, contact: UUID) -> None:
    change = ChangeContact(user=request.user, contact=contact, speed_dial=request.text)
    await _show(request, await request.ask(change))


@screen.pressed
async def remove(request: RequestContext, contact: UUID) -> None:
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    text = words(
        "Remove {name} from your contacts? The speed dial {speed_dial} goes too.",
        name=chosen.name,
        speed_dial=chosen.speed_dial,
    )
    if any(way.network != people.PHONE for way in chosen.ways):
        again = words("A person who is in the contacts of one of your accounts comes back later.")
        text = lines(text, again)
    yes = [remove_for_good.button(words.label("Yes, remove {name}", name=chosen.name), contact)]
    no = [one.button(words.label("No, keep {name}", name=chosen.name), contact)]
    await request.show(Page(text, [yes, no]))


@screen.pressed
async def remove_for_good(request: RequestContext, contact: UUID) -> None:
    words = request.words
    await request.ask(RemoveContact(user=request.user, contact=contact))
    rows = [links(words, "contacts", "start")]
    await request.show(Page(words("The contact is removed."), rows))


async def _show(request: RequestContext, contact: ContactView) -> None:
    await request.show(Page(_text(request.words, contact), _buttons(request.words, contact)))


def _text(words: Words, contact: ContactView) -> Markup:
    talked = contact.talked
    return lines(
        bold(contact.name),
        words("Speed dial: {speed_dial}", speed_dial=contact.speed_dial),
        words("The phone says: “{name}”", name=contact.sounds_like) if contact.sounds_like else "",
        words("Last talked to: {when}", when=words.when(talked)) if talked else "",
        *(Markup.escape(people.way(words, each)) for each in contact.ways),
        "" if contact.ways else words("There is no number or address yet. Add one to call."),
    )


def _buttons(words: Words, contact: ContactView) -> Rows:
    return [
        [call.choose.button(words.label("Call {name}", name=contact.name), contact.id)],
        [addresses.addresses.button(words.label("Numbers and addresses"), contact.id)],
        [
            rename.button(words.label("Rename"), contact.id),
            sound.button(words.label("How it is said"), contact.id),
        ],
        [
            number.button(words.label("Speed dial"), contact.id),
            remove.button(words.label("Remove"), contact.id),
        ],
        links(words, "contacts", "start"),
    ]
