"""Radio programmes for which the phone rings: by weekday and time, by cron, or by a calendar."""

from uuid import UUID

from telegram import Document

from bot.keyboard import Rows, button, columns
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.listening.ring_times import told
from bot.wording.hours import parse_time
from bot.wording.texts import Words, bold, lines
from bridge.api.commands.radio import AddProgramme, ChangeProgramme, ListProgrammes, RemoveProgramme
from bridge.api.listening_views import ProgrammeView
from bridge.errors import BadInput, UnknownTarget

LENGTHS = (15, 30, 60, 120, 0)
"""Minutes; 0: until the member hangs up."""
MOST_BYTES = 200_000
ON_A_PAGE = 10

screen = Screen("programme")


@screen.pressed
async def page(request: RequestContext, offset: int) -> None:
    words = request.words
    owned = await request.ask(ListProgrammes(user=request.user))
    shown = owned[max(offset, 0) :][:ON_A_PAGE]
    text = lines(
        words("<b>Programmes</b>"),
        words("When one begins, I call you and play it.")
        if owned
        else words("There is none yet. Choose a station and add one."),
    )
    rows = [[one.button(_name(words, each), each.id)] for each in shown]
    turns = []
    if offset:
        turns.append(page.button(words.label("Back"), max(offset - ON_A_PAGE, 0)))
    if len(owned) > offset + ON_A_PAGE:
        turns.append(page.button(words.label("More"), offset + ON_A_PAGE))
    last = links(words, "radio", "start")
    await request.show(Page(text, [*rows, turns, last]))


@screen.pressed
async def one(request: RequestContext, programme: UUID) -> None:
    await _show(request, await _find(request, programme))


@screen.pressed
async def add(request: RequestContext, station: UUID) -> None:
    words = request.words
    typed.expect(request, station)
    text = words(
        "When does it begin? Please type days and time, such as Sun 11:05 or Mon-Fri 7:00. "
        "You can also send a calendar (.ics) or its address, or type a cron expression."
    )
    cancel = [button(words.label("Cancel"), "radio.one", station)]
    await request.show(Page(text, [cancel]))


@screen.answered_by_any
async def typed(request: RequestContext, station: UUID) -> None:
    """What it is can be told from how it looks."""
    file = request.message.document if request.message else None
    text = request.text
    if file is not None:
        asked = AddProgramme(
            user=request.user, station=station, calendar=await _read(request, file)
        )
    elif (times := parse_time(text)) is not None:
        asked = AddProgramme(user=request.user, station=station, times=times)
    elif "://" in text:
        asked = AddProgramme(user=request.user, station=station, calendar_address=text)
    elif len(text.split()) == 5:
        asked = AddProgramme(user=request.user, station=station, cron=text)
    else:
        raise BadInput("bad_schedule")
    new = await request.ask(asked)
    await _ask_length(request, new)


@screen.pressed
async def length(request: RequestContext, programme: UUID) -> None:
    await _ask_length(request, await _find(request, programme))


@screen.pressed
async def set_length(request: RequestContext, programme: UUID, minutes: int) -> None:
    change = ChangeProgramme(user=request.user, programme=programme, minutes=minutes)
    await _show(request, await request.ask(change))


@screen.pressed
async def rename(request: RequestContext, programme: UUID) -> None:
    words = request.words
    renamed.expect(request, programme)
    text = words("What is the programme called? I say its name when I call.")
    await request.show(Page(text, [[one.button(words.label("Cancel"), programme)]]))


@screen.answered
async def renamed(request: RequestContext, programme: UUID) -> None:
    change = ChangeProgramme(user=request.user, programme=programme, title=request.text)
    await _show(request, await request.ask(change))


@screen.pressed
async def switch(request: RequestContext, programme: UUID, on: bool) -> None:
    change = ChangeProgramme(user=request.user, programme=programme, enabled=on)
    await _show(request, await request.ask(change))


@screen.pressed
async def remove(request: RequestContext, programme: UUID) -> None:
    await request.ask(RemoveProgramme(user=request.user, programme=programme))
    await page(request, 0)


async def _ask_length(request: RequestContext, programme: ProgrammeView) -> None:
    words = request.words
    text = words("How long shall I play it?")
    choices = [
        set_length.button(
            words.label("{minutes} min", minutes=minutes)
            if minutes
            else words.label("Until I hang up"),
            programme.id,
            minutes,
        )
        for minutes in LENGTHS
    ]
    await request.show(Page(text, columns(choices, 3)))


async def _show(request: RequestContext, programme: ProgrammeView) -> None:
    words = request.words
    text = lines(
        bold(programme.title or programme.station.name),
        programme.station.name if programme.title else "",
        words("It begins: {when}.", when=_when(words, programme)),
        words("Next time: {when}", when=words.when(programme.next))
        if programme.next and programme.enabled
        else "",
        words("I play it for {minutes} minutes.", minutes=programme.minutes)
        if programme.minutes
        else words("I play it until you hang up, two hours at most."),
        "" if programme.enabled else words("It is switched off: I do not call you."),
    )
    await request.show(Page(text, _buttons(words, programme)))


def _buttons(words: Words, programme: ProgrammeView) -> Rows:
    power = words.label("Switch off") if programme.enabled else words.label("Switch on")
    return [
        [
            rename.button(words.label("Name"), programme.id),
            length.button(words.label("Length"), programme.id),
        ],
        [
            switch.button(power, programme.id, not programme.enabled),
            remove.button(words.label("Remove"), programme.id),
        ],
        [page.button(words.label("Programmes"), 0), *links(words, "start")],
    ]


def _when(words: Words, programme: ProgrammeView) -> str:
    if programme.times:
        return told(words, programme.times)
    if programme.cron:
        return words.label("by cron: {cron}", cron=programme.cron)
    return words.label("by its calendar")


def _name(words: Words, programme: ProgrammeView) -> str:
    name = programme.title or programme.station.name
    if programme.enabled and programme.next:
        return f"{name}, {words.when(programme.next)}"
    return f"{name}, {words.label('switched off')}" if not programme.enabled else name


async def _read(request: RequestContext, file: Document) -> str:
    if (file.file_size or 0) > MOST_BYTES:
        raise BadInput("bad_calendar")
    return (await request.download(file)).decode("utf-8-sig", errors="replace")


async def _find(request: RequestContext, programme: UUID) -> ProgrammeView:
    for each in await request.ask(ListProgrammes(user=request.user)):
        if each.id == programme:
            return each
    raise UnknownTarget("no_such_programme")
