"""The PIN that is asked for on the phone: setting and removing it, waiving it for a phone."""

from uuid import UUID

from markupsafe import Markup

from bot.constants import KEY
from bot.dialogues.asking import confirms
from bot.dialogues.sending import found
from bot.keyboard import Rows, button, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.refusals import refusal
from bot.wording.texts import Words, lines
from bridge.api.commands.phones import ChangePhone, ListPhones
from bridge.api.commands.preferences import SetPin
from bridge.api.events import PinLocked
from bridge.api.views import PhoneView
from bridge.errors import BadInput

screen = Screen("pin")
lock = Screen("lock", stays=True)
"""The notice of a lock, which stays in the chat."""


@screen.pressed
async def change(request: RequestContext) -> None:
    words = request.words
    text = words("By the PIN I know on the phone that it is you.")
    await request.show(Page(text, [[to(words.label("Cancel"), "phonein")]]))
    await _ask(request)


async def _ask(request: RequestContext, why: str = "") -> None:
    """`why`: what was wrong with the one before, as HTML."""
    words = request.words
    question = words("Please type a PIN of four to eight digits that nobody guesses.")
    # no buttons fit under a question with an input field of its own
    way_out = words("I delete your answer from the chat at once. To stop, send /cancel.")
    await request.ask_secret(lines(f"{KEY} {why or question}", way_out))
    typed.expect(request)


@screen.answered_in_secret
async def typed(request: RequestContext) -> None:
    words = request.words
    try:
        await request.ask(SetPin(user=request.user, pin="".join(request.text.split())))
    except BadInput as why:
        # asked anew, for only the answer to a secret question is deleted and not shown
        return await _ask(request, refusal(words, why))
    await request.say(Page(words("The PIN is set. I ask for it when you phone in."), _ways(words)))


async def _removing(request: RequestContext) -> str:
    words = request.words
    return lines(
        words("Remove the PIN? Without one nobody can phone in, not even you."),
        not_even(words, await request.ask(ListPhones(user=request.user))),
    )


async def _removed(request: RequestContext) -> None:
    words = request.words
    await request.ask(SetPin(user=request.user, pin=None))
    text = lines(
        words("The PIN is removed. Nobody can phone in now."),
        not_even(words, await request.ask(ListPhones(user=request.user))),
    )
    await request.show(Page(text, _ways(words)))


remove = confirms(screen, "remove", _removing, _removed, no="phonein")

# --- without a PIN ---------------------------------------------------------------------------


@screen.pressed
async def waive(request: RequestContext, phone: UUID) -> None:
    """A caller's number can be forged; that is said before it is done."""
    words = request.words
    chosen = found(await request.ask(ListPhones(user=request.user)), phone, "no_such_phone")
    if not has_number(chosen):  # the button is an old one
        return await request.show(Page(told(words, chosen), _back(words, phone)))
    text = words(
        "Phone in from {phone} without the PIN? Careful: a caller can pretend to have any number. "
        "A stranger who does so reaches your contacts and messages, and calls at your cost.",
        phone=chosen.label,
    )
    yes = [set_waived.button(words.label("Yes, without the PIN"), phone, True)]
    no = [button(words.label("No, ask for the PIN"), "phones.one", phone)]
    await request.show(Page(text, [yes, no]))


@screen.pressed
async def set_waived(request: RequestContext, phone: UUID, yes: bool) -> None:
    words = request.words
    changed = await request.ask(ChangePhone(user=request.user, phone=phone, pin_waived=yes))
    await request.show(Page(told(words, changed), _back(words, phone)))


def _back(words: Words, phone: UUID) -> Rows:
    here = button(words.label("Back"), "phones.one", phone)
    return [[here, *links(words, "phonein")]]


def has_number(phone: PhoneView) -> bool:
    """From a SIP address the PIN is always asked for."""
    return phone.address.startswith("+")


def waived(phones: list[PhoneView]) -> str:
    """From which the PIN is not asked for, as plain text."""
    return ", ".join(each.label for each in phones if each.pin_waived and has_number(each))


def not_even(words: Words, phones: list[PhoneView]) -> Markup:
    """Said where nobody can phone in: a waiver is no way around that."""
    found = waived(phones)
    return (
        words("Phones that need no PIN are not let in either: {phones}", phones=found)
        if found
        else Markup("")
    )


def told(words: Words, phone: PhoneView) -> Markup:
    if not has_number(phone):
        return words(
            "Without a telephone number, {phone} always needs the PIN to phone in.",
            phone=phone.label,
        )
    if phone.pin_waived:
        return words("Who phones in from {phone} is not asked for the PIN.", phone=phone.label)
    return words("Who phones in from {phone} is asked for the PIN.", phone=phone.label)


# --- locked ----------------------------------------------------------------------------------


@lock.pressed
async def anew(request: RequestContext) -> None:
    await change(request)


@lock.told(PinLocked)
async def locked(request: RequestContext, event: PinLocked) -> None:
    words = request.words
    caller = words.address(event.caller) or words.label("a hidden number")
    text = lines(
        words(
            "⚠ <b>A wrong PIN was typed three times</b>, in a call from {caller}.", caller=caller
        ),
        words("Nobody can phone in until {until}.", until=words.when(event.until)),
        words("Was it you? Set the PIN anew, and you can phone in at once."),
        words("Was it somebody else? Nobody got in. You need not do anything."),
    )
    await request.say(Page(text, [[anew.button(words.label("Set the PIN anew"))], *_ways(words)]))


def _ways(words: Words) -> Rows:
    return [links(words, "phonein", "start")]
