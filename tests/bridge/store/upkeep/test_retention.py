"""The daily sweep takes what has served its purpose, and nothing else."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select

from bridge.store import Store
from bridge.store.calls import calls, outbox, voicemails
from bridge.store.calls.usage import PhoneLeg
from bridge.store.listening import subscriptions
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.feeds import Feed
from bridge.store.people import accounts, invites, phones, users
from bridge.store.tables import metadata
from bridge.store.upkeep import retention
from bridge.terms import Cause, Direction, DueJobState
from tests.bridge.store.conftest import NOW

YEAR = timedelta(days=365)


def counts(store: Store) -> dict[str, int]:
    with store.reading() as db:
        return {
            name: db.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def live(store: Store, user: UUID, days_ago: float) -> None:
    """A day's life, so many days ago."""
    then = NOW - timedelta(days=days_ago)
    made = {"created": then, "next_poll": then}
    with store.begin() as db:
        call = uuid4()
        calls.write(
            db,
            calls.CallRecord(
                id=call,
                user_id=user,
                direction=Direction.INCOMING,
                network="sip",
                account="",
                caller_name="",
                caller_address="",
                called="",
                started=then,
                ended=then,
                cause=Cause.NORMAL.word,
            ),
        )
        calls.note_card(db, user, call, 1, then)
        for heard in (True, False):
            row = voicemails.keep(
                db,
                user,
                call if heard else uuid4(),
                caller_name="",
                caller_address="",
                seconds=1,
                ogg=b"",
                now=then,
            )
            row.heard = heard
        voicemails.note(db, user, row.id, 2, then)
        leg = {"user_id": user, "call_id": call, "counted": True, "opened": then, "seen": then}
        db.add(PhoneLeg(id=uuid4(), closed=then, **leg))
        db.add(PhoneLeg(id=uuid4(), **leg))
        outbox.append(db, user, {}, then)
        invites.make(db, user, then)
        phone = phones.add(db, user, "", f"+{days_ago}").id
        phones.failed(db, user, phone, then)
        phones.remove(db, user, phone, then)
        for state in (DueJobState.DONE, DueJobState.MISSED):
            job = DueJob(user_id=user, source_id=uuid4(), local_date=then.date(), key="07:00")
            job.due, job.changed, job.state = then, then, state
            db.add(job)
        subscriptions.add(db, user, f"https://pods.example/{days_ago}", then)
        db.add(Feed(id=uuid4(), address=f"https://nobody.example/{days_ago}", **made))
        accounts.keep(db, user, "sip", f"sip:{days_ago}@x", options={}, secrets={}, now=then)


def test_the_sweep(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        users.get(db, ada).is_owner = True
    live(store, ada, 366)
    live(store, ada, 10)
    live(store, ada, 0.5)
    before = counts(store)
    with store.begin() as db:
        retention.sweep(db, NOW, YEAR)
    gone = {
        name: before[name] - left for name, left in counts(store).items() if left < before[name]
    }
    assert gone == {
        "calls": 1,
        "cards": 1,
        "voicemails": 2,  # heard or not
        "voice_notes": 1,
        "phone_legs": 2,  # a leg that is open stays
        "outbox": 1,
        "invites": 1,
        "removed_phones": 2,
        "slots": 2,
        "feeds": 3,  # those that nobody hears
    }
