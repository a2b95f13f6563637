"""Calls, past and present, and what they left behind."""

import base64
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bridge.api.commands.accounts import ChangeAccount
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
from bridge.api.commands.phones import AddPhone, ChangePhone
from bridge.api.listening_views import PlayoutKey
from bridge.api.views import CallAction
from bridge.errors import BadInput, UnknownTarget
from tests.contracts.desk.world import MESSAGE, DeskContract, DeskWorld, covers

HOUR = timedelta(hours=1)
NO_VOICEMAIL = UnknownTarget("no_such_voicemail")


class CallsContract(DeskContract):
    @covers(History)
    async def test_the_history_has_pages(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        for caller, ago in (("B", 2 * HOUR), ("C", 1 * HOUR), ("A", 3 * HOUR)):
            await desk.call(ada, caller, ago)
        for page, callers in (
            (History(user=ada), "CBA"),
            (History(user=ada, limit=2), "CB"),
            (History(user=ada, limit=2, offset=2), "A"),
            (History(user=ada, offset=3), ""),
            (History(user=ben), ""),
        ):
            assert "".join(one.caller_name for one in await desk.ask(page)) == callers

    @covers(RunningCalls, ActOnCall, PressKey)
    async def test_a_call_that_runs(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.serves(ada)
        assert await desk.ask(RunningCalls(user=ada)) == []
        call = await desk.running(ada)
        assert [one.id for one in await desk.ask(RunningCalls(user=ada))] == [call]
        hang_up = ActOnCall(user=ada, call=call, action=CallAction.HANG_UP)
        assert await desk.ask(hang_up) is None
        assert await desk.ask(PressKey(user=ada, call=call, key=PlayoutKey.HELP)) is None

    @covers(NoteCard, FindCard)
    async def test_where_the_chat_shows_a_call(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        running, over = uuid4(), await desk.call(ada, "A", HOUR)
        for call in (running, over):
            assert await desk.ask(FindCard(user=ada, call=call)) is None
            for message in (7, 8):
                await desk.ask(NoteCard(user=ada, call=call, message=message))
                assert await desk.ask(FindCard(user=ada, call=call)) == message
            assert await desk.ask(FindCard(user=ben, call=call)) is None
            await desk.refuses(
                NoteCard(user=ben, call=call, message=9), UnknownTarget("no_such_call")
            )

    @covers(ListVoicemails, FetchVoicemail, MarkHeard, DeleteVoicemail)
    async def test_messages(self, desk: DeskWorld, ada: UUID) -> None:
        old = await desk.voicemail(ada, "A", 2 * HOUR)
        new = await desk.voicemail(ada, "B", HOUR)
        listed = await desk.ask(ListVoicemails(user=ada))
        assert [(one.id, one.caller_name) for one in listed] == [(new, "B"), (old, "A")]
        fetched = await desk.ask(FetchVoicemail(user=ada, voicemail=old))
        assert base64.b64decode(fetched) == MESSAGE
        for heard in (True, False):
            await desk.ask(MarkHeard(user=ada, voicemail=old, heard=heard))
            now = await desk.ask(ListVoicemails(user=ada))
            assert [one.heard for one in now] == [False, heard]
        await desk.ask(DeleteVoicemail(user=ada, voicemail=old))
        assert [one.id for one in await desk.ask(ListVoicemails(user=ada))] == [new]

    @covers(ListVoicemails, FetchVoicemail, MarkHeard, DeleteVoicemail)
    async def test_messages_that_are_not_ones_own(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        message = await desk.voicemail(ada, "A", HOUR)
        assert await desk.ask(ListVoicemails(user=ben)) == []
        for which in (message, uuid4()):
            for kind in (FetchVoicemail, MarkHeard, DeleteVoicemail):
                await desk.refuses(kind(user=ben, voicemail=which), NO_VOICEMAIL)

    @covers(NoteVoicemail, FindVoicemail)
    async def test_where_the_chat_shows_a_message(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        """Remembered longer than the message."""
        voicemail = await desk.voicemail(ada, "A", HOUR)
        assert await desk.ask(FindVoicemail(user=ada, voicemail=voicemail)) is None
        others = NoteVoicemail(user=ben, voicemail=voicemail, message=9)
        await desk.refuses(others, NO_VOICEMAIL)
        for message in (7, 8):
            await desk.ask(NoteVoicemail(user=ada, voicemail=voicemail, message=message))
        await desk.ask(DeleteVoicemail(user=ada, voicemail=voicemail))
        assert await desk.ask(FindVoicemail(user=ada, voicemail=voicemail)) == 8
        assert await desk.ask(FindVoicemail(user=ben, voicemail=voicemail)) is None
        await desk.refuses(others, NO_VOICEMAIL)

    @covers(Block, Unblock, ListBlocked)
    async def test_callers_are_blocked(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        await desk.ask(Block(user=ada, address="+4930 1\n"))
        listed = await desk.ask(Block(user=ada, address="anonymous", name="Hidden"))
        assert [one.address for one in listed] == ["anonymous", "+4930 1"]
        again = await desk.ask(Block(user=ada, address="+4930 1", name="Pest"))
        assert [(one.address, one.name) for one in again] == [
            ("anonymous", "Hidden"),
            ("+4930 1", "Pest"),
        ]
        assert await desk.ask(Block(user=ada, address="+4930 1")) == again
        assert await desk.ask(ListBlocked(user=ada)) == again
        assert await desk.ask(ListBlocked(user=ben)) == []
        assert await desk.ask(Unblock(user=ada, address="anonymous")) == again[1:]
        assert await desk.ask(Unblock(user=ada, address="+49 nobody")) == again[1:]

    @covers(Block, Unblock)
    async def test_who_is_blocked_is_unblocked_as_he_was_written(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        for typed in ("sip:" + "x" * 300, " +4930\t1 \0"):
            await desk.ask(Block(user=ada, address=typed))
            assert await desk.ask(Unblock(user=ada, address=typed)) == []

    @pytest.mark.parametrize("address", ["", "*", " + * ", "\0", "\u202e"])
    @covers(Block)
    async def test_nothing_is_blocked(self, desk: DeskWorld, ada: UUID, address: str) -> None:
        await desk.refuses(Block(user=ada, address=address), BadInput("bad_pattern"))
        assert await desk.ask(ListBlocked(user=ada)) == []

    @covers(Block)
    async def test_a_thousand_are_enough(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.blocks(ada, 999)
        await desk.ask(Block(user=ada, address="+49301"))
        more = Block(user=ada, address="+49302")
        await desk.refuses(more, BadInput("too_many_blocked", limit="1000"))
        await desk.ask(Block(user=ada, address="+49301", name="Pest"))

    @covers(Status)
    async def test_how_things_are(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        await desk.serves(ada)
        account = await desk.account(ada, "Work")
        await desk.ask(ChangeAccount(user=ada, account=account, is_trunk=True))
        phone = await desk.ask(AddPhone(user=ada, label="", address="030 123456"))
        await desk.voicemail(ada, "A", HOUR)
        heard = await desk.voicemail(ada, "B", HOUR)
        await desk.ask(MarkHeard(user=ada, voicemail=heard))
        await desk.running(ada)
        status = await desk.ask(Status(user=ada))
        assert [one.label for one in status.accounts] == ["Work"]
        await desk.verifies(ada, phone.id)
        assert (await desk.ask(Status(user=ada))).phones_ready == 1
        await desk.ask(ChangePhone(user=ada, phone=phone.id, enabled=False))
        assert (await desk.ask(Status(user=ada))).phones_ready == 0
        assert (status.phones_ready, status.calls_running, status.new_voicemails) == (0, 1, 1)
        assert status.worker.running
        assert status.trunk is not None and status.trunk.id == account
        assert (await desk.ask(Status(user=ben))).accounts == ()
        await desk.ask(ChangeAccount(user=ada, account=account, enabled=False))
        assert (await desk.ask(Status(user=ada))).trunk is None
