"""The podcasts of a member: the list, adding by address or OPML file, taking the list along."""

from telegram import Document

from bot.dialogues.asking import asks_text
from bot.dialogues.leafing import BACK_AND_ON, Listing, pages
from bot.keyboard import Rows
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.listening import podcast
from bot.wording.sentences import podcast_title
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.podcasts import AddPodcast, ExportPodcasts, ImportPodcasts, ListPodcasts
from bridge.api.listening_views import PodcastView
from bridge.errors import BadInput
from bridge.terms import FeedState

ON_A_PAGE = 10
MOST_BYTES = 5_000_000

screen = Screen("podcasts", about=N_("Podcasts that call you"))


@pages(screen, ON_A_PAGE, BACK_AND_ON)
async def page(request: RequestContext, offset: int) -> Listing:
    words = request.words
    owned = await request.ask(ListPodcasts(user=request.user))
    text = lines(
        words("<b>Podcasts</b>"),
        words("When a new episode is there, I call you and play it.")
        if owned
        else words("There is none yet. Add one: then I call you when a new episode is there."),
    )
    entries = [podcast.one.button(label(each), each.id) for each in owned]
    others = [add.button(words.label("Add a podcast"))]
    if owned:
        others.append(export.button(words.label("Save the list")))
    return Listing(text, entries, [others, links(words, "start")])


async def _added(request: RequestContext) -> None:
    file = request.message.document if request.message else None
    if file is not None:
        return await _import(request, file)
    new = await request.ask(AddPodcast(user=request.user, address=request.text))
    if new.state is not FeedState.LOOKING:  # somebody else in the house hears it too
        return await podcast.one(request, new.id)
    told = request.words("I am looking at it and tell you in a moment what I have found.")
    await request.show(Page(told, _ways(request.words)))


add = asks_text(
    screen,
    "add",
    N_(
        "Please type or paste the address of the podcast or of its web page. "
        "You can also send me an OPML file from another podcast program."
    ),
    _added,
    back="podcasts",
    media=True,
)


@screen.pressed
async def export(request: RequestContext) -> None:
    words = request.words
    opml = await request.ask(ExportPodcasts(user=request.user))
    caption = words("Your podcasts, for any podcast program (OPML).")
    await request.send_file(opml.encode(), "podcasts.opml", Page(caption, _ways(words)))


async def _import(request: RequestContext, file: Document) -> None:
    words = request.words
    if (file.file_size or 0) > MOST_BYTES:
        raise BadInput("bad_opml")
    opml = (await request.download(file)).decode("utf-8-sig", errors="replace")
    new = await request.ask(ImportPodcasts(user=request.user, opml=opml))
    told = words.count(
        "{number} podcast is added. I look at it now.",
        "{number} podcasts are added. I look at them now.",
        len(new),
    )
    if not new:
        told = words("You had all of these podcasts already.")
    await request.show(Page(told, _ways(words)))


def label(each: PodcastView) -> str:
    """ "● The Daily (3)": what is unheard, and a sign where something is wrong."""
    title = podcast_title(each)
    if each.state in (FeedState.FAILING, FeedState.GONE):
        return f"⚠ {title}"
    return f"● {title} ({each.unheard})" if each.unheard else title


def _ways(words: Words) -> Rows:
    return [links(words, "podcasts", "start")]
