"""Quiet hours: when no phone rings, and callers go to the voicemail."""

from datetime import time

from bot.dialogues.asking import asks_text
from bot.dialogues.preference_panel import PreferencePanel
from bot.keyboard import Outdated, columns, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.hours import parse
from bot.wording.texts import N_, Words, bold, lines
from bot.wording.weekdays import WHOLE_WEEK, days
from bridge.api.commands.preferences import ChangeSettings, GetSettings
from bridge.api.preferences import Preferences
from bridge.api.views import QuietHoursView
from bridge.errors import BadInput

PRESETS = (
    QuietHoursView(start=time(22), end=time(7)),
    QuietHoursView(start=time(21), end=time(8)),
    QuietHoursView(start=time(13), end=time(15)),
)

screen = Screen("quiet", about=N_("When no phone rings"))
panel = PreferencePanel(screen)


@screen.opened
async def quiet_hours(request: RequestContext) -> None:
    words, chosen = request.words, await request.ask(GetSettings(user=request.user))
    hours = chosen.quiet_hours
    text = lines(
        words("<b>Quiet hours</b>"),
        # where there are none, none are suspended
        *panel.told(words, chosen.preferences if hours else Preferences()),
        *(told(words, each) for each in hours),
        "" if hours else words("You have none: your phones ring at any time."),
    )
    rows = [[one.button(told(words, each), _key(each))] for each in hours]
    taken = {_key(each) for each in hours}
    presets = [
        preset.button(_range(words, each), _key(each))
        for each in PRESETS
        if _key(each) not in taken
    ]
    others = [add.button(words.label("Other hours"))]
    kept = []
    if hours:
        kept += panel.buttons(words, chosen.preferences)
        others.append(clear.button(words.label("None at all")))
    await request.show(
        Page(text, [*rows, *columns(presets, 3), others, kept, links(words, "start")])
    )


@screen.pressed
async def preset(request: RequestContext, key: str) -> None:
    for each in PRESETS:
        if _key(each) == key:
            await _add(request, each)
            return
    raise Outdated


async def _typed(request: RequestContext) -> None:
    hours = parse(request.text)
    if hours is None:
        raise BadInput("bad_hours")
    await _add(request, hours)


add = asks_text(
    screen,
    "add",
    N_(
        "Please type the hours, such as 22-7 or 22:30-07:00. "
        "Days can stand before them: Mon-Fri 22-7 or Sat, Sun 21-9."
    ),
    _typed,
    back="quiet",
)


@screen.pressed
async def clear(request: RequestContext) -> None:
    await _save(request, ())


@screen.pressed
async def one(request: RequestContext, key: str) -> None:
    """One range, with its days to switch."""
    words = request.words
    chosen = _find(await _current(request), key)
    switches = [
        day.button(("✓ " if each in chosen.weekdays else "") + words.weekday(each), key, each)
        for each in range(7)
    ]
    text = lines(bold(told(words, chosen)), words("Press a day to switch it."))
    rows = [*columns(switches, 4), [remove.button(words.label("Remove"), key)]]
    await request.show(Page(text, [*rows, [to(words.label("Back"), "quiet")]]))


@screen.pressed
async def day(request: RequestContext, key: str, weekday: int) -> None:
    hours = await _current(request)
    chosen = _find(hours, key)
    weekdays = chosen.weekdays ^ ({weekday} & WHOLE_WEEK)
    if not weekdays:
        await remove(request, key)
        return
    changed = chosen.model_copy(update={"weekdays": weekdays})
    await request.ask(
        ChangeSettings(
            user=request.user,
            quiet_hours=tuple(changed if each is chosen else each for each in hours),
        )
    )
    await one(request, key)


@screen.pressed
async def remove(request: RequestContext, key: str) -> None:
    await _save(request, tuple(each for each in await _current(request) if _key(each) != key))


async def _add(request: RequestContext, new: QuietHoursView) -> None:
    """The same hours on further days are one range."""
    hours = await _current(request)
    same = next((each for each in hours if _key(each) == _key(new)), None)
    weekdays = new.weekdays | (same.weekdays if same else frozenset())
    merged = new.model_copy(update={"weekdays": weekdays})
    await _save(request, (*(each for each in hours if each is not same), merged))


async def _save(request: RequestContext, hours: tuple[QuietHoursView, ...]) -> None:
    await request.ask(ChangeSettings(user=request.user, quiet_hours=hours))
    await quiet_hours(request)


async def _current(request: RequestContext) -> tuple[QuietHoursView, ...]:
    return (await request.ask(GetSettings(user=request.user))).quiet_hours


def _find(hours: tuple[QuietHoursView, ...], key: str) -> QuietHoursView:
    for each in hours:
        if _key(each) == key:
            return each
    raise Outdated


def _key(hours: QuietHoursView) -> str:
    """What a range goes by on a button: "2200-0730"."""
    return f"{hours.start:%H%M}-{hours.end:%H%M}"


def told(words: Words, hours: QuietHoursView) -> str:
    """ "22:00–07:30, Mon–Fri", as plain text."""
    return f"{_range(words, hours)}, {days(words, hours.weekdays)}"


def _range(words: Words, hours: QuietHoursView) -> str:
    return f"{words.clock(hours.start)}–{words.clock(hours.end)}"
