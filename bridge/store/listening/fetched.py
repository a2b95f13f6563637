"""What a feed had to say: its episodes are kept, each once, however its makers number them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bridge.store.listening import feeds
from bridge.store.listening.feeds import ADDRESS, NOTES, Episode
from bridge.store.listening.subscriptions import Subscription
from bridge.terms import FeedState
from bridge.text import clean_lines, clean_text

MOST = 10_000
"""Episodes of one feed."""
REVISED = 100
"""Of so many, the first in the feed, the notes are read again each time."""
GUID = 500
_FIRST_PODCASTS = datetime(1990, 1, 1, tzinfo=UTC)
"""A date before that is no date but a mistake: recordings may be older, files are not."""
_LONGEST_SECONDS = 1_000_000.0
_LARGEST = 1 << 62
_STEP = timedelta(milliseconds=1)
"""Episodes without a date of their own are so far apart, in the order of the feed."""
_KNOWN = (
    Episode.id,
    Episode.guid,
    Episode.title,
    Episode.published,
    Episode.seen,
    Episode.enclosure,
    Episode.mime,
    Episode.size,
    Episode.seconds,
    Episode.link,
    Episode.stored,
)


@dataclass(frozen=True)
class FeedItem:
    """An episode as its feed describes it; `published` None where there is no date to be read."""

    guid: str
    title: str
    published: datetime | None
    enclosure: str
    mime: str = ""
    size: int | None = None
    seconds: float | None = None
    link: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Fetched:
    """A feed's answer; `items` in its own order."""

    title: str
    link: str = ""
    cover: str = ""
    language: str = ""
    validators: dict[str, str] = field(default_factory=dict)
    items: Sequence[FeedItem] = ()


def found(
    db: Session,
    feed: UUID,
    fetched: Fetched,
    *,
    now: datetime,
    next_poll: datetime,
    interval_seconds: int,
) -> FeedState | None:
    """Keep it; see bridge.store.listening.feeds for what is given back.

    What a feed has at the first sight of it was there before its subscribers: they are not called
    for it.
    """
    row = feeds.locked(db, feed)
    if row is None:
        return None
    if row.checked is None:
        of_it = update(Subscription).where(Subscription.feed_id == feed)
        db.execute(of_it.values(created=now).execution_options(synchronize_session="fetch"))
    row.title, row.language = fetched.title, fetched.language
    row.link, row.cover = _whole(fetched.link), _whole(fetched.cover)
    row.validators, row.interval_seconds = fetched.validators, interval_seconds
    if _keep(db, feed, fetched.items, now):
        row.changed = now
    was = feeds.answered(row, now, next_poll)
    db.flush()
    return was


def _keep(db: Session, feed: UUID, items: Sequence[FeedItem], now: datetime) -> bool:
    """Whether there was anything new."""
    rows: Sequence[Any] = db.execute(select(*_KNOWN).where(Episode.feed_id == feed)).all()
    numbered = _numbered(items)
    known = _recognised(numbered, rows)
    notes = _notes(db, [known[guid].id for guid in list(numbered)[:REVISED] if guid in known])
    fresh: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for place, (guid, item) in enumerate(numbered.items()):
        row = known.get(guid)
        if row is None:
            published = _date(item) or now - place * _STEP
            told = {**_told(guid, item), "published": min(published, now - place * _STEP)}
            fresh.append({"id": uuid4(), "feed_id": feed, "seen": now, **told})
        elif told := _differing(row, _told(guid, item), _date(item), notes):
            changed.append({"id": row.id, **told})
    if changed:
        db.execute(update(Episode), changed)
    if fresh:
        db.execute(insert(Episode), fresh)
        _thin_out(db, feed, {each["id"] for each in fresh} | {row.id for row in known.values()})
    return bool(fresh)


def _numbered(items: Sequence[FeedItem]) -> dict[str, FeedItem]:
    """By numbers that are really different: where they are missing or given twice, by the address
    of the sound.
    """
    given = Counter(item.guid for item in items)
    numbered: dict[str, FeedItem] = {}
    for item in items:
        if item.enclosure and len(item.enclosure) <= ADDRESS:  # a cut address is none
            unique = item.guid and given[item.guid] == 1
            numbered.setdefault(_short(item.guid if unique else item.enclosure), item)
    return dict(islice(numbered.items(), MOST))


def _short(guid: str) -> str:
    text = clean_text(guid, ADDRESS)
    return text if len(text) <= GUID else f"sha256:{sha256(guid.encode()).hexdigest()}"


def _recognised(numbered: dict[str, FeedItem], rows: Sequence[Any]) -> dict[str, Any]:
    """guid -> the episode that is known already: by its number, or else by what it is."""
    by_guid = {row.guid: row for row in rows}
    known = {guid: by_guid[guid] for guid in numbered if guid in by_guid}
    taken = {row.id for row in known.values()}
    by_sound = {(row.enclosure, row.title): row for row in rows if row.id not in taken}
    for guid, item in numbered.items():
        if guid not in known:
            row = by_sound.pop((clean_text(item.enclosure, ADDRESS), clean_text(item.title)), None)
            if row is not None:
                known[guid] = row
    return known


def _told(guid: str, item: FeedItem) -> dict[str, Any]:
    """The columns that are as the feed says, as clean as they are in the table."""
    sensible = item.seconds is not None and 0 < item.seconds < _LONGEST_SECONDS
    return {
        "guid": guid,
        "title": clean_text(item.title),
        "enclosure": clean_text(item.enclosure, ADDRESS),
        "mime": clean_text(item.mime, 100),
        "size": item.size if item.size is not None and 0 < item.size < _LARGEST else None,
        "seconds": item.seconds if sensible else None,
        "link": _whole(item.link),
        "notes": clean_lines(item.notes, NOTES),
    }


def _differing(
    row: Any, told: dict[str, Any], published: datetime | None, notes: dict[UUID, str]
) -> dict[str, Any]:
    """What is no longer as it was. What was measured is better than what is said."""
    if row.stored is not None:
        told |= {"size": row.size, "seconds": row.seconds}
    if published is not None and published <= row.seen:
        told["published"] = published
    was = {**row._mapping, "notes": notes.get(row.id, told["notes"])}
    return {name: value for name, value in told.items() if value != was[name]}


def _date(item: FeedItem) -> datetime | None:
    believable = item.published is not None and item.published >= _FIRST_PODCASTS
    return item.published if believable else None


def _notes(db: Session, episodes: Sequence[UUID]) -> dict[UUID, str]:
    asked = select(Episode.id, Episode.notes).where(Episode.id.in_(episodes))
    return dict(db.execute(asked).tuples().all())


def _thin_out(db: Session, feed: UUID, keep: set[UUID]) -> None:
    """The oldest go, but nothing that is still in the feed: it would come back as new."""
    of_it = select(Episode.id).where(Episode.feed_id == feed)
    newest_first = of_it.order_by(Episode.published.desc(), Episode.id)
    for episode in db.scalars(newest_first.offset(MOST)).all():
        if episode not in keep:
            db.execute(delete(Episode).where(Episode.id == episode))


def _whole(address: str) -> str:
    return clean_text(address, ADDRESS) if len(address) <= ADDRESS else ""
