"""One contact: the name and how the phone says it, the speed dial, the addresses."""

from uuid import UUID

from markupsafe import Markup

from bot.dialogues.asking import asks_text, confirms
from bot.dialogues.sending import sends
from bot.keyboard import Rows
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.people import addresses, call
from bot.wording import people
from bot.wording.texts import N_, Words, bold, lines
from bridge.api.commands.contacts import ChangeContact, GetContact, RemoveContact
from bridge.api.contact_views import ContactView

screen = Screen("contact")


@screen.pressed
async def one(request: RequestContext, contact: UUID) -> None:
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    await request.show(Page(_text(request.words, chosen), _buttons(request.words, chosen)))


async def _sound(request: RequestContext, contact: UUID) -> Page:
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    text = words(
        "Does the phone say {name} wrong? Type it the way it sounds, "
        "such as “Shivawn” for Siobhan. In the chat the name stays as it is.",
        name=chosen.name,
    )
    written = [plain.button(words.label("Say it as it is written"), contact)]
    return Page(text, [written] if chosen.sounds_like else [])


async def _plain(request: RequestContext, contact: UUID) -> None:
    """Spoken as it is written again."""
    await request.ask(ChangeContact(user=request.user, contact=contact, sounds_like=""))


async def _removing(request: RequestContext, contact: UUID) -> Markup:
    words = request.words
    chosen = await request.ask(GetContact(user=request.user, contact=contact))
    text = words(
        "Remove {name} from your contacts? The speed dial {speed_dial} goes too.",
        name=chosen.name,
        speed_dial=chosen.speed_dial,
    )
    if all(way.network == people.PHONE for way in chosen.ways):
        return text
    again = words("A person who is in the contacts of one of your accounts comes back later.")
    return lines(text, again)


async def _facts(request: RequestContext, contact: UUID) -> dict[str, object]:
    return {"name": (await request.ask(GetContact(user=request.user, contact=contact))).name}


rename = asks_text(
    screen,
    "rename",
    N_("Please type the new name of this person."),
    ChangeContact,
    "name",
    back=one,
)
plain = sends(screen, "plain", _plain, then=one)
sound = asks_text(screen, "sound", _sound, ChangeContact, "sounds_like", back=one)
number = asks_text(
    screen,
    "number",
    N_(
        "Please type the new speed dial, with digits from 1 to 8, such as 5 or 12. It calls this "
        "person when you phone in (/phonein); 0 and 9 mean something else there."
    ),
    ChangeContact,
    "speed_dial",
    back=one,
)
remove = confirms(
    screen,
    "remove",
    _removing,
    RemoveContact,
    facts=_facts,
    labels=(N_("Yes, remove {name}"), N_("No, keep {name}")),
    no=one,
    then="contacts",
    says=N_("The contact is removed."),
)


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
