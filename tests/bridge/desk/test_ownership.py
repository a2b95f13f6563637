"""Whatever is asked, nobody reaches another one's things: every command is tried."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.api.command import Command, UserCommand
from bridge.api.commands import COMMANDS
from bridge.api.commands.access import (
    Claim,
    ForgetMe,
    GetUser,
    Join,
    ListInvites,
    ListMembers,
    MakeInvite,
    OpenClaim,
    RemoveMember,
    RevokeInvite,
    WhoIs,
)
from bridge.api.commands.accounts import (
    Answer,
    BeginSignIn,
    CancelSignIn,
    ChangeAccount,
    ListAccounts,
    ListNetworks,
    RemoveAccount,
)
from bridge.api.commands.call_outs import PlaceCallOut, PressKey, Tell
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
from bridge.api.commands.contacts import (
    AddContact,
    AddContactAddress,
    CallContact,
    ChangeContact,
    GetContact,
    ImportContacts,
    ListContacts,
    RemoveContact,
    RemoveContactAddress,
)
from bridge.api.commands.housekeeping import SweepHistory
from bridge.api.commands.phones import (
    AddPhone,
    ChangePhone,
    ListPhones,
    RemovePhone,
    TestCall,
    VerifyPhone,
)
from bridge.api.commands.podcasts import (
    AddPodcast,
    CallPodcast,
    ChangePodcast,
    ExportPodcasts,
    GetPodcast,
    ImportPodcasts,
    ListEpisodes,
    ListPodcasts,
    LookAgain,
    MarkEpisode,
    RemovePodcast,
    ShowNotes,
)
from bridge.api.commands.preferences import ChangeSettings, GetSettings, SetGreeting, SetPin
from bridge.api.commands.radio import (
    AddProgramme,
    AddStation,
    CallStation,
    ChangeProgramme,
    ListProgrammes,
    ListStations,
    RemoveProgramme,
    RemoveStation,
    RenameStation,
)
from bridge.api.listening_views import PlayoutKey, Times
from bridge.api.views import CallAction
from bridge.errors import HouseError, NetworkDown, NotAllowed, UnknownTarget
from bridge.store.calls import calls, voicemails
from bridge.store.listening import fetched
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.feeds import Feed
from bridge.store.people import accounts
from bridge.terms import Direction
from tests.bridge.desk.conftest import Office

NOW = datetime.now(UTC)
GREETING = base64.b64encode(b"RIFF").decode()
PODCAST = "https://pods.example/daily.xml"
OPML = f'<opml><body><outline type="rss" xmlUrl="{PODCAST}"/></body></opml>'
VCARD = "BEGIN:VCARD\nFN:Grace\nTEL:0301234567\nEND:VCARD\n"
MORNING = Times(at=time(7))


class Things:
    """What Ada, the owner, has; Ben is a member and has nothing."""

    def __init__(self, office: Office, ada: UUID, ben: UUID) -> None:
        self.office, self.ada, self.ben = office, ada, ben

    async def laid_out(self) -> "Things":
        ask = self.office.client.ask
        self.phone = (await ask(AddPhone(user=self.ada, label="Desk", address="sip:a@h"))).id
        self.invite = (await ask(MakeInvite(user=self.ada))).id
        await ask(Block(user=self.ada, address="+4930999", name="Pest"))
        store = self.office.store
        self.account = (
            await store.run(
                accounts.keep, self.ada, "sip", "ada@h", options={}, secrets={}, now=NOW
            )
        ).id
        self.call = uuid4()
        await store.run(calls.write, _call(self.ada, self.call))
        kept = await store.run(
            voicemails.keep,
            self.ada,
            call=self.call,
            caller_name="Eve",
            caller_address="+49301",
            seconds=3.0,
            ogg=b"OggS",
            now=NOW,
        )
        self.voicemail = kept.id
        await ask(NoteCard(user=self.ada, call=self.call, message=77))
        await ask(NoteVoicemail(user=self.ada, voicemail=self.voicemail, message=78))
        await self._listens()
        grace = await ask(AddContact(user=self.ada, name="Grace", address="030 1234567"))
        self.contact, self.way = grace.id, grace.ways[0].id
        await ask(SetPin(user=self.ada, pin="8305"))
        return self

    async def _listens(self) -> None:
        ask, store = self.office.client.ask, self.office.store
        self.podcast = (await ask(AddPodcast(user=self.ada, address=PODCAST))).id
        await store.run(_publish, PODCAST)
        self.episode = (await ask(ListEpisodes(user=self.ada, podcast=self.podcast)))[0].id
        address = "https://radio.example/eins"
        self.station = (await ask(AddStation(user=self.ada, name="Eins", address=address))).id
        self.programme = (
            await ask(AddProgramme(user=self.ada, station=self.station, times=MORNING))
        ).id
        self.job = await store.run(_job, self.ada, self.programme)


Attempt = Callable[[Things], UserCommand[Any]]

TRESPASSES: dict[type[Command[Any]], Attempt] = {
    ChangePhone: lambda t: ChangePhone(user=t.ben, phone=t.phone, label="Mine"),
    RemovePhone: lambda t: RemovePhone(user=t.ben, phone=t.phone),
    VerifyPhone: lambda t: VerifyPhone(user=t.ben, phone=t.phone),
    TestCall: lambda t: TestCall(user=t.ben, phone=t.phone),
    BeginSignIn: lambda t: BeginSignIn(user=t.ben, network="sip", account=t.account),
    ChangeAccount: lambda t: ChangeAccount(user=t.ben, account=t.account, enabled=False),
    RemoveAccount: lambda t: RemoveAccount(user=t.ben, account=t.account),
    FetchVoicemail: lambda t: FetchVoicemail(user=t.ben, voicemail=t.voicemail),
    MarkHeard: lambda t: MarkHeard(user=t.ben, voicemail=t.voicemail),
    DeleteVoicemail: lambda t: DeleteVoicemail(user=t.ben, voicemail=t.voicemail),
    NoteCard: lambda t: NoteCard(user=t.ben, call=t.call, message=1),
    NoteVoicemail: lambda t: NoteVoicemail(user=t.ben, voicemail=t.voicemail, message=1),
    RevokeInvite: lambda t: RevokeInvite(user=t.ben, invite=t.invite),
    ListInvites: lambda t: ListInvites(user=t.ben),
    MakeInvite: lambda t: MakeInvite(user=t.ben),
    ListMembers: lambda t: ListMembers(user=t.ben),
    RemoveMember: lambda t: RemoveMember(user=t.ben, member=t.ada),
    GetPodcast: lambda t: GetPodcast(user=t.ben, podcast=t.podcast),
    ChangePodcast: lambda t: ChangePodcast(user=t.ben, podcast=t.podcast, oldest_days=1),
    LookAgain: lambda t: LookAgain(user=t.ben, podcast=t.podcast),
    RemovePodcast: lambda t: RemovePodcast(user=t.ben, podcast=t.podcast),
    ListEpisodes: lambda t: ListEpisodes(user=t.ben, podcast=t.podcast),
    ShowNotes: lambda t: ShowNotes(user=t.ben, episode=t.episode),
    MarkEpisode: lambda t: MarkEpisode(user=t.ben, episode=t.episode, heard=True),
    CallPodcast: lambda t: CallPodcast(user=t.ben, podcast=t.podcast, episode=t.episode),
    RenameStation: lambda t: RenameStation(user=t.ben, station=t.station, name="Mine"),
    RemoveStation: lambda t: RemoveStation(user=t.ben, station=t.station),
    CallStation: lambda t: CallStation(user=t.ben, station=t.station),
    AddProgramme: lambda t: AddProgramme(user=t.ben, station=t.station, times=MORNING),
    ChangeProgramme: lambda t: ChangeProgramme(user=t.ben, programme=t.programme, enabled=False),
    RemoveProgramme: lambda t: RemoveProgramme(user=t.ben, programme=t.programme),
    PlaceCallOut: lambda t: PlaceCallOut(user=t.ben, job=t.job),
    GetContact: lambda t: GetContact(user=t.ben, contact=t.contact),
    ChangeContact: lambda t: ChangeContact(user=t.ben, contact=t.contact, name="Mine"),
    AddContactAddress: lambda t: AddContactAddress(
        user=t.ben, contact=t.contact, address="030 7654321"
    ),
    RemoveContactAddress: lambda t: RemoveContactAddress(user=t.ben, contact=t.contact, way=t.way),
    RemoveContact: lambda t: RemoveContact(user=t.ben, contact=t.contact),
    CallContact: lambda t: CallContact(user=t.ben, contact=t.contact, way=t.way),
}
"""Commands that name somebody else's thing, or that only the owner may give."""

OF_THE_ASKER: dict[type[Command[Any]], Attempt] = {
    GetUser: lambda t: GetUser(user=t.ben),
    ListPhones: lambda t: ListPhones(user=t.ben),
    AddPhone: lambda t: AddPhone(user=t.ben, label="Own", address="sip:b@h"),
    ListAccounts: lambda t: ListAccounts(user=t.ben),
    ListNetworks: lambda t: ListNetworks(user=t.ben),
    History: lambda t: History(user=t.ben),
    ListVoicemails: lambda t: ListVoicemails(user=t.ben),
    ListBlocked: lambda t: ListBlocked(user=t.ben),
    Block: lambda t: Block(user=t.ben, address="+49308"),
    Unblock: lambda t: Unblock(user=t.ben, address="+4930999"),
    FindCard: lambda t: FindCard(user=t.ben, call=t.call),
    FindVoicemail: lambda t: FindVoicemail(user=t.ben, voicemail=t.voicemail),
    Status: lambda t: Status(user=t.ben),
    GetSettings: lambda t: GetSettings(user=t.ben),
    ChangeSettings: lambda t: ChangeSettings(user=t.ben, patch={"announce": False}),
    SetGreeting: lambda t: SetGreeting(user=t.ben, audio=GREETING),
    RunningCalls: lambda t: RunningCalls(user=t.ben),
    ActOnCall: lambda t: ActOnCall(user=t.ben, call=t.call, action=CallAction.HANG_UP),
    Answer: lambda t: Answer(user=t.ben, sign_in=uuid4(), question=uuid4(), text="x"),
    CancelSignIn: lambda t: CancelSignIn(user=t.ben, sign_in=uuid4()),
    ForgetMe: lambda t: ForgetMe(user=t.ben),
    AddPodcast: lambda t: AddPodcast(user=t.ben, address=PODCAST),
    ListPodcasts: lambda t: ListPodcasts(user=t.ben),
    ImportPodcasts: lambda t: ImportPodcasts(user=t.ben, opml=OPML),
    ExportPodcasts: lambda t: ExportPodcasts(user=t.ben),
    AddStation: lambda t: AddStation(user=t.ben, name="Own", address="eins.example"),
    ListStations: lambda t: ListStations(user=t.ben),
    ListProgrammes: lambda t: ListProgrammes(user=t.ben),
    PressKey: lambda t: PressKey(user=t.ben, call=t.call, key=PlayoutKey.PLAY),
    ListContacts: lambda t: ListContacts(user=t.ben, search="Grace"),
    AddContact: lambda t: AddContact(user=t.ben, name="Grace", address="030 1234567"),
    ImportContacts: lambda t: ImportContacts(user=t.ben, vcards=VCARD),
    SetPin: lambda t: SetPin(user=t.ben, pin=None),
}
"""Commands that can only concern who asks; live ones go to that one's own worker."""

OF_NOBODY = {WhoIs, Claim, OpenClaim, Join, SweepHistory, Tell}


@pytest.fixture
async def things(office: Office) -> Things:
    ada, ben = await office.member(1, "Ada"), await office.member(2, "Ben")
    return await Things(office, ada.id, ben.id).laid_out()


def test_every_command_was_thought_about() -> None:
    known = {*TRESPASSES, *OF_THE_ASKER, *OF_NOBODY}
    assert set(COMMANDS.values()) == known


@pytest.mark.parametrize("kind", TRESPASSES, ids=lambda kind: kind.__name__)
async def test_a_trespass_is_refused_and_changes_nothing(
    things: Things, kind: type[Command[Any]]
) -> None:
    before = await belongings(things)
    with pytest.raises((UnknownTarget, NotAllowed)):
        await things.office.client.ask(TRESPASSES[kind](things))
    assert await belongings(things) == before
    assert not things.office.workers.sent


@pytest.mark.parametrize("kind", OF_THE_ASKER, ids=lambda kind: kind.__name__)
async def test_what_one_asks_shows_and_changes_nothing_of_another(
    things: Things, kind: type[Command[Any]]
) -> None:
    before = await belongings(things)
    try:
        told = repr(await things.office.client.ask(OF_THE_ASKER[kind](things)))
    except NetworkDown:  # nobody carries out live commands here
        assert [user for user, _ in things.office.workers.sent] == [things.ben]
        told = ""
    assert await belongings(things) == before
    for name in (
        "phone",
        "account",
        "voicemail",
        "podcast",
        "station",
        "programme",
        "job",
        "contact",
    ):
        assert str(getattr(things, name)) not in told
    assert "+4930999" not in told


async def test_who_does_not_exist_gets_nothing(things: Things) -> None:
    for kind in OF_THE_ASKER:
        command = OF_THE_ASKER[kind](things).model_copy(update={"user": uuid4()})
        with pytest.raises(HouseError) as refused:
            await things.office.client.ask(command)
        assert refused.value.code == "no_such_user"


async def test_the_owner_stays(things: Things) -> None:
    with pytest.raises(NotAllowed) as refused:
        await things.office.client.ask(RemoveMember(user=things.ada, member=things.ada))
    assert refused.value.code == "owner_stays"


async def belongings(things: Things) -> list[Any]:
    """Everything of Ada's, as she sees it."""
    ask, ada = things.office.client.ask, things.ada
    own: list[UserCommand[Any]] = [
        ListPhones(user=ada),
        ListAccounts(user=ada),
        History(user=ada),
        ListVoicemails(user=ada),
        ListBlocked(user=ada),
        GetSettings(user=ada),
        FindCard(user=ada, call=things.call),
        FindVoicemail(user=ada, voicemail=things.voicemail),
        ListPodcasts(user=ada),
        ListEpisodes(user=ada, podcast=things.podcast),
        ListStations(user=ada),
        ListProgrammes(user=ada),
        ListContacts(user=ada),
    ]
    invites = [
        invite.model_copy(update={"used_by": ""})  # who came in by it may leave again
        for invite in await ask(ListInvites(user=ada))
    ]
    return [invites, *[await ask(command) for command in own]]


async def test_nobody_gets_the_sound_of_what_another_one_hears(things: Things) -> None:
    with pytest.raises(UnknownTarget, match="no_such_episode"):
        await things.office.client.episode(things.ben, things.episode)
    with pytest.raises(UnknownTarget, match="no_such_user"):
        await things.office.client.episode(uuid4(), things.episode)


def _publish(db: Session, address: str) -> None:
    feed = db.scalars(select(Feed.id).where(Feed.address == address)).one()
    item = fetched.FeedItem(guid="1", title="Bees", published=NOW, enclosure="https://x.example/1")
    told = fetched.Fetched(title="The Daily", items=[item])
    fetched.found(db, feed, told, now=NOW, next_poll=NOW, interval_seconds=3600)


def _job(db: Session, user: UUID, programme: UUID) -> UUID:
    row = DueJob(id=uuid4(), user_id=user, source_id=programme, local_date=NOW.date(), key="07:00")
    row.due = row.changed = NOW
    db.add(row)
    return row.id


def _call(user: UUID, id: UUID) -> calls.CallRecord:
    return calls.CallRecord(
        id=id,
        user_id=user,
        direction=Direction.INCOMING,
        network="sip",
        account="ada@h",
        caller_name="Eve",
        caller_address="+49301",
        called="ada",
        started=NOW,
        answered=None,
        ended=NOW,
        cause="no answer",
        ended_by=None,
    )
