"""The phones that ring: their order, their ring time, how they ring."""

from uuid import UUID

from markupsafe import Markup

from bot.keyboard import Rows, columns, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.calls import check
from bot.screens.phones import new_phone, pin
from bot.screens.settings.preference import PreferencePanel
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.phones import ChangePhone, ListPhones, RemovePhone
from bridge.api.commands.preferences import GetSettings
from bridge.api.views import PhoneView
from bridge.errors import UnknownTarget

RING_TIMES = (10, 15, 20, 25, 30, 40, 50, 60)

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
    chosen = _find(owned, phone)
    text = lines(_line(request.words, chosen), _advice(request.words, chosen))
    await request.show(Page(text, _buttons(request.words, chosen, owned)))


@screen.pressed
async def switch(request: RequestContext, phone: UUID, on: bool) -> None:
    await request.ask(ChangePhone(user=request.user, phone=phone, enabled=on))
    await one(request, phone)


@screen.pressed
async def move(request: RequestContext, phone: UUID, position: int) -> None:
    await request.ask(ChangePhone(user=request.user, phone=phone, position=position))
    await phones(request)


@screen.pressed
async def ring_time(request: RequestContext, phone: UUID) -> None:
    words = request.words
    chosen = _find(await request.ask(ListPhones(user=request.user)), phone)
    text = words(
        "How long should {phone} ring? Now it is {seconds} seconds.\n"
        "Choose less than the phone's own voicemail waits.",
        phone=chosen.label,
        seconds=chosen.ring_seconds,
    )
    times = [
        set_ring_time.button(words.label("{seconds} s", seconds=seconds), phone, seconds)
        for seconds in RING_TIMES
    ]
    back = [one.button(words.label("Back"), phone)]
    await request.show(Page(text, [*columns(times, 4), back]))


@screen.pressed
async def set_ring_time(request: RequestContext, phone: UUID, seconds: int) -> None:
    await request.ask(ChangePhone(user=request.user, phone=phone, ring_seconds=seconds))
    await one(request, phone)


@screen.pressed
async def rename(request: RequestContext, phone: UUID) -> None:
    words = request.words
    renamed.expect(request, phone)
    text = words("Please type the new name of this phone.")
    await request.show(Page(text, [[one.button(words.label("Cancel"), phone)]]))


@screen.answered
async def renamed(request: RequestContext, phone: UUID) -> None:
    await request.ask(ChangePhone(user=request.user, phone=phone, label=request.text))
    await one(request, phone)


@screen.pressed
async def remove(request: RequestContext, phone: UUID) -> None:
    words = request.words
    chosen = _find(await request.ask(ListPhones(user=request.user)), phone)
    text = words(
        "Remove {phone}? It will ring no more, and must be verified again if you add it later.",
        phone=chosen.label,
    )
    yes = [remove_for_good.button(words.label("Yes, remove it"), phone)]
    await request.show(Page(text, [yes, [one.button(words.label("No, keep it"), phone)]]))


@screen.pressed
async def remove_for_good(request: RequestContext, phone: UUID) -> None:
    await request.ask(RemovePhone(user=request.user, phone=phone))
    await phones(request)


def _find(owned: list[PhoneView], phone: UUID) -> PhoneView:
    for each in owned:
        if each.id == phone:
            return each
    raise UnknownTarget("no_such_phone")


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
    power = words.label("Switch off") if phone.enabled else words.label("Switch on")
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
        [first, switch.button(power, phone.id, not phone.enabled)],
        [ring_time.button(seconds, phone.id), rename.button(words.label("Rename"), phone.id)],
        waives,
        moves,
        [remove.button(words.label("Remove"), phone.id), to(words.label("Back"), "phones")],
    ]
