"""The phones that ring: their order, their ring time, how they ring."""

from uuid import UUID

from markupsafe import Markup

from bot.dialogues.asking import Options, asks_text, chooses, confirms
from bot.dialogues.preference_panel import PreferencePanel
from bot.dialogues.sending import Toggle, found, sends
from bot.keyboard import Rows, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.calls import check
from bot.screens.phones import new_phone, pin
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.phones import ChangePhone, ListPhones, RemovePhone
from bridge.api.commands.preferences import GetSettings
from bridge.api.views import PhoneView

screen = Screen("phones", about=N_("Your phones"))
panel = PreferencePanel(screen)


@screen.opened
async def phones(request: RequestContext) -> None:
    words = request.words
    owned = await request.ask(ListPhones(user=request.user))
    chosen = (await request.ask(GetSettings(user=request.user))).preferences
    text = lines(
        words("<b>Your phones</b>"),
        *(_line(words, phone) for phone in owned),
        "" if owned else words("You have none yet. Add the phone that should ring."),
    )
    rows = [[one.button(phone.label, phone.id)] for phone in owned]
    if len(owned) > 1:
        text = lines(text, "", *panel.told(words, chosen))
        rows.append(panel.buttons(words, chosen))
    rows.append([new_phone.add.button(words.label("Add a phone"))])
    rows.append(links(words, "start"))
    await request.show(Page(text, rows))


@screen.pressed
async def one(request: RequestContext, phone: UUID) -> None:
    owned = await request.ask(ListPhones(user=request.user))
    chosen = found(owned, phone, "no_such_phone")
    text = lines(_line(request.words, chosen), _advice(request.words, chosen))
    await request.show(Page(text, _buttons(request.words, chosen, owned)))


async def _facts(request: RequestContext, phone: UUID) -> dict[str, object]:
    chosen = await _chosen(request, phone)
    return {"phone": chosen.label, "seconds": chosen.ring_seconds}


async def _chosen(request: RequestContext, phone: UUID) -> PhoneView:
    return found(await request.ask(ListPhones(user=request.user)), phone, "no_such_phone")


switch = Toggle(screen, "switch", ChangePhone, "enabled", one)
move = sends(screen, "move", ChangePhone, "position", then=phones)
set_ring_time = sends(screen, "set_ring_time", ChangePhone, "ring_seconds", then=one)
ring_time = chooses(
    screen,
    "ring_time",
    N_(
        "How long should {phone} ring? Now it is {seconds} seconds.\n"
        "Choose less than the phone's own voicemail waits."
    ),
    Options(
        set_ring_time,
        (10, 15, 20, 25, 30, 40, 50, 60),
        lambda words, seconds: words.label("{seconds} s", seconds=seconds),
        in_a_row=4,
    ),
    facts=_facts,
    back=one,
)
rename = asks_text(
    screen, "rename", N_("Please type the new name of this phone."), ChangePhone, "label", back=one
)
remove = confirms(
    screen,
    "remove",
    N_("Remove {phone}? It will ring no more, and must be verified again if you add it later."),
    RemovePhone,
    facts=_facts,
    no=one,
    then=phones,
)


def _line(words: Words, phone: PhoneView) -> Markup:
    if not phone.verified:
        state = words("not verified yet")
    elif not phone.enabled:
        state = words("switched off")
    else:
        state = words("rings for {seconds} seconds", seconds=phone.ring_seconds)
    return words(
        "<b>{phone}</b>, {address}: {state}",
        phone=phone.label,
        address=words.address(phone.address),
        state=state,
    )


def _advice(words: Words, phone: PhoneView) -> Markup:
    if phone.verified:
        said = phone.pin_waived or not pin.has_number(phone)
        return pin.told(words, phone) if said else Markup("")
    if phone.cooling_until:
        return words(
            "Too many tries. You can verify it again from {until}.",
            until=words.when(phone.cooling_until),
        )
    return words("It does not ring until you have verified it.")


def _buttons(words: Words, phone: PhoneView, owned: list[PhoneView]) -> Rows:
    place = [each.id for each in owned].index(phone.id)
    moves = []
    if place > 0:
        moves.append(move.button(words.label("Move up"), phone.id, owned[place - 1].position))
    if place < len(owned) - 1:
        moves.append(move.button(words.label("Move down"), phone.id, owned[place + 1].position))
    first = (
        check.confirm.button(words.label("Test call"), phone.id)
        if phone.verified
        else new_phone.verify.button(words.label("Verify"), phone.id)
    )
    waives = []
    if phone.verified and pin.has_number(phone) and phone.pin_waived:
        waives.append(pin.set_waived.button(words.label("Ask for the PIN"), phone.id, False))
    elif phone.verified and pin.has_number(phone):
        waives.append(pin.waive.button(words.label("Phone in without the PIN"), phone.id))
    seconds = words.label("Ring time: {seconds} s", seconds=phone.ring_seconds)
    return [
        [first, switch.button(words, phone.enabled, phone.id)],
        [ring_time.button(seconds, phone.id), rename.button(words.label("Rename"), phone.id)],
        waives,
        moves,
        [remove.button(words.label("Remove"), phone.id), to(words.label("Back"), "phones")],
    ]
