"""What the house does not need any more, swept out once a day."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from bridge.store.calls.calls import CallRecord, CardMessage
from bridge.store.calls.outbox import OutboxEvent
from bridge.store.calls.usage import PhoneLeg
from bridge.store.calls.voicemails import Voicemail, VoiceNote
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.subscriptions import forsake
from bridge.store.people.invites import VALID, Invite
from bridge.store.people.phones import RemovedPhone

USAGE = timedelta(days=3)
"""Minutes are summed over a day at most, wherever that day is."""
UNREAD = timedelta(days=30)
"""An event that no chat fetched for so long tells nobody anything."""
TRIES = timedelta(days=1)
SETTLED = timedelta(days=30)
"""A job that is over keeps its date and key from being called again; nobody looks further back."""


def sweep(db: Session, now: datetime, history: timedelta) -> None:
    """Delete the history before `now - history`, and what has served its purpose."""
    past = now - history
    for statement in (
        delete(CallRecord).where(CallRecord.ended < past),
        delete(CardMessage).where(CardMessage.created < past),
        delete(Voicemail).where(Voicemail.created < past),
        delete(VoiceNote).where(VoiceNote.created < past),
        delete(PhoneLeg).where(PhoneLeg.closed < now - USAGE),
        delete(OutboxEvent).where(OutboxEvent.created < now - UNREAD),
        delete(Invite).where(Invite.expires < now - VALID),
        delete(RemovedPhone).where(
            or_(RemovedPhone.removed < now - TRIES, RemovedPhone.cooling_until < now)
        ),
        delete(DueJob).where(DueJob.changed < now - SETTLED, DueJob.due < now - SETTLED),
    ):
        db.execute(statement.execution_options(synchronize_session=False))
    forsake(db)
