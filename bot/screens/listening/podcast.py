"""One podcast: when it calls, what it plays, and how its feed is."""

from uuid import UUID

from markupsafe import Markup

from bot.keyboard import Rows, columns
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.listening import episodes, ring_times
from bot.wording.refusals import sentence_of
from bot.wording.sentences import podcast_title
from bot.wording.texts import N_, Words, bold, lines
from bridge.api.commands.podcasts import (
    CallPodcast,
    ChangePodcast,
    GetPodcast,
    LookAgain,
    RemovePodcast,
)
from bridge.api.events import PodcastChanged
from bridge.api.listening_views import PodcastView
from bridge.terms import FeedState, Pick, RingRule

SHORTEST = (0, 2, 5, 10, 20)
"""Minutes."""
OLDEST = (0, 2, 7, 30)
"""Days."""

screen = Screen("podcast")


@screen.pressed
async def one(request: RequestContext, podcast: UUID) -> None:
    await _show(request, await request.ask(GetPodcast(user=request.user, podcast=podcast)))


@screen.told(PodcastChanged)
async def changed(request: RequestContext, event: PodcastChanged) -> None:
    words, podcast = request.words, event.podcast
    rows = [[one.button(podcast_title(podcast), podcast.id)]]
    await request.say(Page(_news(words, podcast, event.was), rows, picture=podcast.cover))


@screen.pressed
async def call(request: RequestContext, podcast: UUID) -> None:
    await request.ask(CallPodcast(user=request.user, podcast=podcast))
    words = request.words
    await request.show(Page(words("I call you now."), [[one.button(words.label("Back"), podcast)]]))


@screen.pressed
async def look(request: RequestContext, podcast: UUID) -> None:
    await request.ask(LookAgain(user=request.user, podcast=podcast))
    words = request.words
    told = words("I look for news, and call you if I may and there is something new.")
    await request.show(Page(told, [[one.button(words.label("Back"), podcast)]]))


@screen.pressed
async def when(request: RequestContext, podcast: UUID) -> None:
    words = request.words
    text = words("When shall I call you for a new episode?")
    choices = [
        set_when.button(words.label(_WHEN[RingRule.AT_ONCE]), podcast, RingRule.AT_ONCE),
        ring_times.times.button(words.label(_WHEN[RingRule.AT_TIMES]), podcast),
        set_when.button(words.label(_WHEN[RingRule.NEVER]), podcast, RingRule.NEVER),
    ]
    back = [one.button(words.label("Back"), podcast)]
    await request.show(Page(text, [*([each] for each in choices), back]))


@screen.pressed
async def set_when(request: RequestContext, podcast: UUID, rings: RingRule) -> None:
    change = ChangePodcast(user=request.user, podcast=podcast, rings=rings)
    await _show(request, await request.ask(change))


@screen.pressed
async def pick(request: RequestContext, podcast: UUID, which: Pick) -> None:
    change = ChangePodcast(user=request.user, podcast=podcast, pick=which)
    await _show(request, await request.ask(change))


@screen.pressed
async def skip(request: RequestContext, podcast: UUID) -> None:
    words = request.words
    text = words("Which episodes shall I skip?")
    short = [
        set_shortest.button(
            words.label("Shorter than {minutes} min", minutes=minutes)
            if minutes
            else words.label("None for its length"),
            podcast,
            minutes,
        )
        for minutes in SHORTEST
    ]
    old = [
        set_oldest.button(
            words.label("Older than {days} days", days=days)
            if days
            else words.label("None for its age"),
            podcast,
            days,
        )
        for days in OLDEST
    ]
    back = [one.button(words.label("Back"), podcast)]
    await request.show(Page(text, [*columns(short), *columns(old), back]))


@screen.pressed
async def set_shortest(request: RequestContext, podcast: UUID, minutes: int) -> None:
    change = ChangePodcast(user=request.user, podcast=podcast, least_minutes=minutes)
    await _show(request, await request.ask(change))


@screen.pressed
async def set_oldest(request: RequestContext, podcast: UUID, days: int) -> None:
    change = ChangePodcast(user=request.user, podcast=podcast, oldest_days=days)
    await _show(request, await request.ask(change))


@screen.pressed
async def remove(request: RequestContext, podcast: UUID) -> None:
    words = request.words
    known = await request.ask(GetPodcast(user=request.user, podcast=podcast))
    text = words(
        "Remove {podcast}? I forget how far you have heard its episodes.",
        podcast=podcast_title(known),
    )
    yes = [remove_for_good.button(words.label("Yes, remove it"), podcast)]
    await request.show(Page(text, [yes, [one.button(words.label("No, keep it"), podcast)]]))


@screen.pressed
async def remove_for_good(request: RequestContext, podcast: UUID) -> None:
    words = request.words
    await request.ask(RemovePodcast(user=request.user, podcast=podcast))
    rows = [links(words, "podcasts", "start")]
    await request.show(Page(words("The podcast is removed."), rows))


_WHEN = {
    RingRule.AT_ONCE: N_("As soon as it is there"),
    RingRule.AT_TIMES: N_("At fixed times"),
    RingRule.NEVER: N_("Never, only list it"),
}


async def _show(request: RequestContext, podcast: PodcastView) -> None:
    text, rows = _text(request.words, podcast), _buttons(request.words, podcast)
    await request.show(Page(text, rows, picture=podcast.cover))


def _text(words: Words, podcast: PodcastView) -> Markup:
    latest = podcast.latest
    skipped = []
    if podcast.least_minutes:
        skipped.append(words.label("shorter than {minutes} min", minutes=podcast.least_minutes))
    if podcast.oldest_days:
        skipped.append(words.label("older than {days} days", days=podcast.oldest_days))
    return lines(
        bold(podcast_title(podcast)),
        _trouble(words, podcast),
        words("Latest: {title}, {when}", title=latest.title, when=words.when(latest.published))
        if latest
        else "",
        words("New and not heard yet: {number}", number=podcast.unheard) if podcast.unheard else "",
        "",
        _rings(words, podcast),
        words("I play the newest episode.")
        if podcast.pick is Pick.NEWEST
        else words("I play all that you have not heard, the oldest first."),
        words("I skip what is {what}.", what=", ".join(skipped)) if skipped else "",
    )


def _rings(words: Words, podcast: PodcastView) -> Markup:
    match podcast.rings:
        case RingRule.AT_ONCE:
            return words("I call you as soon as a new episode is there, but not in quiet hours.")
        case RingRule.AT_TIMES:
            times = "; ".join(ring_times.told(words, each) for each in podcast.times)
            return words("If there is something new, I call you: {times}.", times=times)
        case RingRule.NEVER:
            return words("I do not call you for it.")


def _trouble(words: Words, podcast: PodcastView) -> Markup:
    if podcast.state is FeedState.LOOKING:
        return words("I am still looking at it.")
    if podcast.state is FeedState.FINE:
        return Markup("")
    return sentence_of(words, podcast.reason, podcast.facts)


def _news(words: Words, podcast: PodcastView, was: FeedState) -> Markup:
    name = podcast_title(podcast)
    match podcast.state:
        case FeedState.FINE if was is FeedState.LOOKING:
            return lines(
                words("<b>{podcast}</b> is in your list.", podcast=name), _rings(words, podcast)
            )
        case FeedState.FINE:
            return words("<b>{podcast}</b> can be reached again.", podcast=name)
        case _:
            return lines(
                words("There is trouble with <b>{podcast}</b>.", podcast=name),
                _trouble(words, podcast),
            )


def _buttons(words: Words, podcast: PodcastView) -> Rows:
    other = Pick.ALL if podcast.pick is Pick.NEWEST else Pick.NEWEST
    return [
        [
            call.button(words.label("Call me now"), podcast.id),
            episodes.page.button(words.label("Episodes"), podcast.id, 0),
        ],
        [
            when.button(words.label("When to call"), podcast.id),
            skip.button(words.label("What to skip"), podcast.id),
        ],
        [
            pick.button(words.label(_PICK[other]), podcast.id, other),
            look.button(words.label("Look for news"), podcast.id),
        ],
        [
            remove.button(words.label("Remove"), podcast.id),
            *links(words, "podcasts"),
        ],
    ]


_PICK = {
    Pick.NEWEST: N_("Play only the newest"),
    Pick.ALL: N_("Play all in order"),
}
