"""Radio programmes for which the phone rings: by weekday and time, by cron, or by a calendar."""

from uuid import UUID

from markupsafe import Markup
from telegram import Document

from bot.dialogues.asking import Options, asks_text, chooses, confirms
from bot.dialogues.leafing import BACK_AND_ON, Listing, pages
from bot.dialogues.sending import Toggle, found, sends
from bot.keyboard import Rows
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.listening.ring_times import told
from bot.wording.hours import parse_time
from bot.wording.texts import N_, Words, bold, lines
from bridge.api.commands.radio import AddProgramme, ChangeProgramme, ListProgrammes, RemoveProgramme
from bridge.api.listening_views import ProgrammeView
from bridge.errors import BadInput

LENGTHS = (15, 30, 60, 120, 0)
"""Minutes; 0: until the member hangs up."""
MOST_BYTES = 200_000
ON_A_PAGE = 10

screen = Screen("programme")


@pages(screen, ON_A_PAGE, BACK_AND_ON)
async def page(request: RequestContext, offset: int) -> Listing:
    words = request.words
    owned = await request.ask(ListProgrammes(user=request.user))
    text = lines(
        words("<b>Programmes</b>"),
        words("When one begins, I call you and play it.")
        if owned
        else words("There is none yet. Choose a station and add one."),
    )
    entries = [one.button(_name(words, each), each.id) for each in owned]
    return Listing(text, entries, [links(words, "radio", "start")])


@screen.pressed
async def one(request: RequestContext, programme: UUID) -> None:
    shown = await _find(request, programme)
    await request.show(Page(_text(request.words, shown), _buttons(request.words, shown)))


async def _typed(request: RequestContext, station: UUID) -> None:
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
    await length(request, new.id)


async def _removed(request: RequestContext, programme: UUID) -> None:
    await request.ask(RemoveProgramme(user=request.user, programme=programme))
    await page(request, 0)


def _minutes(words: Words, minutes: int) -> str:
    return (
        words.label("{minutes} min", minutes=minutes) if minutes else words.label("Until I hang up")
    )


async def _facts(request: RequestContext, programme: UUID) -> dict[str, object]:
    chosen = await _find(request, programme)
    return {"programme": chosen.title or chosen.station.name}


add = asks_text(
    screen,
    "add",
    N_(
        "When does it begin? Please type days and time, such as Sun 11:05 or Mon-Fri 7:00. "
        "You can also send a calendar (.ics) or its address, or type a cron expression."
    ),
    _typed,
    back="radio.one",
    media=True,
)
set_length = sends(screen, "set_length", ChangeProgramme, "minutes", then=one)
length = chooses(
    screen,
    "length",
    N_("How long shall I play it?"),
    Options(set_length, LENGTHS, _minutes, in_a_row=3),
    back=one,
)
switch = Toggle(screen, "switch", ChangeProgramme, "enabled", one)
rename = asks_text(
    screen,
    "rename",
    N_("What is the programme called? I say its name when I call."),
    ChangeProgramme,
    "title",
    back=one,
)
remove = confirms(
    screen,
    "remove",
    N_("Remove {programme}? I do not call you for it any more."),
    _removed,
    facts=_facts,
    no=one,
)


def _text(words: Words, programme: ProgrammeView) -> Markup:
    return lines(
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


def _buttons(words: Words, programme: ProgrammeView) -> Rows:
    return [
        [
            rename.button(words.label("Name"), programme.id),
            length.button(words.label("Length"), programme.id),
        ],
        [
            switch.button(words, programme.enabled, programme.id),
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
    owned = await request.ask(ListProgrammes(user=request.user))
    return found(owned, programme, "no_such_programme")
