"""What the listener is told while the sound waits."""

from bridge.calls.playout.deck import Deck
from bridge.calls.ports.library import Playlist
from bridge.calls.spoken import N_, duration, spoken, title

_KEYS = N_(
    "1: pause. 4 and 6: back and forward. 7 and 9: previous and next episode. "
    "2 and 8: slower and faster. 5: where am I. 3: heard, and next."
)
_KEYS_RADIO = N_("1: pause. 5: what is on.")
_HANG_UP = N_("Hash: hang up.")
_GO_BACK = N_("Hash: back to the menu.")
LAST = N_("There is no other episode.")
ALL_HEARD = N_("That was all.")
UNPLAYABLE = N_("This episode cannot be played.")
STATION_DOWN = N_("The station cannot be reached. I keep trying.")
TIME_IS_UP = N_("The time for this programme is over.")
GOODBYE = N_("Goodbye.")
_AT = N_("{title}. You are at {position}.")
_AT_OF = N_("{title}. You are at {position} of {length}.")
_ON_AIR = N_("You are listening to {name}.")
_ON_AIR_TITLE = N_("You are listening to {name}: {title}.")


def keys(live: bool, goes_on: bool) -> tuple[str, str]:
    """What they do; `goes_on`: there is a menu to go back to."""
    return _KEYS_RADIO if live else _KEYS, _GO_BACK if goes_on else _HANG_UP


def where(language: str, playlist: Playlist, deck: Deck, playing: str) -> str:
    """In an episode; or on a station, which says what is `playing`."""
    if deck.live:
        return _on_air(language, playlist, playing or deck.item.title)
    seconds = deck.seconds
    return spoken(
        language,
        _AT_OF if seconds else _AT,
        title=title(deck.item.title),
        position=duration(language, deck.position, exactly=True),
        length=duration(language, seconds or 0.0),
    )


def _on_air(language: str, playlist: Playlist, playing: str) -> str:
    named = title(playing)
    sentence = _ON_AIR_TITLE if named else _ON_AIR
    return spoken(language, sentence, name=title(playlist.name), title=named)
