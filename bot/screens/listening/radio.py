"""Radio stations of a member, each to be listened to by phone."""

from uuid import UUID

from bot.keyboard import columns, to
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screen import Screen
from bot.screens.listening import programmes
from bot.wording.texts import N_, bold, lines
from bridge.api.commands import AddStation, CallStation, ListStations, RemoveStation, RenameStation
from bridge.api.listening_views import StationView
from bridge.errors import UnknownTarget

screen = Screen("radio", about=N_("Radio on your phone"))


@screen.opened
async def stations(visit: RequestContext) -> None:
    words = visit.words
    owned = await visit.ask(ListStations(user=visit.user))
    text = lines(
        words("<b>Radio</b>"),
        words("Choose a station: I call you and play it, now or when a programme begins.")
        if owned
        else words("There is no station yet. Add one to listen to it on your phone."),
    )
    buttons = [one.button(each.name, each.id) for each in owned]
    last = [
        add.button(words.label("Add a station")),
        programmes.page.button(words.label("Programmes"), 0),
    ]
    if not owned:
        last.pop()
    await visit.show(Page(text, [*columns(buttons), last, [to(words.label("Menu"), "start")]]))


@screen.pressed
async def one(visit: RequestContext, station: UUID) -> None:
    words = visit.words
    chosen = await _find(visit, station)
    text = lines(bold(chosen.name), tidy(chosen.address))
    rows = [
        [
            call.button(words.label("Call me now"), station),
            programmes.add.button(words.label("Add a programme"), station),
        ],
        [
            rename.button(words.label("Rename"), station),
            remove.button(words.label("Remove"), station),
        ],
        [to(words.label("Back"), "radio")],
    ]
    await visit.show(Page(text, rows))


@screen.pressed
async def call(visit: RequestContext, station: UUID) -> None:
    words = visit.words
    await visit.ask(CallStation(user=visit.user, station=station))
    await visit.show(Page(words("I call you now."), [[one.button(words.label("Back"), station)]]))


@screen.pressed
async def add(visit: RequestContext) -> None:
    words = visit.words
    named.expect(visit)
    text = words("What shall this station be called?")
    await visit.show(Page(text, [[to(words.label("Cancel"), "radio")]]))


@screen.answered
async def named(visit: RequestContext) -> None:
    words = visit.words
    added.expect(visit, visit.text)
    text = words(
        "Please type or paste the address of its stream: mp3, aac, ogg, HLS, .pls or .m3u."
    )
    await visit.show(Page(text, [[to(words.label("Cancel"), "radio")]]))


@screen.answered
async def added(visit: RequestContext, name: str) -> None:
    new = await visit.ask(AddStation(user=visit.user, name=name, address=visit.text))
    await one(visit, new.id)


@screen.pressed
async def rename(visit: RequestContext, station: UUID) -> None:
    words = visit.words
    renamed.expect(visit, station)
    text = words("Please type the new name of this station.")
    await visit.show(Page(text, [[one.button(words.label("Cancel"), station)]]))


@screen.answered
async def renamed(visit: RequestContext, station: UUID) -> None:
    await visit.ask(RenameStation(user=visit.user, station=station, name=visit.text))
    await one(visit, station)


@screen.pressed
async def remove(visit: RequestContext, station: UUID) -> None:
    words = visit.words
    chosen = await _find(visit, station)
    text = words("Remove {station}? Its programmes go with it.", station=chosen.name)
    yes = [remove_for_good.button(words.label("Yes, remove it"), station)]
    await visit.show(Page(text, [yes, [one.button(words.label("No, keep it"), station)]]))


@screen.pressed
async def remove_for_good(visit: RequestContext, station: UUID) -> None:
    await visit.ask(RemoveStation(user=visit.user, station=station))
    await stations(visit)


async def _find(visit: RequestContext, station: UUID) -> StationView:
    for each in await visit.ask(ListStations(user=visit.user)):
        if each.id == station:
            return each
    raise UnknownTarget("no_such_station")
