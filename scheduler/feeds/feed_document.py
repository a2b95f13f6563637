"""What is in a feed: both sides of the child that reads it know this much."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> "Document":
        entries = tuple(FeedEntry(**each) for each in told.pop("entries"))
        told |= {name: tuple(told[name]) for name in ("feeds", "skip_hours")}
        return cls(entries=entries, **told)
