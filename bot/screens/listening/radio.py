"""Radio stations of a member, each to be listened to by phone."""

from uuid import UUID

from bot.dialogues.asking import asks_text, confirms
from bot.dialogues.sending import found, sends
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


async def _find(request: RequestContext, station: UUID) -> StationView:
    return found(await request.ask(ListStations(user=request.user)), station, "no_such_station")


async def _facts(request: RequestContext, station: UUID) -> dict[str, object]:
    return {"station": (await _find(request, station)).name}


async def _address(request: RequestContext, name: str) -> str:
    return request.words(
        "Please type or paste the address of its stream: mp3, aac, ogg, HLS, .pls or .m3u."
    )


async def _addressed(request: RequestContext, name: str) -> None:
    new = await request.ask(AddStation(user=request.user, name=name, address=request.text))
    await one(request, new.id)


async def _named(request: RequestContext) -> None:
    await address(request, request.text)


call = sends(screen, "call", CallStation, then=one, says=N_("I call you now."))
address = asks_text(screen, "address", _address, _addressed, back="radio")
add = asks_text(screen, "add", N_("What shall this station be called?"), _named, back="radio")
rename = asks_text(
    screen,
    "rename",
    N_("Please type the new name of this station."),
    RenameStation,
    "name",
    back=one,
)
remove = confirms(
    screen,
    "remove",
    N_("Remove {station}? Its programmes go with it."),
    RemoveStation,
    facts=_facts,
    no=one,
    then=stations,
)
