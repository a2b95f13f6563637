"""The fixed times at which a podcast calls: presets, typed ones, and which days."""

from datetime import time
from uuid import UUID

from bot.dialogues.asking import asks_text
from bot.keyboard import Outdated, button, columns
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.hours import parse_time
from bot.wording.sentences import podcast_title
from bot.wording.texts import N_, Words, lines
from bot.wording.weekdays import days
from bridge.api.commands.podcasts import ChangePodcast, GetPodcast
from bridge.api.listening_views import PodcastView, Times
from bridge.errors import BadInput
from bridge.terms import RingRule

PRESETS = (time(7), time(12, 30), time(18), time(20))

screen = Screen("times")


@screen.pressed
async def times(request: RequestContext, podcast: UUID) -> None:
    await _show(request, await request.ask(GetPodcast(user=request.user, podcast=podcast)))


@screen.pressed
async def preset(request: RequestContext, podcast: UUID, key: str) -> None:
    for each in PRESETS:
        if _key(each) == key:
            await _add(request, podcast, Times(at=each))
            return
    raise Outdated


async def _typed(request: RequestContext, podcast: UUID) -> None:
    read = parse_time(request.text)
    if read is None:
        raise BadInput("bad_ring_time")
    await _add(request, podcast, read)


add = asks_text(
    screen,
    "add",
    N_("Please type the time, such as 7:30, or with days before it: Mon-Fri 18:00."),
    _typed,
    back=times,
)


@screen.pressed
async def remove(request: RequestContext, podcast: UUID, key: str) -> None:
    current = await request.ask(GetPodcast(user=request.user, podcast=podcast))
    left = tuple(each for each in current.times if _key(each.at) != key)
    await _save(request, podcast, left)


async def _add(request: RequestContext, podcast: UUID, new: Times) -> None:
    """The same time on further days is one."""
    current = (await request.ask(GetPodcast(user=request.user, podcast=podcast))).times
    same = next((each for each in current if each.at == new.at), None)
    weekdays = new.weekdays | (same.weekdays if same else frozenset())
    others = (each for each in current if each is not same)
    merged = sorted((*others, Times(weekdays=weekdays, at=new.at)), key=lambda each: each.at)
    await _save(request, podcast, tuple(merged))


async def _save(request: RequestContext, podcast: UUID, chosen: tuple[Times, ...]) -> None:
    rings = RingRule.AT_TIMES if chosen else RingRule.NEVER
    change = ChangePodcast(user=request.user, podcast=podcast, rings=rings, times=chosen)
    await _show(request, await request.ask(change))


async def _show(request: RequestContext, podcast: PodcastView) -> None:
    words = request.words
    chosen = podcast.times if podcast.rings is RingRule.AT_TIMES else ()
    taken = {each.at for each in chosen}
    text = lines(
        words("<b>When {podcast} calls</b>", podcast=podcast_title(podcast)),
        words("At these times I look whether there is something new; a time goes by its button.")
        if chosen
        else words("Choose a time or type one."),
    )
    rows = [[remove.button(told(words, each), podcast.id, _key(each.at))] for each in chosen]
    presets = [
        preset.button(words.clock(each), podcast.id, _key(each))
        for each in PRESETS
        if each not in taken
    ]
    others = [
        add.button(words.label("Another time"), podcast.id),
        button(words.label("Done"), "podcast.one", podcast.id),
    ]
    await request.show(Page(text, [*rows, *columns(presets, 4), others]))


def told(words: Words, chosen: Times) -> str:
    """ "18:00, Mon-Fri", as plain text."""
    return f"{words.clock(chosen.at)}, {days(words, chosen.weekdays)}"


def _key(at: time) -> str:
    return f"{at:%H%M}"
