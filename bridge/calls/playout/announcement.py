"""What a call-out says when it is picked up."""

from bridge.api.listening_views import Medium
from bridge.calls.ports.library import CallOutOrder, Playlist, PlaylistItem
from bridge.calls.spoken import N_, duration, spoken, title

_KEYS = N_("Press 1 to listen, 2 for later, 3 for no.")
_RADIO = N_("Your radio programme: {name}.")
_PROGRAMME = N_("Your radio programme on {name} begins: {title}.")
_SEVERAL = N_("Your podcast {name} has {count} new episodes.")
_NEW = N_("Your podcast {name} has a new episode: {title}.")
_NEW_LONG = N_("Your podcast {name} has a new episode: {title}, {length}.")
_EPISODE = N_("Your podcast {name}: {title}.")
_EPISODE_LONG = N_("Your podcast {name}: {title}, {length}.")


def announcement(language: str, order: CallOutOrder, playlist: Playlist) -> str:
    """In the user's language: what there is to hear, and the keys."""
    item = playlist.items[playlist.first]
    names = {"name": title(playlist.name), "title": title(item.title)}
    about = _radio(playlist) if playlist.medium is Medium.RADIO else _podcast(order, playlist, item)
    told = spoken(
        language,
        about,
        **names,
        count=str(playlist.unheard),
        length=duration(language, item.seconds) if item.seconds else "",
    )
    return f"{told} {spoken(language, _KEYS)}"


def _radio(playlist: Playlist) -> str:
    titled = title(playlist.items[playlist.first].title)
    return _PROGRAMME if playlist.programme and titled else _RADIO


def _podcast(order: CallOutOrder, playlist: Playlist, item: PlaylistItem) -> str:
    if order.episode is None and playlist.unheard > 1:
        return _SEVERAL
    if order.episode is None and playlist.unheard == 1:
        return _NEW_LONG if item.seconds else _NEW
    return _EPISODE_LONG if item.seconds else _EPISODE
