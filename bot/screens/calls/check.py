"""The test call: rings a phone, plays back what is said, takes digits, and reports how it went."""

from uuid import UUID

from markupsafe import Markup

from bot.dialogues.asking import confirms
from bot.dialogues.sending import found
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.sentences import cause
from bot.wording.texts import N_, Words, lines
from bridge.api.check_views import TestReport
from bridge.api.commands.phones import ListPhones, TestCall
from bridge.api.events import TestCallEnded

screen = Screen("test", about=N_("Make a test call"))


@screen.opened
async def check(request: RequestContext) -> None:
    words = request.words
    ready = [phone for phone in await request.ask(ListPhones(user=request.user)) if phone.verified]
    if len(ready) == 1:
        await confirm(request, ready[0].id)
        return
    rows = [[confirm.button(phone.label, phone.id)] for phone in ready]
    if ready:
        text = words("Which phone shall I call for the test?")
    else:
        text = words("There is no verified phone to call. Please add and verify one first.")
        rows.append(links(words, "phones"))
    await request.show(Page(text, [*rows, links(words, "start")]))


async def _facts(request: RequestContext, phone: UUID) -> dict[str, object]:
    owned = await request.ask(ListPhones(user=request.user))
    return {"phone": found(owned, phone, "no_such_phone").label}


confirm = confirms(
    screen,
    "confirm",
    N_(
        "I call {phone} and play back what you say; then press some keys. "
        "It counts as a call and may cost what calls to this phone cost."
    ),
    TestCall,
    facts=_facts,
    labels=(N_("Call {phone} now"), N_("Menu")),
    no="start",
    then="start",
    says=N_("I am calling now. Pick up and follow the voice; I report here when it is over."),
    sure="call",
)


@screen.told(TestCallEnded)
async def ended(request: RequestContext, event: TestCallEnded) -> None:
    words = request.words
    rows = [links(words, "test", "start")]
    await request.say(Page(report(words, event.report), rows))


def report(words: Words, told: TestReport) -> Markup:
    title = words("<b>Test call to {phone}</b>", phone=told.phone)
    if not told.answered:
        why = words("It was not answered: {cause}.", cause=cause(words, told.cause))
        return lines(title, why, words("Check that the phone is switched on, and try again."))
    return lines(
        title,
        words("✓ I heard you.") if told.heard_from_phone else words("✗ I heard nothing from you."),
        words(_HEARD_BY_PHONE[told.heard_by_phone]),
        words("Keys received: {digits}", digits=told.digits)
        if told.digits
        else words("No keys were received."),
        _sound(words, told),
        "",
        _verdict(words, told),
    )


def _sound(words: Words, told: TestReport) -> Markup:
    parts = [told.codec]
    if told.delay_ms is not None:
        parts.append(words.label("delay {number} ms", number=round(told.delay_ms)))
    parts.append(words.label("loss {number} %", number=round(told.loss * 100, 1)))
    parts.append(words.label("jitter {number} ms", number=round(told.jitter_ms)))
    return words("Sound: {figures}", figures=", ".join(part for part in parts if part))


def _verdict(words: Words, told: TestReport) -> Markup:
    if not told.heard_from_phone or told.heard_by_phone is False:
        return words(
            "Sound goes only one way or not at all. Ask your host to check the firewall and the "
            "RTP ports of the bridge."
        )
    if told.loss > 0.03:
        return words("Much sound is lost on the way. Try another network for the phone.")
    if told.heard_by_phone is None:
        return words("As far as I can tell it works. Press 1 next time if you heard yourself.")
    return words("Everything works in both directions.")


_HEARD_BY_PHONE = {
    True: N_("✓ You heard me."),
    False: N_("✗ You did not hear me."),
    None: N_("– You did not say whether you heard me."),
}
