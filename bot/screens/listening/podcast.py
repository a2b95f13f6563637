"""One podcast: when it calls, what it plays, and how its feed is."""

from uuid import UUID

from markupsafe import Markup

from bot.dialogues.asking import Options, chooses, confirms
from bot.dialogues.sending import sends
from bot.keyboard import Rows
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
    shown = await request.ask(GetPodcast(user=request.user, podcast=podcast))
    text, rows = _text(request.words, shown), _buttons(request.words, shown)
    await request.show(Page(text, rows, picture=shown.cover))


@screen.told(PodcastChanged)
async def changed(request: RequestContext, event: PodcastChanged) -> None:
    words, podcast = request.words, event.podcast
    rows = [[one.button(podcast_title(podcast), podcast.id)]]
    await request.say(Page(_news(words, podcast, event.was), rows, picture=podcast.cover))


_WHEN = {
    RingRule.AT_ONCE: N_("As soon as it is there"),
    RingRule.AT_TIMES: N_("At fixed times"),
    RingRule.NEVER: N_("Never, only list it"),
}


async def _set_when(request: RequestContext, podcast: UUID, rings: RingRule) -> None:
    if rings is RingRule.AT_TIMES:
        return await ring_times.times(request, podcast)
    await request.ask(ChangePodcast(user=request.user, podcast=podcast, rings=rings))
    await one(request, podcast)


def _shorter(words: Words, minutes: int) -> str:
    if not minutes:
        return words.label("None for its length")
    return words.label("Shorter than {minutes} min", minutes=minutes)


def _older(words: Words, days: int) -> str:
    if not days:
        return words.label("None for its age")
    return words.label("Older than {days} days", days=days)


async def _facts(request: RequestContext, podcast: UUID) -> dict[str, object]:
    chosen = await request.ask(GetPodcast(user=request.user, podcast=podcast))
    return {"podcast": podcast_title(chosen)}


call = sends(screen, "call", CallPodcast, then=one, says=N_("I call you now."))
look = sends(
    screen,
    "look",
    LookAgain,
    then=one,
    says=N_("I look for news, and call you if I may and there is something new."),
)
pick = sends(screen, "pick", ChangePodcast, "pick", then=one)
set_when = sends(screen, "set_when", _set_when)
set_shortest = sends(screen, "set_shortest", ChangePodcast, "least_minutes", then=one)
set_oldest = sends(screen, "set_oldest", ChangePodcast, "oldest_days", then=one)
when = chooses(
    screen,
    "when",
    N_("When shall I call you for a new episode?"),
    Options(set_when, tuple(_WHEN), lambda words, rule: words.label(_WHEN[rule]), in_a_row=1),
    back=one,
)
skip = chooses(
    screen,
    "skip",
    N_("Which episodes shall I skip?"),
    Options(set_shortest, SHORTEST, _shorter),
    Options(set_oldest, OLDEST, _older),
    back=one,
)
remove = confirms(
    screen,
    "remove",
    N_("Remove {podcast}? I forget how far you have heard its episodes."),
    RemovePodcast,
    facts=_facts,
    no=one,
    then="podcasts",
    says=N_("The podcast is removed."),
)


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
        [remove.button(words.label("Remove"), podcast.id), *links(words, "podcasts")],
    ]


_PICK = {Pick.NEWEST: N_("Play only the newest"), Pick.ALL: N_("Play all in order")}
