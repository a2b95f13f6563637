"""History, the chat's place in it, and messages left."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm.exc import DetachedInstanceError

from bridge.api.views import CallView
from bridge.errors import UnknownTarget
from bridge.store import Store
from bridge.store.calls import calls, voicemails
from bridge.store.calls.calls import CallRecord
from bridge.terms import Cause, Direction, EndedBy
from tests.bridge.store.conftest import NOW


def after(minutes: float):
    return NOW + timedelta(minutes=minutes)


def cdr(user: UUID, **more: object) -> CallRecord:
    facts: dict[str, object] = {
        "id": uuid4(),
        "user_id": user,
        "direction": Direction.INCOMING,
        "network": "sip",
        "account": "Work",
        "caller_name": "Grace",
        "caller_address": "sip:grace@example.org",
        "called": "+4930123456",
        "started": NOW,
        "ended": after(1),
        "cause": Cause.NORMAL.word,
    }
    return CallRecord(**(facts | more))


def keep(store: Store, user: UUID, call: UUID | None = None, **more: object) -> UUID:
    facts: dict[str, object] = {
        "caller_name": "Grace",
        "caller_address": "+49301",
        "seconds": 3.5,
        "ogg": b"OggS\x00\xff",
        "now": NOW,
    }
    with store.begin() as db:
        return voicemails.keep(db, user, call, **(facts | more)).id


def test_a_call_comes_back_as_the_views_have_it(store: Store, ada: UUID) -> None:
    kept = cdr(
        ada,
        answered=after(0.2),
        answered_on="Mobile",
        ended_by=EndedBy.CALLER,
        ring_seconds=12.0,
        talk_seconds=48.0,
        codec="G722",
        loss=0.01,
        jitter_ms=2.5,
    )
    with store.begin() as db:
        calls.write(db, kept)
    message = keep(store, ada, kept.id)
    with store.begin() as db:
        [row] = calls.of_user(db, ada)
        view = CallView.model_validate(row, from_attributes=True)
    assert view.voicemail == message and view.ended_by is EndedBy.CALLER
    # and it can be made from a view: the two have the same fields
    again = CallRecord(user_id=ada, **view.model_dump(exclude={"voicemail"}))
    fields = set(CallView.model_fields) - {"voicemail"}
    assert {getattr(again, name) == getattr(row, name) for name in fields} == {True}


def test_writing_twice_keeps_the_first(store: Store, ada: UUID) -> None:
    first = cdr(ada)
    with store.begin() as db:
        calls.write(db, first)
    with store.begin() as db:
        calls.write(db, cdr(ada, id=first.id, cause=Cause.FAILED.word))
    with store.begin() as db:
        assert [row.cause for row in calls.of_user(db, ada)] == ["normal"]


def test_history_is_paged_newest_first(store: Store, ada: UUID, bob: UUID) -> None:
    with store.begin() as db:
        for minute in range(5):
            calls.write(db, cdr(ada, started=after(minute), called=str(minute)))
        calls.write(db, cdr(bob, called="bob"))
    with store.begin() as db:
        assert [row.called for row in calls.of_user(db, ada, limit=2)] == ["4", "3"]
        assert [row.called for row in calls.of_user(db, ada, limit=9, offset=3)] == ["1", "0"]
        assert [row.voicemail for row in calls.of_user(db, bob)] == [None]


def test_nobody_sees_the_calls_of_another(store: Store, ada: UUID, bob: UUID) -> None:
    call = cdr(ada)
    with store.begin() as db:
        calls.write(db, call)
        calls.note_card(db, ada, call.id, 77, NOW)
    message = keep(store, ada, call.id)
    with store.begin() as db:
        assert calls.get(db, ada, call.id).id == call.id
        assert calls.of_user(db, bob) == [] and voicemails.of_user(db, bob) == []
        assert calls.find_card(db, bob, call.id) is None
    for code, act in (
        ("no_such_call", lambda db: calls.get(db, bob, call.id)),
        ("no_such_call", lambda db: calls.note_card(db, bob, call.id, 1, NOW)),
        ("no_such_voicemail", lambda db: voicemails.sound(db, bob, message)),
        ("no_such_voicemail", lambda db: voicemails.mark_heard(db, bob, message)),
        ("no_such_voicemail", lambda db: voicemails.write_down(db, bob, message, "")),
        ("no_such_voicemail", lambda db: voicemails.remove(db, bob, message)),
        ("no_such_user", lambda db: calls.write(db, cdr(uuid4()))),
    ):
        with pytest.raises(UnknownTarget, match=code), store.begin() as db:
            act(db)
    with store.begin() as db:
        assert calls.find_card(db, ada, call.id) == 77


def test_the_chat_finds_its_voice_note_after_the_message_is_gone(
    store: Store, ada: UUID, bob: UUID
) -> None:
    left = keep(store, ada, None)
    with store.begin() as db:
        assert voicemails.find_note(db, ada, left) is None
        voicemails.note(db, ada, left, 10, NOW)
        voicemails.note(db, ada, left, 2**40, NOW)
    with pytest.raises(UnknownTarget, match="no_such_voicemail"), store.begin() as db:
        voicemails.note(db, bob, left, 1, NOW)
    with store.begin() as db:
        voicemails.remove(db, ada, left)
    with store.begin() as db:
        assert voicemails.find_note(db, ada, left) == 2**40
        assert voicemails.find_note(db, bob, left) is None
    with pytest.raises(UnknownTarget, match="no_such_voicemail"), store.begin() as db:
        voicemails.note(db, bob, left, 1, NOW)


def test_the_chat_finds_its_message_before_the_call_is_over(store: Store, ada: UUID) -> None:
    call = uuid4()
    with store.begin() as db:
        assert calls.find_card(db, ada, call) is None
        calls.note_card(db, ada, call, 10, NOW)
        calls.note_card(db, ada, call, 2**40, NOW)
    with store.begin() as db:
        assert calls.find_card(db, ada, call) == 2**40


def test_messages_are_heard_and_deleted(store: Store, ada: UUID) -> None:
    old, new = keep(store, ada), keep(store, ada, now=after(1))
    with store.begin() as db:
        assert [row.id for row in voicemails.of_user(db, ada)] == [new, old]
        assert voicemails.unheard(db, ada) == 2
        assert voicemails.sound(db, ada, old) == b"OggS\x00\xff"
        voicemails.mark_heard(db, ada, old)
        assert voicemails.unheard(db, ada) == 1
        voicemails.mark_heard(db, ada, old, False)
        voicemails.remove(db, ada, new)
    with store.begin() as db:
        assert [(row.id, row.heard) for row in voicemails.of_user(db, ada)] == [(old, False)]


def test_a_message_is_written_down_cleanly(store: Store, ada: UUID) -> None:
    left, silent = keep(store, ada), keep(store, ada, now=after(1))
    said = "Grüß dich,\n\u202e\0 ruf\tan 🎵 " + "bla " * 5000
    with store.begin() as db:
        voicemails.write_down(db, ada, left, said)
    with store.begin() as db:
        written = {row.id: row.transcript for row in voicemails.of_user(db, ada)}
    assert written[silent] is None
    text = written[left] or ""
    assert text.startswith("Grüß dich, ruf an 🎵 bla bla")
    assert voicemails.LONGEST_TRANSCRIPT - 4 <= len(text) <= voicemails.LONGEST_TRANSCRIPT


def test_the_list_does_not_carry_the_sound(store: Store, ada: UUID) -> None:
    keep(store, ada)
    with store.begin() as db:
        [row] = voicemails.of_user(db, ada)
    with pytest.raises((DetachedInstanceError, InvalidRequestError)):
        _ = row.ogg


def test_a_card_without_a_record_is_a_call_that_ended_with_the_house(
    store: Store, ada: UUID, bob: UUID
) -> None:
    finished, cut, bobs = uuid4(), uuid4(), uuid4()
    with store.begin() as db:
        calls.write(db, cdr(ada, id=finished))
        for user, call in ((ada, finished), (ada, cut), (bob, bobs)):
            calls.note_card(db, user, call, 7, NOW)
    with store.begin() as db:
        assert calls.unfinished(db, ada) == 1
        assert calls.unfinished(db, ada) == 0
        assert calls.find_card(db, ada, finished) == 7
        assert calls.find_card(db, bob, bobs) == 7
