"""What one may choose about the bridge: language, time zone, announcement, greeting."""

import base64

from telegram import Audio, Document, Message, Voice

from bot.dialogues.asking import asks_text
from bot.dialogues.preference_panel import PreferencePanel
from bot.dialogues.sending import sends
from bot.keyboard import columns, to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.settings import language
from bot.wording import time_zones
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.preferences import ChangeSettings, GetSettings, SetGreeting
from bridge.api.views import SettingsView
from bridge.errors import BadInput

MOST_BYTES = 5_000_000
"""A greeting is cut to a minute; more than this is something else."""

screen = Screen("settings", about=N_("Language, time zone, greeting"))
panel = PreferencePanel(screen)


@screen.opened
async def settings(request: RequestContext) -> None:
    await _show(request, await request.ask(GetSettings(user=request.user)))


async def _show(request: RequestContext, chosen: SettingsView) -> None:
    words = request.words
    rows = [
        *([each] for each in panel.buttons(words, chosen.preferences)),
        [to(words.label("Language"), language.screen.name), zone.button(words.label("Time zone"))],
        [greeting.button(words.label("Greeting")), to(words.label("Phone in"), "phonein")],
        [to(words.label("Quiet hours"), "quiet"), to(words.label("Block list"), "block")],
        [to(words.label("Menu"), "start")],
    ]
    await request.show(Page(_told(words, chosen), rows))


def _told(words: Words, chosen: SettingsView) -> str:
    return lines(
        words("<b>Settings</b>"),
        *panel.told(words, chosen.preferences),
        words("Language: {language}", language=language.NAMES[chosen.language]),
        words("Time zone: {zone}", zone=time_zones.shown(chosen.time_zone, words.locale)),
        words("Callers hear your own greeting before they leave a message.")
        if chosen.has_greeting
        else words("Callers hear the standard greeting before they leave a message."),
        "",
        words(
            "Limits set by your host: {calls} calls at once, {day} minutes a day, "
            "{call} minutes a call.",
            calls=chosen.concurrent_calls,
            day=chosen.minutes_a_day,
            call=chosen.longest_call_minutes,
        ),
    )


async def _located(request: RequestContext) -> None:
    words = request.words
    location = request.message.location if request.message else None
    if location:
        found = time_zones.near(location.latitude, location.longitude)
    else:
        found = time_zones.named(request.text)
    if not found:
        raise BadInput("bad_time_zone")
    if len(found) == 1:
        await set_zone(request, found[0])
        return
    zones = [set_zone.button(time_zones.shown(each, words.locale), each) for each in found]
    cancel = [to(words.label("Cancel"), "settings")]
    await request.show(Page(words("Which of these is it?"), [*columns(zones), cancel]))


zone = asks_text(
    screen,
    "zone",
    N_("Please type a large city in your time zone, or send your location."),
    _located,
    back="settings",
    media=True,
)


@screen.pressed
async def set_zone(request: RequestContext, name: str) -> None:
    chosen = await request.ask(ChangeSettings(user=request.user, time_zone=name))
    request.member = request.member.model_copy(update={"time_zone": chosen.time_zone})
    await _show(request, chosen)


async def _greeting(request: RequestContext) -> Page:
    words = request.words
    chosen = await request.ask(GetSettings(user=request.user))
    text = words(
        "Please send a voice message, one minute at most. "
        "Callers hear it before they leave a message."
    )
    drop = [drop_greeting.button(words.label("Back to the standard greeting"))]
    return Page(text, [drop] if chosen.has_greeting else [])


async def _recorded(request: RequestContext) -> None:
    sound = _sound(request.message)
    if sound is None or (sound.file_size or 0) > MOST_BYTES:
        raise BadInput("bad_audio")
    audio = base64.b64encode(await request.download(sound)).decode()
    await request.ask(SetGreeting(user=request.user, audio=audio))
    words = request.words
    rows = [[to(words.label("Settings"), "settings"), to(words.label("Menu"), "start")]]
    await request.say(Page(words("Callers will hear this greeting from now on."), rows))


async def _drop_greeting(request: RequestContext) -> None:
    await request.ask(SetGreeting(user=request.user, audio=None))


greeting = asks_text(screen, "greeting", _greeting, _recorded, back="settings", media=True)
drop_greeting = sends(screen, "drop_greeting", _drop_greeting, then=settings)


def _sound(message: Message | None) -> Voice | Audio | Document | None:
    return (message.voice or message.audio or message.document) if message else None
