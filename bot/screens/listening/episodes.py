"""Episodes of a podcast: listed in pages, each to be played, marked, read about or sent."""

from textwrap import wrap
from uuid import UUID

from markupsafe import Markup
from telegram.constants import FileSizeLimit, MessageLimit

from bot.dialogues.leafing import NEWEST_FIRST, Listing, pages
from bot.dialogues.sending import Toggle, sends
from bot.keyboard import Rows, button
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screen import Screen
from bot.wording.texts import N_, Words, bold, lines
from bridge.api.commands.podcasts import CallPodcast, ListEpisodes, MarkEpisode, ShowNotes
from bridge.api.listening_views import EpisodeView
from bridge.errors import BadInput

ON_A_PAGE = 8

screen = Screen("episodes")


@pages(screen, ON_A_PAGE, NEWEST_FIRST)
async def page(request: RequestContext, podcast: UUID, offset: int) -> Listing:
    words = request.words
    asked = ListEpisodes(user=request.user, podcast=podcast, limit=ON_A_PAGE + 1, offset=offset)
    shown = await request.ask(asked)
    text = lines(
        bold(shown[0].podcast_title if shown else words.label("Episodes")),
        words("Choose an episode.") if shown else words("There are no episodes yet."),
    )
    entries = [one.button(_label(words, each), each.id) for each in shown]
    back = [button(words.label("Back"), "podcast.one", podcast)]
    return Listing(text, entries, [back], start=offset)


@screen.pressed
async def one(request: RequestContext, episode: UUID) -> None:
    shown = (await request.ask(ShowNotes(user=request.user, episode=episode))).episode
    await request.show(Page(_text(request.words, shown), _buttons(request.words, shown)))


async def _call(request: RequestContext, episode: UUID) -> None:
    podcast = (await request.ask(ShowNotes(user=request.user, episode=episode))).episode.podcast
    await request.ask(CallPodcast(user=request.user, podcast=podcast, episode=episode))


call = sends(screen, "call", _call, then=one, says=N_("I call you now."))
mark = Toggle(
    screen, "mark", MarkEpisode, "heard", one, on=N_("Mark as heard"), off=N_("Mark as new")
)


@screen.pressed
async def notes(request: RequestContext, episode: UUID) -> None:
    """As many messages as it takes."""
    words = request.words
    found = await request.ask(ShowNotes(user=request.user, episode=episode))
    told = found.notes or words.label("There are no notes to this episode.")
    if found.link:
        told = f"{told}\n{found.link}"
    pages = pieces(told, MessageLimit.MAX_TEXT_LENGTH)
    back = [one.button(words.label("Back"), episode)]
    for number, piece in enumerate(pages, 1):
        await request.say(Page(lines(piece), [back] if number == len(pages) else ()))


@screen.pressed
async def audio(request: RequestContext, episode: UUID) -> None:
    words = request.words
    found = (await request.ask(ShowNotes(user=request.user, episode=episode))).episode
    if (found.size or 0) > FileSizeLimit.FILESIZE_UPLOAD:
        raise BadInput("episode_too_large")
    sound = await request.state.desk.episode(request.user, episode)
    caption = lines(bold(found.title), tidy(found.podcast_title))
    back = [one.button(words.label("Back"), episode)]
    await request.send_audio(sound, found.title, found.podcast_title, Page(caption, [back]))


def pieces(text: str, longest: int) -> list[str]:
    """`text` in parts that Telegram takes, cut between lines or at least between words."""
    parts = [""]
    for line in text.splitlines():
        for piece in wrap(line, longest, replace_whitespace=False) or [""]:
            if len(parts[-1]) + len(piece) + 1 > longest:
                parts.append("")
            parts[-1] = f"{parts[-1]}\n{piece}" if parts[-1] else piece
    return parts


def _text(words: Words, episode: EpisodeView) -> Markup:
    length = words.length(episode.seconds) if episode.seconds else ""
    if episode.heard:
        state = words("You have heard it.")
    elif episode.position:
        state = words("Heard up to {position}.", position=words.length(episode.position))
    else:
        state = words("Not heard yet.")
    return lines(
        bold(episode.title),
        tidy(episode.podcast_title),
        ", ".join(part for part in (words.when(episode.published), length) if part),
        state,
    )


def _buttons(words: Words, episode: EpisodeView) -> Rows:
    return [
        [
            call.button(words.label("Call me now"), episode.id),
            mark.button(words, episode.heard, episode.id),
        ],
        [
            notes.button(words.label("Show notes"), episode.id),
            audio.button(words.label("Send the file"), episode.id),
        ],
        [page.button(words.label("Episodes"), episode.podcast, 0), *links(words, "podcasts")],
    ]


def _label(words: Words, episode: EpisodeView) -> str:
    mark = "" if episode.heard else ("◐ " if episode.position else "● ")
    return f"{mark}{tidy(episode.title)}, {words.when(episode.published)}"
