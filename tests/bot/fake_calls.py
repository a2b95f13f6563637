"""The part of the house in memory that knows calls and what they left behind."""

import base64
from datetime import UTC, datetime

from bridge.api.commands.call_outs import PressKey
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
from bridge.api.status_views import StatusView, WorkerView
from bridge.api.views import BlockedView, CallCard, CallView, VoicemailView
from bridge.errors import BadInput, UnknownTarget
from bridge.store.preferences.block_list import MOST_BLOCKED
from bridge.text import clean_text
from tests.bot.fake_home import FakeRoom, Home, found, now


class FakeCalls(FakeRoom):
    sound = b"OggS" + bytes(60)

    def _History(self, q: History) -> list[CallView]:
        newest_first = sorted(self.home_of(q).calls, key=lambda one: one.started, reverse=True)
        return newest_first[q.offset :][: q.limit]

    def _RunningCalls(self, q: RunningCalls) -> list[CallCard]:
        return self.home_of(q).running

    def _ActOnCall(self, q: ActOnCall) -> None:
        found(self.home_of(q).running, q.call, "call_over")

    def _PressKey(self, q: PressKey) -> None:
        found(self.home_of(q).running, q.call, "call_over")

    # --- voicemail

    def _ListVoicemails(self, q: ListVoicemails) -> list[VoicemailView]:
        return sorted(self.home_of(q).voicemails, key=lambda one: one.created, reverse=True)

    def _FetchVoicemail(self, q: FetchVoicemail) -> str:
        found(self.home_of(q).voicemails, q.voicemail, "no_such_voicemail")
        return base64.b64encode(self.sound).decode()

    def _MarkHeard(self, q: MarkHeard) -> None:
        home = self.home_of(q)
        kept = found(home.voicemails, q.voicemail, "no_such_voicemail")
        home.voicemails[home.voicemails.index(kept)] = kept.model_copy(update={"heard": q.heard})

    def _DeleteVoicemail(self, q: DeleteVoicemail) -> None:
        home = self.home_of(q)
        home.voicemails.remove(found(home.voicemails, q.voicemail, "no_such_voicemail"))

    # --- who is blocked

    def _ListBlocked(self, q: ListBlocked) -> list[BlockedView]:
        return list(self.home_of(q).blocked)

    def _Block(self, q: Block) -> list[BlockedView]:
        home, address = self.home_of(q), clean_text(q.address)
        if not q.address.strip(" *+") or not address:
            raise BadInput("bad_pattern")
        for place, known in enumerate(home.blocked):
            if known.address == address:
                name = clean_text(q.name) or known.name
                home.blocked[place] = known.model_copy(update={"name": name})
                return list(home.blocked)
        if len(home.blocked) >= MOST_BLOCKED:
            raise BadInput("too_many_blocked", limit=str(MOST_BLOCKED))
        fresh = BlockedView(address=address, name=clean_text(q.name), since=datetime.now(UTC))
        home.blocked.insert(0, fresh)
        return list(home.blocked)

    def _Unblock(self, q: Unblock) -> list[BlockedView]:
        home, address = self.home_of(q), clean_text(q.address)
        home.blocked = [each for each in home.blocked if each.address != address]
        return list(home.blocked)

    # --- where the chat keeps its place

    def _NoteCard(self, q: NoteCard) -> None:
        for other in self._others(q):
            if q.call in other.cards or any(each.id == q.call for each in other.calls):
                raise UnknownTarget("no_such_call")
        self.home_of(q).cards[q.call] = q.message

    def _FindCard(self, q: FindCard) -> int | None:
        return self.home_of(q).cards.get(q.call)

    def _NoteVoicemail(self, q: NoteVoicemail) -> None:
        for other in self._others(q):
            left = any(each.id == q.voicemail for each in other.voicemails)
            if left or q.voicemail in other.notes:
                raise UnknownTarget("no_such_voicemail")
        self.home_of(q).notes[q.voicemail] = q.message

    def _FindVoicemail(self, q: FindVoicemail) -> int | None:
        return self.home_of(q).notes.get(q.voicemail)

    def _others(self, q: NoteCard | NoteVoicemail) -> list[Home]:
        return [home for user, home in self.homes.items() if user != q.user]

    def _Status(self, q: Status) -> StatusView:
        home = self.home_of(q)
        return StatusView(
            accounts=tuple(home.accounts),
            phones_ready=sum(phone.verified and phone.enabled for phone in home.phones),
            calls_running=len(home.running),
            new_voicemails=sum(not each.heard for each in home.voicemails),
            worker=WorkerView(running=True, since=now(), restarts=0),
            trunk=next((one for one in home.accounts if one.is_trunk and one.enabled), None),
        )
