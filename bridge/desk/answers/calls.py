"""Calls, past and present, and what they left behind."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.commands import calls as commands
from bridge.api.status_views import StatusView
from bridge.api.views import AccountView, PhoneView
from bridge.desk.command_registry import CommandRegistry, answers, passes_on, reads, writes
from bridge.errors import BadInput, NetworkDown
from bridge.store.calls import calls, voicemails
from bridge.store.people import accounts, phones
from bridge.store.preferences import block_list


@answers(commands.FetchVoicemail)
async def fetch_voicemail(desk: CommandRegistry, asked: commands.FetchVoicemail) -> str:
    ogg = await desk.store.read(voicemails.sound, asked.user, asked.voicemail)
    return base64.b64encode(ogg).decode()


@answers(commands.Status)
async def status(desk: CommandRegistry, asked: commands.Status) -> StatusView:
    worker = desk.workers.view(asked.user)
    running: list[Any] = []
    if worker.running:
        try:
            running = await desk.workers.send(asked.user, commands.RunningCalls(user=asked.user))
        except NetworkDown:
            worker = desk.workers.view(asked.user)

    def read(db: Session) -> StatusView:
        owned = [AccountView.of(row) for row in accounts.of_user(db, asked.user)]
        return StatusView(
            accounts=tuple(owned),
            phones_ready=sum(PhoneView.of(row).rings for row in phones.of_user(db, asked.user)),
            calls_running=len(running),
            new_voicemails=voicemails.unheard(db, asked.user),
            worker=worker,
            trunk=next((one for one in owned if one.is_trunk and one.enabled), desk.trunk),
        )

    return await desk.store.read(read)


def _block(
    db: Session, user: UUID, address: str, name: str, now: datetime
) -> list[block_list.Blocked]:
    if not address.strip(" *+"):
        raise BadInput("bad_pattern")  # "*" alone would look as if it blocked everybody
    block_list.block(db, user, address, name, now)
    return block_list.of_user(db, user)


def _unblock(db: Session, user: UUID, address: str) -> list[block_list.Blocked]:
    block_list.unblock(db, user, address)
    return block_list.of_user(db, user)


reads(commands.History, calls.of_user)
reads(commands.ListVoicemails, voicemails.of_user)
writes(commands.MarkHeard, voicemails.mark_heard)
writes(commands.DeleteVoicemail, voicemails.remove)
reads(commands.ListBlocked, block_list.of_user)
writes(commands.Block, _block, refreshes=True)
writes(commands.Unblock, _unblock, refreshes=True)
writes(commands.NoteCard, calls.note_card)
reads(commands.FindCard, calls.find_card)
writes(commands.NoteVoicemail, voicemails.note)
reads(commands.FindVoicemail, voicemails.find_note)
passes_on(commands.RunningCalls)
passes_on(commands.ActOnCall)
