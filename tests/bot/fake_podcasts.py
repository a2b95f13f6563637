"""The part of the house in memory that knows podcasts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from bridge.api.commands.podcasts import (
    AddPodcast,
    CallPodcast,
    ChangePodcast,
    ExportPodcasts,
    GetPodcast,
    ImportPodcasts,
    ListEpisodes,
    ListPodcasts,
    LookAgain,
    MarkEpisode,
    RemovePodcast,
    ShowNotes,
)
from bridge.api.listening_views import EpisodeView, NotesView, PodcastView
from bridge.desk.imports import opml
from bridge.errors import BadInput, NetworkDown, NotAllowed, UnknownTarget
from bridge.store.engine.addresses import web_address
from bridge.store.listening import subscriptions
from bridge.terms import FeedState, RingRule
from tests.bot.fake_home import found, given, now
from tests.bot.fake_shelf import FakeShelves, Shelf, sensible, to_the_minute

NEVER = datetime.min.replace(tzinfo=UTC)


class FakePodcasts(FakeShelves):
    async def episode(self, user: UUID, episode: UUID) -> bytes:
        if not self.shelf(user).sound:
            raise NetworkDown("not_downloaded")
        return self.shelf(user).sound

    # --- podcasts

    def _AddPodcast(self, q: AddPodcast) -> PodcastView:
        shelf, address = self.shelf(q.user), web_address(q.address, "bad_feed_address")
        for known in shelf.podcasts:
            if known.address == address:
                return self._podcast(shelf, known.id)
        if len(shelf.podcasts) >= subscriptions.MOST:
            raise NotAllowed("too_many_podcasts", limit=str(subscriptions.MOST))
        return shelf.podcast("", address=address, state=FeedState.LOOKING)

    def _ListPodcasts(self, q: ListPodcasts) -> list[PodcastView]:
        shelf = self.shelf(q.user)
        shown = [self._podcast(shelf, each.id) for each in shelf.podcasts]
        shown.sort(key=lambda one: (one.title, one.address))
        return sorted(
            shown, key=lambda one: one.latest.published if one.latest else NEVER, reverse=True
        )

    def _GetPodcast(self, q: GetPodcast) -> PodcastView:
        return self._podcast(self.shelf(q.user), q.podcast)

    def _ChangePodcast(self, q: ChangePodcast) -> PodcastView:
        shelf, changes = self.shelf(q.user), given(q, "podcast")
        known = found(shelf.podcasts, q.podcast, "no_such_podcast")
        if q.times is not None:
            if len(q.times) > subscriptions.MOST_RING_TIMES or not all(map(sensible, q.times)):
                raise BadInput("bad_ring_time")
            times = map(to_the_minute, q.times)
            changes["times"] = tuple(sorted(times, key=lambda one: one.at))
        for limit in ("least_minutes", "oldest_days"):
            if limit in changes:
                changes[limit] = changes[limit] or None
        shelf.podcasts[shelf.podcasts.index(known)] = known.model_copy(update=changes)
        return self._podcast(shelf, q.podcast)

    def _LookAgain(self, q: LookAgain) -> None:
        found(self.shelf(q.user).podcasts, q.podcast, "no_such_podcast")

    def _RemovePodcast(self, q: RemovePodcast) -> None:
        shelf = self.shelf(q.user)
        shelf.podcasts.remove(found(shelf.podcasts, q.podcast, "no_such_podcast"))
        shelf.episodes = [each for each in shelf.episodes if each.podcast != q.podcast]

    def _ImportPodcasts(self, q: ImportPodcasts) -> list[PodcastView]:
        before, added = {one.id for one in self.shelf(q.user).podcasts}, []
        for address in opml.read(q.opml):
            try:
                one = self._AddPodcast(AddPodcast(user=q.user, address=address))
            except BadInput:
                continue
            except NotAllowed:
                if not added:
                    raise
                break
            if one.id not in before:
                before.add(one.id)
                added.append(one)
        return added

    def _ExportPodcasts(self, q: ExportPodcasts) -> str:
        listed = ((one.title, one.address, one.link) for one in self.shelf(q.user).podcasts)
        return opml.write(sorted(listed), now())

    def _ListEpisodes(self, q: ListEpisodes) -> list[EpisodeView]:
        shelf = self.shelf(q.user)
        found(shelf.podcasts, q.podcast, "no_such_podcast")
        return _of(shelf, q.podcast)[q.offset :][: q.limit]

    def _ShowNotes(self, q: ShowNotes) -> NotesView:
        shelf = self.shelf(q.user)
        episode = found(shelf.episodes, q.episode, "no_such_episode")
        notes = shelf.notes.get(q.episode, "")
        return NotesView(episode=episode, notes=notes, link="https://daily.example/bees")

    def _MarkEpisode(self, q: MarkEpisode) -> EpisodeView:
        kept = self.shelf(q.user).episodes
        known = found(kept, q.episode, "no_such_episode")
        position = known.position if q.heard else 0.0
        changed: EpisodeView = known.model_copy(update={"heard": q.heard, "position": position})
        kept[kept.index(known)] = changed
        return changed

    def _CallPodcast(self, q: CallPodcast) -> None:
        shelf = self.shelf(q.user)
        podcast = self._podcast(shelf, q.podcast)
        wanted = _of(shelf, q.podcast)
        if q.episode is not None:
            wanted = [found(wanted, q.episode, "no_such_episode")]
        elif not podcast.unheard:
            raise UnknownTarget("nothing_new")
        if any(episode.ready for episode in wanted):  # the others are fetched first
            self.rings(q)

    def _podcast(self, shelf: Shelf, podcast: UUID) -> PodcastView:
        """With what its episodes say; without any it stays as a test has made it."""
        known: PodcastView = found(shelf.podcasts, podcast, "no_such_podcast")
        episodes = _of(shelf, podcast)
        shown = {"times": known.times if known.rings is RingRule.AT_TIMES else ()}
        if episodes:
            news = sum(_is_news(known, each) for each in episodes)
            shown |= {"latest": episodes[0], "unheard": news}
        return known.model_copy(update=shown)


def _of(shelf: Shelf, podcast: UUID) -> list[EpisodeView]:
    """Newest first."""
    own = [each for each in shelf.episodes if each.podcast == podcast]
    return sorted(own, key=lambda one: one.published, reverse=True)


def _is_news(podcast: PodcastView, episode: EpisodeView) -> bool:
    least, oldest = podcast.least_minutes, podcast.oldest_days
    long = least is None or episode.seconds is None or episode.seconds >= least * 60
    young = oldest is None or episode.published >= datetime.now(UTC) - timedelta(days=oldest)
    return not episode.heard and long and young
