"""What is in a feed: both sides of the child that reads it know this much."""

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

_NUMBERS = ConfigDict(allow_inf_nan=False)


@dataclass(frozen=True, config=_NUMBERS)
class FeedEntry:
    """`published` in seconds since 1970, None where there is no date to be read."""

    guid: str
    title: str
    published: int | None
    enclosure: str
    mime: str
    size: int | None
    seconds: float | None
    link: str
    notes: str


@dataclass(frozen=True, config=_NUMBERS)
class Document:
    """`entries` in the feed's order, those without sound left out. Of a web page only `feeds` is
    set.
    """

    is_feed: bool
    feeds: tuple[str, ...] = ()
    """Feeds that a web page links to, absolute."""
    title: str = ""
    link: str = ""
    cover: str = ""
    language: str = ""
    entries: tuple[FeedEntry, ...] = ()
    moved: str = ""
    """Where the feed says it is from now on (itunes:new-feed-url)."""
    ttl_minutes: int = 0
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, in UTC, in which nothing new comes."""
