"""Radio stations of a member, each to be listened to by phone."""

from uuid import UUID

from bot.keyboard import columns, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screen import Screen
from bot.screens.listening import programmes
from bot.wording.texts import N_, bold, lines
from bridge.api.commands.radio import (
    AddStation,
    CallStation,
    ListStations,
    RemoveStation,
    RenameStation,
)
from bridge.api.listening_views import StationView
from bridge.errors import UnknownTarget

screen = Screen("radio", about=N_("Radio on your phone"))


@screen.opened
async def stations(request: RequestContext) -> None:
    words = request.words
    owned = await request.ask(ListStations(user=request.user))
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
    await request.show(Page(text, [*columns(buttons), last, links(words, "start")]))


@screen.pressed
async def one(request: RequestContext, station: UUID) -> None:
    words = request.words
    chosen = await _find(request, station)
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
    await request.show(Page(text, rows))


@screen.pressed
async def call(request: RequestContext, station: UUID) -> None:
    words = request.words
    await request.ask(CallStation(user=request.user, station=station))
    await request.show(Page(words("I call you now."), [[one.button(words.label("Back"), station)]]))


@screen.pressed
async def add(request: RequestContext) -> None:
    words = request.words
    named.expect(request)
    text = words("What shall this station be called?")
    await request.show(Page(text, [[to(words.label("Cancel"), "radio")]]))


@screen.answered
async def named(request: RequestContext) -> None:
    words = request.words
    added.expect(request, request.text)
    text = words(
        "Please type or paste the address of its stream: mp3, aac, ogg, HLS, .pls or .m3u."
    )
    await request.show(Page(text, [[to(words.label("Cancel"), "radio")]]))


@screen.answered
async def added(request: RequestContext, name: str) -> None:
    new = await request.ask(AddStation(user=request.user, name=name, address=request.text))
    await one(request, new.id)


@screen.pressed
async def rename(request: RequestContext, station: UUID) -> None:
    words = request.words
    renamed.expect(request, station)
    text = words("Please type the new name of this station.")
    await request.show(Page(text, [[one.button(words.label("Cancel"), station)]]))


@screen.answered
async def renamed(request: RequestContext, station: UUID) -> None:
    await request.ask(RenameStation(user=request.user, station=station, name=request.text))
    await one(request, station)


@screen.pressed
async def remove(request: RequestContext, station: UUID) -> None:
    words = request.words
    chosen = await _find(request, station)
    text = words("Remove {station}? Its programmes go with it.", station=chosen.name)
    yes = [remove_for_good.button(words.label("Yes, remove it"), station)]
    await request.show(Page(text, [yes, [one.button(words.label("No, keep it"), station)]]))


@screen.pressed
async def remove_for_good(request: RequestContext, station: UUID) -> None:
    await request.ask(RemoveStation(user=request.user, station=station))
    await stations(request)


async def _find(request: RequestContext, station: UUID) -> StationView:
    for each in await request.ask(ListStations(user=request.user)):
        if each.id == station:
            return each
    raise UnknownTarget("no_such_station")
