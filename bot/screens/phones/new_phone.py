"""Adding a phone and proving that it is one's own: the bridge calls it and asks for digits."""

from uuid import UUID

from bot.dialogues.asking import asks_text
from bot.dialogues.sending import found
from bot.keyboard import columns, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.sentences import cause
from bot.wording.texts import N_, bold, lines
from bridge.api.commands.phones import AddPhone, ListPhones, VerifyPhone
from bridge.api.events import PhoneChecked

NAMES = (N_("Mobile"), N_("Home"), N_("Office"))

screen = Screen("verify")


async def _number(request: RequestContext, label: str) -> str:
    return request.words(
        "Please type the number of “{phone}”, such as 030 123456 or +43 1 234567. "
        "A SIP phone is fine too, such as sip:ada@192.168.178.1.",
        phone=label,
    )


async def _numbered(request: RequestContext, label: str) -> None:
    phone = await request.ask(AddPhone(user=request.user, label=label, address=request.text))
    await verify(request, phone.id)


name = asks_text(screen, "name", _number, _numbered, back="phones", number=True)


async def _name(request: RequestContext) -> Page:
    words = request.words
    names = [name.button(words.label(each), words.label(each)) for each in NAMES]
    text = words("What shall this phone be called? Choose or type a name.")
    return Page(text, columns(names, 3))


async def _named(request: RequestContext) -> None:
    await name(request, request.text)


add = asks_text(screen, "add", _name, _named, back="phones")


@screen.pressed
async def verify(request: RequestContext, phone: UUID) -> None:
    """Nothing is called before the person says that the phone is at hand."""
    words = request.words
    chosen = found(await request.ask(ListPhones(user=request.user)), phone, "no_such_phone")
    text = words(
        "Now I have to make sure that {address} is yours. I call it, and you type a number on it "
        "that I show you here. Do you have the phone at hand?",
        address=words.address(chosen.address),
    )
    later = to(words.label("Later"), "phones")
    await request.show(Page(text, [[call.button(words.label("Call it now"), phone)], [later]]))


@screen.pressed
async def call(request: RequestContext, phone: UUID) -> None:
    words = request.words
    verification = await request.ask(VerifyPhone(user=request.user, phone=phone))
    text = lines(
        words("I am calling the phone now. Pick up and type this number on its keys:"),
        bold(" ".join(verification.digits)),
        words.count("You have {number} try.", "You have {number} tries.", verification.tries_left),
    )
    await request.show(Page(text, [links(words, "phones")]))


@screen.told(PhoneChecked)
async def checked(request: RequestContext, event: PhoneChecked) -> None:
    words, phone = request.words, event.phone
    back = links(words, "phones")
    if event.outcome == "verified":
        text = words(
            "{phone} is verified. From now on it rings when somebody calls you.", phone=phone.label
        )
        rows = [links(words, "test"), back]
    elif event.outcome == "cooling" or event.tries_left == 0:
        text = words("{phone} could not be verified: too many tries.", phone=phone.label)
        if phone.cooling_until:
            until = words.when(phone.cooling_until)
            text = lines(text, words("You can try again from {until}.", until=until))
        rows = [back]
    else:
        told = OUTCOMES.get(event.outcome)
        why = words(told) if told else cause(words, event.outcome)
        text = lines(
            words("{phone} is not verified yet: {why}.", phone=phone.label, why=why),
            words.count(
                "You have {number} try left.", "You have {number} tries left.", event.tries_left
            ),
        )
        rows = [[call.button(words.label("Call again"), phone.id)], back]
    await request.say(Page(text, rows))


OUTCOMES = {
    "wrong_digits": N_("the number that was typed was wrong"),
    "no_digits": N_("no number was typed"),
    "no_answer": N_("nobody picked up"),
}
