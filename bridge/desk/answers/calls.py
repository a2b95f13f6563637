"""Calls, past and present, and what they left behind."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.commands.calls import (
    ActOnCall,
    Block,
    DeleteVoicemail,
    FetchVoicemail,
    FindCard,
    FindVoicemail,
    History,
    ListBlocked,
    ListVoicemails,
    MarkHeard,
    NoteCard,
    NoteVoicemail,
    RunningCalls,
    Status,
    Unblock,
)
from bridge.api.views import BlockedView, CallView, StatusView, VoicemailView
from bridge.desk.command_registry import CommandRegistry, answers
from bridge.errors import BadInput, NetworkDown, UnknownTarget
from bridge.store.calls import calls, voicemails
from bridge.store.people import accounts, phones
from bridge.store.preferences import rules
from bridge.store.views import account_view, blocked_view, call_view, voicemail_view


@answers(History)
async def history(desk: CommandRegistry, asked: History) -> list[CallView]:
    rows = await desk.store.read(calls.of_user, asked.user, asked.limit, asked.offset)
    return [call_view(row) for row in rows]


@answers(RunningCalls, ActOnCall)
async def live(desk: CommandRegistry, asked: RunningCalls | ActOnCall) -> Any:
    return await desk.workers.send(asked.user, asked)


@answers(ListVoicemails)
async def list_voicemails(desk: CommandRegistry, asked: ListVoicemails) -> list[VoicemailView]:
    return [voicemail_view(row) for row in await desk.store.read(voicemails.of_user, asked.user)]


@answers(FetchVoicemail)
async def fetch_voicemail(desk: CommandRegistry, asked: FetchVoicemail) -> str:
    ogg = await desk.store.read(voicemails.sound, asked.user, asked.voicemail)
    return base64.b64encode(ogg).decode()


@answers(MarkHeard)
async def mark_heard(desk: CommandRegistry, asked: MarkHeard) -> None:
    await desk.store.run(voicemails.mark_heard, asked.user, asked.voicemail, asked.heard)


@answers(DeleteVoicemail)
async def delete_voicemail(desk: CommandRegistry, asked: DeleteVoicemail) -> None:
    await desk.store.run(voicemails.remove, asked.user, asked.voicemail)


@answers(ListBlocked)
async def list_blocked(desk: CommandRegistry, asked: ListBlocked) -> list[BlockedView]:
    return [blocked_view(row) for row in await desk.store.read(rules.blocked, asked.user)]


@answers(Block)
async def block(desk: CommandRegistry, asked: Block) -> list[BlockedView]:
    if not asked.address.strip(" *+"):
        raise BadInput("bad_pattern")  # "*" alone would look as if it blocked everybody
    await desk.store.run(rules.block, asked.user, asked.address, asked.name, desk.now)
    desk.workers.refresh(asked.user)
    return await list_blocked(desk, ListBlocked(user=asked.user))


@answers(Unblock)
async def unblock(desk: CommandRegistry, asked: Unblock) -> list[BlockedView]:
    await desk.store.run(rules.unblock, asked.user, asked.address)
    desk.workers.refresh(asked.user)
    return await list_blocked(desk, ListBlocked(user=asked.user))


@answers(NoteCard)
async def note_card(desk: CommandRegistry, asked: NoteCard) -> None:
    await desk.store.run(_note_card, asked.user, asked.call, asked.message, desk.now)


@answers(FindCard)
async def find_card(desk: CommandRegistry, asked: FindCard) -> int | None:
    return await desk.store.read(calls.find_card, asked.user, asked.call)


@answers(NoteVoicemail)
async def note_voicemail(desk: CommandRegistry, asked: NoteVoicemail) -> None:
    await desk.store.run(voicemails.note, asked.user, asked.voicemail, asked.message, desk.now)


@answers(FindVoicemail)
async def find_voicemail(desk: CommandRegistry, asked: FindVoicemail) -> int | None:
    return await desk.store.read(voicemails.find_note, asked.user, asked.voicemail)


@answers(Status)
async def status(desk: CommandRegistry, asked: Status) -> StatusView:
    worker = desk.workers.view(asked.user)
    running: list[Any] = []
    if worker.running:
        try:
            running = await desk.workers.send(asked.user, RunningCalls(user=asked.user))
        except NetworkDown:
            worker = desk.workers.view(asked.user)

    def read(db: Session) -> StatusView:
        owned = [account_view(row) for row in accounts.of_user(db, asked.user)]
        return StatusView(
            accounts=tuple(owned),
            phones_ready=sum(
                row.enabled and row.verified_at is not None
                for row in phones.of_user(db, asked.user)
            ),
            calls_running=len(running),
            new_voicemails=voicemails.unheard(db, asked.user),
            worker=worker,
            trunk=next((one for one in owned if one.is_trunk and one.enabled), desk.trunk),
        )

    return await desk.store.read(read)


def _note_card(db: Session, user: UUID, call: UUID, message: int, now: datetime) -> None:
    finished = db.get(calls.CallRecord, call)
    if finished is not None and finished.user_id != user:
        raise UnknownTarget("no_such_call")
    calls.note_card(db, user, call, message, now)
