"""What the listener is told while the sound waits."""

from bridge.calls.library import Item, Playlist
from bridge.calls.spoken import N_, duration, spoken, title

HELP = N_(
    "1: pause. 4 and 6: back and forward. 7 and 9: previous and next episode. "
    "2 and 8: slower and faster. 5: where am I. 3: heard, and next. Hash: hang up."
)
HELP_RADIO = N_("1: pause. 5: what is on. Hash: hang up.")
LAST = N_("There is no other episode.")
ALL_HEARD = N_("That was all. Goodbye.")
UNPLAYABLE = N_("This episode cannot be played.")
STATION_DOWN = N_("The station cannot be reached. I keep trying.")
TIME_IS_UP = N_("The time for this programme is over. Goodbye.")
_AT = N_("{title}. You are at {position}.")
_AT_OF = N_("{title}. You are at {position} of {length}.")
_ON_AIR = N_("You are listening to {name}.")
_ON_AIR_TITLE = N_("You are listening to {name}: {title}.")


def where(language: str, item: Item, position: float, seconds: float | None) -> str:
    """In an episode."""
    return spoken(
        language,
        _AT_OF if seconds else _AT,
        title=title(item.title),
        position=duration(language, position, exactly=True),
        length=duration(language, seconds or 0.0),
    )


def on_air(language: str, playlist: Playlist, playing: str) -> str:
    """On a station, `playing` is what it says that it plays."""
    named = title(playing)
    sentence = _ON_AIR_TITLE if named else _ON_AIR
    return spoken(language, sentence, name=title(playlist.name), title=named)
