"""A call-out while it is listened to: the keys of the phone as buttons, and "call me now"."""

from uuid import UUID

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dialogues.sending import sends
from bot.keyboard import Rows
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screen import Screen
from bot.wording.sentences import card_reason
from bot.wording.texts import N_, Words, bold, lines
from bridge.api.commands.call_outs import PressKey
from bridge.api.commands.podcasts import CallPodcast
from bridge.api.commands.radio import CallStation
from bridge.api.events import CallOutMissed, StationDown
from bridge.api.listening_views import Medium, Playing, PlayoutKey
from bridge.api.views import CallCard, CardState

OVER = {CardState.ENDED, CardState.MISSED, CardState.DECLINED}

screen = Screen("playing", stays=True)


@screen.pressed
async def key(request: RequestContext, call: UUID, pressed: PlayoutKey) -> None:
    """The card itself shows what came of it."""
    await request.ask(PressKey(user=request.user, call=call, key=pressed))


podcast = sends(screen, "podcast", CallPodcast)
episode = sends(screen, "episode", CallPodcast, "episode")
station = sends(screen, "station", CallStation)


@screen.told(CallOutMissed)
async def missed(request: RequestContext, event: CallOutMissed) -> None:
    words, playing = request.words, event.playing
    told = words("Missed: <b>{name}</b> ({when})", name=playing.name, when=words.when(event.due))
    why = MISSED.get(event.reason)
    reason = words(why) if why else card_reason(words, event.reason)
    await request.say(Page(lines(told, reason), [again(words, playing)]))


@screen.told(StationDown)
async def station_down(request: RequestContext, event: StationDown) -> None:
    told = request.words(
        "<b>{name}</b> cannot be reached. I keep trying as long as you stay on the phone.",
        name=event.name,
    )
    await request.say(Page(told))


def text(words: Words, card: CallCard, playing: Playing) -> Markup:
    """What is played and how far it is; how the phones stand is the card's business."""
    return lines(
        bold(playing.name),
        tidy(playing.title),
        _progress(words, playing) if card.state in (CardState.ANSWERED, CardState.ENDED) else "",
    )


def buttons(words: Words, card: CallCard, playing: Playing) -> Rows:
    """In the order of the keys of a telephone."""
    if card.state in OVER:
        return [again(words, playing)]
    if card.state is not CardState.ANSWERED:
        return []
    play = words.label("▶ Play") if playing.paused else words.label("⏸ Pause")
    where = key.button(words.label("Where am I?"), card.id, PlayoutKey.WHERE)
    hang_up = key.button(words.label("Hang up"), card.id, PlayoutKey.HANG_UP)
    if playing.medium is Medium.RADIO:
        return [[key.button(play, card.id, PlayoutKey.PLAY), where], [hang_up]]
    return [
        [
            key.button(play, card.id, PlayoutKey.PLAY),
            key.button(words.label("Slower"), card.id, PlayoutKey.SLOWER),
            key.button(words.label("Heard, next"), card.id, PlayoutKey.HEARD),
        ],
        [
            key.button(words.label("« 30 s"), card.id, PlayoutKey.BACK),
            where,
            key.button(words.label("30 s »"), card.id, PlayoutKey.FORWARD),
        ],
        [
            key.button(words.label("Previous"), card.id, PlayoutKey.PREVIOUS),
            key.button(words.label("Faster"), card.id, PlayoutKey.FASTER),
            key.button(words.label("Next"), card.id, PlayoutKey.NEXT),
        ],
        [hang_up],
    ]


def again(words: Words, playing: Playing) -> list[InlineKeyboardButton]:
    label = words.label("Call me now")
    if playing.podcast and playing.episode:
        return [episode.button(label, playing.podcast, playing.episode)]
    if playing.podcast:
        return [podcast.button(label, playing.podcast)]
    return [station.button(label, playing.station)] if playing.station else []


def _progress(words: Words, playing: Playing) -> Markup:
    position = words.length(playing.position)
    at = (
        words("{position} of {length}", position=position, length=words.length(playing.seconds))
        if playing.seconds
        else words("{position} so far", position=position)
    )
    speed = words("speed {speed}", speed=f"{playing.speed:g}") if playing.speed != 1 else ""
    paused = words("paused") if playing.paused else ""
    return Markup(", ").join(part for part in (at, speed, paused) if part)


MISSED = {
    "house_was_down": N_("The bridge was not running at that time."),
    "worker_lost": N_(
        "The bridge stumbled just then. The phone may have rung; I do not call a second time."
    ),
    "not_downloaded": N_("The episode could not be downloaded in time. I keep trying."),
    "not_accepted": N_("Nobody accepted the call, nor a second one."),
}
