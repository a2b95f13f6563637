"""Episodes of a podcast: listed in pages, each to be played, marked, read about or sent."""

from textwrap import wrap
from uuid import UUID

from telegram.constants import FileSizeLimit, MessageLimit

from bot.keyboard import Rows, button
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screen import Screen
from bot.wording.texts import Words, bold, lines
from bridge.api.commands.podcasts import CallPodcast, ListEpisodes, MarkEpisode, ShowNotes
from bridge.api.listening_views import EpisodeView
from bridge.errors import BadInput

ON_A_PAGE = 8

screen = Screen("episodes")


@screen.pressed
async def page(request: RequestContext, podcast: UUID, offset: int) -> None:
    words = request.words
    asked = ListEpisodes(user=request.user, podcast=podcast, limit=ON_A_PAGE + 1, offset=offset)
    found = await request.ask(asked)
    shown = found[:ON_A_PAGE]
    text = lines(
        bold(shown[0].podcast_title if shown else words.label("Episodes")),
        words("Choose an episode.") if shown else words("There are no episodes yet."),
    )
    rows = [[one.button(_label(words, each), each.id)] for each in shown]
    turns = []
    if offset:
        turns.append(page.button(words.label("Newer"), podcast, max(offset - ON_A_PAGE, 0)))
    if len(found) > ON_A_PAGE:
        turns.append(page.button(words.label("Older"), podcast, offset + ON_A_PAGE))
    back = [button(words.label("Back"), "podcast.one", podcast)]
    await request.show(Page(text, [*rows, turns, back]))


@screen.pressed
async def one(request: RequestContext, episode: UUID) -> None:
    found = await request.ask(ShowNotes(user=request.user, episode=episode))
    await _show(request, found.episode)


@screen.pressed
async def call(request: RequestContext, episode: UUID) -> None:
    words = request.words
    podcast = (await request.ask(ShowNotes(user=request.user, episode=episode))).episode.podcast
    await request.ask(CallPodcast(user=request.user, podcast=podcast, episode=episode))
    back = [one.button(words.label("Back"), episode)]
    await request.show(Page(words("I call you now."), [back]))


@screen.pressed
async def mark(request: RequestContext, episode: UUID, heard: bool) -> None:
    await _show(
        request, await request.ask(MarkEpisode(user=request.user, episode=episode, heard=heard))
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


async def _show(request: RequestContext, episode: EpisodeView) -> None:
    words = request.words
    length = words.length(episode.seconds) if episode.seconds else ""
    if episode.heard:
        state = words("You have heard it.")
    elif episode.position:
        state = words("Heard up to {position}.", position=words.length(episode.position))
    else:
        state = words("Not heard yet.")
    text = lines(
        bold(episode.title),
        tidy(episode.podcast_title),
        ", ".join(part for part in (words.when(episode.published), length) if part),
        state,
    )
    await request.show(Page(text, _buttons(words, episode)))


def _buttons(words: Words, episode: EpisodeView) -> Rows:
    marked = words.label("Mark as new") if episode.heard else words.label("Mark as heard")
    return [
        [
            call.button(words.label("Call me now"), episode.id),
            mark.button(marked, episode.id, not episode.heard),
        ],
        [
            notes.button(words.label("Show notes"), episode.id),
            audio.button(words.label("Send the file"), episode.id),
        ],
        [
            page.button(words.label("Episodes"), episode.podcast, 0),
            *links(words, "podcasts"),
        ],
    ]


def _label(words: Words, episode: EpisodeView) -> str:
    mark = "" if episode.heard else ("◐ " if episode.position else "● ")
    return f"{mark}{tidy(episode.title)}, {words.when(episode.published)}"
