"""Everything about one person goes out on request, and goes away on request."""

import base64
import json
from datetime import time, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import files
from bridge.api.listening_views import Times
from bridge.errors import UnknownTarget
from bridge.store import CallLimits, Store
from bridge.store.calls import calls, outbox, usage, voicemails
from bridge.store.contacts import contact_edits
from bridge.store.leases import leases
from bridge.store.listening import due_jobs, episodes, fetched, programmes, stations, subscriptions
from bridge.store.listening.feeds import Episode
from bridge.store.people import accounts, invites, phones, pins, users
from bridge.store.preferences import block_list, quiet_hours
from bridge.store.tables import metadata
from bridge.store.upkeep import backup, personal_records
from bridge.terms import Cause, Direction
from tests.bridge.store.conftest import NOW

LIMITS = CallLimits(2, 60, 60, 600)


def furnish(store: Store, name: str, chat: int) -> UUID:
    """A person with something in every table. Every text about him holds `name`."""
    with store.begin() as db:
        user = users.add(
            db, chat, f"{name} user", language="de", time_zone="Europe/Berlin", now=NOW
        ).id
        users.set_greeting(db, user, f"OggS {name}".encode())
        row = users.get(db, user)
        owner = users.owner(db)
        if owner is None:
            row.is_owner = True
        invites.make(db, owner.id if owner else user, NOW)
        invite = db.scalars(select(invites.Invite)).all()[-1]
        invite.used, invite.guest_id = NOW, user
        phone = phones.add(db, user, f"{name} mobile", f"sip:{name}@phones").id
        gone = phones.add(db, user, f"{name} old", f"sip:{name}-old@phones").id
        phones.failed(db, user, gone, NOW)
        phones.remove(db, user, gone, NOW)
        account = accounts.keep(
            db,
            user,
            "sip",
            f"sip:{name}@example.org",
            options={"realm": name},
            secrets={"password": f"{name}-secret"},
            now=NOW,
        ).id
        leases.acquire(db, f"{name}-worker", [account], timedelta(seconds=15), NOW)
        call = uuid4()
        ticket = usage.open(
            db,
            user,
            call,
            phone,
            counted=True,
            now=NOW,
            limits=LIMITS,
            house_zone=ZoneInfo("UTC"),
        )
        usage.close(db, user, ticket.id, 60, NOW + timedelta(minutes=2))
        left = voicemails.keep(
            db,
            user,
            call,
            caller_name=f"friend of {name}",
            caller_address=f"sip:friend-of-{name}@example.org",
            seconds=2,
            ogg=f"OggS {name} said".encode() * 2000,  # several pages
            now=NOW,
        )
        calls.write(
            db,
            calls.CallRecord(
                id=call,
                user_id=user,
                direction=Direction.INCOMING,
                network="sip",
                account=f"{name} work",
                caller_name=f"friend of {name}",
                caller_address=f"sip:friend-of-{name}@example.org",
                called=name,
                started=NOW,
                ended=NOW,
                cause=Cause.NORMAL.word,
            ),
        )
        calls.note_card(db, user, call, 5, NOW)
        voicemails.note(db, user, left.id, 6, NOW)
        voicemails.write_down(db, user, left.id, f"hello {name}")
        block_list.block(db, user, f"sip:foe-of-{name}@example.org", name, NOW)
        quiet_hours.replace(db, user, [(range(7), time(22), time(7))])
        _listens(db, user, name)
        _calls(db, user, name)
        outbox.attend(db, "chat")
        outbox.append(db, user, {"user": str(user), "text": name}, NOW)
        return user


def _listens(db: Session, user: UUID, name: str) -> None:
    """To a podcast of his own, to one that everybody hears, and to the radio."""
    shared = subscriptions.add(db, user, "https://pods.example/all", NOW)
    own = subscriptions.add(db, user, f"https://pods.example/{name}", NOW)
    for row in (shared, own):
        title = "Everybody's" if row is shared else f"Private to {name}"
        sound = f"https://pods.example/{row.feed_id}.mp3"
        item = fetched.FeedItem(guid="1", title=title, published=NOW, enclosure=sound)
        told = fetched.Fetched(title=title, items=[item])
        fetched.found(db, row.feed_id, told, now=NOW, next_poll=NOW, interval_seconds=3600)
    subscriptions.change(db, user, own.id, times=[Times(at=time(7))])
    episode = episodes.page(db, user, own.id, 1)[0].episode
    episodes.note(db, user, episode.id, 12.0, False, NOW)
    station = stations.add(db, user, f"{name} radio", f"https://radio.example/{name}", NOW)
    programmes.add(db, user, station.id, title=f"{name} news", cron="0 7 * * *", now=NOW)
    db.add(
        due_jobs.DueJob(
            user_id=user,
            source_id=own.id,
            local_date=NOW.date(),
            key="07:00",
            due=NOW,
            episode_id=episode.id,
            changed=NOW,
        )
    )
    db.merge(due_jobs.Leadership(name="scheduler", owner="host", lease_until=NOW))


def _calls(db: Session, user: UUID, name: str) -> None:
    """Somebody whom he knows, and from another phone."""
    friend = contact_edits.add(db, user, f"Best of {name}", "xmpp", f"best-of-{name}@x").contact
    contact_edits.change(db, user, friend.id, sounds_like=f"{name}'s", speed_dial="8")
    contact_edits.change(db, user, friend.id, speed_dial="7")
    pins.keep(db, user, f"{name}-secret".encode())


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as db:
        return {
            name: [tuple(row) for row in db.execute(select(*table.columns))]
            for name, table in metadata.tables.items()
        }


def mentions(cells: object, *traces: object) -> bool:
    shown = repr(cells).lower()
    return any(str(trace).lower() in shown for trace in traces)


@pytest.fixture
def olga(store: Store) -> UUID:
    """The owner."""
    return furnish(store, "olgawithanoddname", 880010001)


@pytest.fixture
def zoe(store: Store, olga: UUID) -> UUID:
    return furnish(store, "zoewithanoddname", 880010002)


TRACES = ("zoewithanoddname", 880010002)


def test_the_scene_fills_every_table(store: Store, zoe: UUID) -> None:
    assert not [name for name, held in rows(store).items() if not held]


def test_forget_leaves_no_row(store: Store, zoe: UUID, olga: UUID) -> None:
    before = rows(store)
    with store.begin() as db:
        personal_records.forget(db, zoe)
    after = rows(store)
    assert mentions(before, *TRACES) and mentions(before, zoe)
    assert not mentions(after, *TRACES) and not mentions(after, zoe)
    # everything of the other one is as it was; the invitation that let zoe in was the owner's
    # to a podcast of her own and to the one that both heard
    left = {"invites": 2, "feeds": 2, "episodes": 2, "subscriptions": 2}
    for name, held in after.items():
        assert len(held) == left.get(name, 1), name
    with pytest.raises(UnknownTarget, match="no_such_user"), store.begin() as db:
        personal_records.forget(db, zoe)


def test_forgetting_the_owner_takes_his_invitations(store: Store, zoe: UUID, olga: UUID) -> None:
    with store.begin() as db:
        personal_records.forget(db, olga)
    assert rows(store)["invites"] == []
    with store.begin() as db:
        assert users.owner(db) is None and users.get(db, zoe)


def test_forget_leaves_no_file_and_no_byte(store: Store, zoe: UUID, tmp_path: Path) -> None:
    greeting = files.folder(tmp_path, zoe) / "greeting.wav"
    greeting.write_bytes(b"zoewithanoddname")
    log = tmp_path / "log" / f"worker-{zoe}.log.1"
    log.parent.mkdir()
    log.write_text("she called")
    sounds = {title: _sound(store, tmp_path, title) for title in _titles(store)}
    note = tmp_path / "chat" / str(TRACES[1]) / "voice-1.ogg"
    note.parent.mkdir(parents=True)
    note.write_bytes(b"OggS")
    if store.file is not None:
        backup.take(store.file, "0001")
    assert traces_on_disk(tmp_path, zoe) != []
    personal_records.forget_wholly(store, tmp_path, zoe)
    assert traces_on_disk(tmp_path, zoe) == []
    assert not note.exists()
    assert not mentions(rows(store), *TRACES, zoe)
    if store.file is not None:
        assert [b"olgawithanoddname" in copy.read_bytes() for copy in backup.copies(store.file)]
    assert {title for title, path in sounds.items() if path.exists()} == {
        "Everybody's",
        "Private to olgawithanoddname",
    }


def test_forgetting_takes_what_programs_kept(store: Store, zoe: UUID, tmp_path: Path) -> None:
    """However a stranger's program left it; and what others have stays, whatever it is called."""
    with store.begin() as db:
        options = {files.DESKTOP: "70001"}
        accounts.keep(db, zoe, "desktop", "Web app 70001", options=options, secrets={}, now=NOW)
    own, other = (files.desktops(tmp_path) / number for number in ("70001", "70002"))
    closed, deep = own / "home/closed", own / "home"
    closed.mkdir(parents=True)
    (closed / "cookies").write_text("zoewithanoddname")
    closed.chmod(0)
    for _ in range(20):
        deep = deep / "/".join(["in"] * 60)
        deep.mkdir(parents=True)
        if len(str(deep)) > 3500:
            break
    theirs = other / "home" / f"{zoe}.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("not hers")
    personal_records.forget_wholly(store, tmp_path, zoe)
    assert not own.exists()
    assert theirs.exists()


def _titles(store: Store) -> list[str]:
    with store.reading() as db:
        return list(db.scalars(select(Episode.title)))


def _sound(store: Store, data_dir: Path, title: str) -> Path:
    with store.reading() as db:
        episode = db.scalars(select(Episode.id).where(Episode.title == title)).one()
    path = files.episode(data_dir, episode)
    path.write_bytes(b"ID3")
    return path


def test_forgetting_can_be_done_again_after_a_crash(
    store: Store, zoe: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.folder(tmp_path, zoe)

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(personal_records, "forget", power_cut)
        with pytest.raises(KeyboardInterrupt):
            personal_records.forget_wholly(store, tmp_path, zoe)
    personal_records.forget_wholly(store, tmp_path, zoe)
    assert not mentions(rows(store), *TRACES, zoe)


def test_forgetting_waits_for_who_is_writing_and_takes_that_along(store: Store, zoe: UUID) -> None:
    def forget() -> None:
        with store.begin() as db:
            personal_records.forget(db, zoe)

    with store.begin() as db:
        outbox.append(db, zoe, {"text": "late"}, NOW)
        forgetting = Thread(target=forget)
        forgetting.start()
        forgetting.join(0.2)
        assert forgetting.is_alive()
        calls.note_card(db, zoe, uuid4(), 1, NOW)
    forgetting.join(10)
    assert not mentions(rows(store), *TRACES, zoe)


def test_writing_waits_for_who_is_forgetting_and_is_refused(store: Store, zoe: UUID) -> None:
    refused: list[str] = []

    def append() -> None:
        try:
            with store.begin() as db:
                outbox.append(db, zoe, {"text": "late"}, NOW)
        except UnknownTarget as why:
            refused.append(why.code)

    with store.begin() as db:
        personal_records.forget(db, zoe)
        writing = Thread(target=append)
        writing.start()
        writing.join(0.2)
        assert writing.is_alive()
    writing.join(10)
    assert refused == ["no_such_user"]


def traces_on_disk(directory: Path, user: UUID) -> list[str]:
    needles = [b"zoewithanoddname", user.hex.encode(), str(user).encode()]
    return [
        path.name
        for path in directory.rglob("*")
        if str(user) in path.name
        or (path.is_file() and any(needle in path.read_bytes() for needle in needles))
    ]


def test_export_holds_everything_of_one_and_nothing_of_others(
    store: Store, zoe: UUID, olga: UUID
) -> None:
    with store.reading() as db:
        exported = personal_records.export(db, zoe)
    text = json.dumps(exported)
    assert "olgawithanoddname" not in text and "880010001" not in text
    of_the_house = {"leases", "consumers", "leaderships", "episodes"}
    assert set(exported) == set(metadata.tables) - of_the_house
    several = {name: len(held) for name, held in exported.items() if len(held) != 1}
    assert several == {"subscriptions": 2, "feeds": 2}
    assert {feed["title"] for feed in exported["feeds"]} == {
        "Everybody's",
        "Private to zoewithanoddname",
    }
    [message] = exported["voicemails"]
    assert base64.b64decode(message["ogg"]).startswith(b"OggS zoewithanoddname said")
    assert message["transcript"] == "hello zoewithanoddname"
    [friend] = exported["contacts"]
    assert (friend["name"], friend["speed_dial"]) == ("Best of zoewithanoddname", 7)
    assert exported["quiet_hours"][0]["weekdays"] == [0, 1, 2, 3, 4, 5, 6]
    assert exported["calls"][0]["direction"] == "incoming"
    assert exported["users"][0]["created"] == NOW.isoformat()


def test_export_holds_no_secret(store: Store, zoe: UUID, olga: UUID) -> None:
    with store.reading() as db:
        for user in (zoe, olga):
            text = json.dumps(personal_records.export(db, user))
            assert "-secret" not in text and "sealed" not in text and "token" not in text
    with pytest.raises(UnknownTarget, match="no_such_user"), store.reading() as db:
        personal_records.export(db, uuid4())
