"""Whatever is asked, nobody reaches another one's things: every command is tried."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.api import commands as c
from bridge.api.command import Command, UserCommand
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
        self.phone = (await ask(c.AddPhone(user=self.ada, label="Desk", address="sip:a@h"))).id
        self.invite = (await ask(c.MakeInvite(user=self.ada))).id
        await ask(c.Block(user=self.ada, address="+4930999", name="Pest"))
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
        await ask(c.NoteCard(user=self.ada, call=self.call, message=77))
        await ask(c.NoteVoicemail(user=self.ada, voicemail=self.voicemail, message=78))
        await self._listens()
        grace = await ask(c.AddContact(user=self.ada, name="Grace", address="030 1234567"))
        self.contact, self.way = grace.id, grace.ways[0].id
        await ask(c.SetPin(user=self.ada, pin="8305"))
        return self

    async def _listens(self) -> None:
        ask, store = self.office.client.ask, self.office.store
        self.podcast = (await ask(c.AddPodcast(user=self.ada, address=PODCAST))).id
        await store.run(_publish, PODCAST)
        self.episode = (await ask(c.ListEpisodes(user=self.ada, podcast=self.podcast)))[0].id
        address = "https://radio.example/eins"
        self.station = (await ask(c.AddStation(user=self.ada, name="Eins", address=address))).id
        self.programme = (
            await ask(c.AddProgramme(user=self.ada, station=self.station, times=MORNING))
        ).id
        self.slot = await store.run(_slot, self.ada, self.programme)


Attempt = Callable[[Things], UserCommand[Any]]

TRESPASSES: dict[type[Command[Any]], Attempt] = {
    c.ChangePhone: lambda t: c.ChangePhone(user=t.ben, phone=t.phone, label="Mine"),
    c.RemovePhone: lambda t: c.RemovePhone(user=t.ben, phone=t.phone),
    c.VerifyPhone: lambda t: c.VerifyPhone(user=t.ben, phone=t.phone),
    c.TestCall: lambda t: c.TestCall(user=t.ben, phone=t.phone),
    c.BeginSignIn: lambda t: c.BeginSignIn(user=t.ben, network="sip", account=t.account),
    c.ChangeAccount: lambda t: c.ChangeAccount(user=t.ben, account=t.account, enabled=False),
    c.RemoveAccount: lambda t: c.RemoveAccount(user=t.ben, account=t.account),
    c.FetchVoicemail: lambda t: c.FetchVoicemail(user=t.ben, voicemail=t.voicemail),
    c.MarkHeard: lambda t: c.MarkHeard(user=t.ben, voicemail=t.voicemail),
    c.DeleteVoicemail: lambda t: c.DeleteVoicemail(user=t.ben, voicemail=t.voicemail),
    c.NoteCard: lambda t: c.NoteCard(user=t.ben, call=t.call, message=1),
    c.NoteVoicemail: lambda t: c.NoteVoicemail(user=t.ben, voicemail=t.voicemail, message=1),
    c.RevokeInvite: lambda t: c.RevokeInvite(user=t.ben, invite=t.invite),
    c.ListInvites: lambda t: c.ListInvites(user=t.ben),
    c.MakeInvite: lambda t: c.MakeInvite(user=t.ben),
    c.ListMembers: lambda t: c.ListMembers(user=t.ben),
    c.RemoveMember: lambda t: c.RemoveMember(user=t.ben, member=t.ada),
    c.GetPodcast: lambda t: c.GetPodcast(user=t.ben, podcast=t.podcast),
    c.ChangePodcast: lambda t: c.ChangePodcast(user=t.ben, podcast=t.podcast, oldest_days=1),
    c.LookAgain: lambda t: c.LookAgain(user=t.ben, podcast=t.podcast),
    c.RemovePodcast: lambda t: c.RemovePodcast(user=t.ben, podcast=t.podcast),
    c.ListEpisodes: lambda t: c.ListEpisodes(user=t.ben, podcast=t.podcast),
    c.ShowNotes: lambda t: c.ShowNotes(user=t.ben, episode=t.episode),
    c.MarkEpisode: lambda t: c.MarkEpisode(user=t.ben, episode=t.episode, heard=True),
    c.CallPodcast: lambda t: c.CallPodcast(user=t.ben, podcast=t.podcast, episode=t.episode),
    c.RenameStation: lambda t: c.RenameStation(user=t.ben, station=t.station, name="Mine"),
    c.RemoveStation: lambda t: c.RemoveStation(user=t.ben, station=t.station),
    c.CallStation: lambda t: c.CallStation(user=t.ben, station=t.station),
    c.AddProgramme: lambda t: c.AddProgramme(user=t.ben, station=t.station, times=MORNING),
    c.ChangeProgramme: lambda t: c.ChangeProgramme(
        user=t.ben, programme=t.programme, enabled=False
    ),
    c.RemoveProgramme: lambda t: c.RemoveProgramme(user=t.ben, programme=t.programme),
    c.PlaceCallOut: lambda t: c.PlaceCallOut(user=t.ben, slot=t.slot),
    c.GetContact: lambda t: c.GetContact(user=t.ben, contact=t.contact),
    c.ChangeContact: lambda t: c.ChangeContact(user=t.ben, contact=t.contact, name="Mine"),
    c.AddContactAddress: lambda t: c.AddContactAddress(
        user=t.ben, contact=t.contact, address="030 7654321"
    ),
    c.RemoveContactAddress: lambda t: c.RemoveContactAddress(
        user=t.ben, contact=t.contact, way=t.way
    ),
    c.RemoveContact: lambda t: c.RemoveContact(user=t.ben, contact=t.contact),
    c.CallContact: lambda t: c.CallContact(user=t.ben, contact=t.contact, way=t.way),
}
"""Commands that name somebody else's thing, or that only the owner may give."""

OF_THE_ASKER: dict[type[Command[Any]], Attempt] = {
    c.GetUser: lambda t: c.GetUser(user=t.ben),
    c.ListPhones: lambda t: c.ListPhones(user=t.ben),
    c.AddPhone: lambda t: c.AddPhone(user=t.ben, label="Own", address="sip:b@h"),
    c.ListAccounts: lambda t: c.ListAccounts(user=t.ben),
    c.ListNetworks: lambda t: c.ListNetworks(user=t.ben),
    c.History: lambda t: c.History(user=t.ben),
    c.ListVoicemails: lambda t: c.ListVoicemails(user=t.ben),
    c.ListBlocked: lambda t: c.ListBlocked(user=t.ben),
    c.Block: lambda t: c.Block(user=t.ben, address="+49308"),
    c.Unblock: lambda t: c.Unblock(user=t.ben, address="+4930999"),
    c.FindCard: lambda t: c.FindCard(user=t.ben, call=t.call),
    c.FindVoicemail: lambda t: c.FindVoicemail(user=t.ben, voicemail=t.voicemail),
    c.Status: lambda t: c.Status(user=t.ben),
    c.GetSettings: lambda t: c.GetSettings(user=t.ben),
    c.ChangeSettings: lambda t: c.ChangeSettings(user=t.ben, announce=False),
    c.SetGreeting: lambda t: c.SetGreeting(user=t.ben, audio=GREETING),
    c.RunningCalls: lambda t: c.RunningCalls(user=t.ben),
    c.ActOnCall: lambda t: c.ActOnCall(user=t.ben, call=t.call, action=CallAction.HANG_UP),
    c.Answer: lambda t: c.Answer(user=t.ben, sign_in=uuid4(), question=uuid4(), text="x"),
    c.CancelSignIn: lambda t: c.CancelSignIn(user=t.ben, sign_in=uuid4()),
    c.ForgetMe: lambda t: c.ForgetMe(user=t.ben),
    c.AddPodcast: lambda t: c.AddPodcast(user=t.ben, address=PODCAST),
    c.ListPodcasts: lambda t: c.ListPodcasts(user=t.ben),
    c.ImportPodcasts: lambda t: c.ImportPodcasts(user=t.ben, opml=OPML),
    c.ExportPodcasts: lambda t: c.ExportPodcasts(user=t.ben),
    c.AddStation: lambda t: c.AddStation(user=t.ben, name="Own", address="eins.example"),
    c.ListStations: lambda t: c.ListStations(user=t.ben),
    c.ListProgrammes: lambda t: c.ListProgrammes(user=t.ben),
    c.PressKey: lambda t: c.PressKey(user=t.ben, call=t.call, key=PlayoutKey.PLAY),
    c.ListContacts: lambda t: c.ListContacts(user=t.ben, search="Grace"),
    c.AddContact: lambda t: c.AddContact(user=t.ben, name="Grace", address="030 1234567"),
    c.ImportContacts: lambda t: c.ImportContacts(user=t.ben, vcards=VCARD),
    c.SetPin: lambda t: c.SetPin(user=t.ben, pin=None),
}
"""Commands that can only concern who asks; live ones go to that one's own worker."""

OF_NOBODY = {c.WhoIs, c.Claim, c.OpenClaim, c.Join, c.SweepHistory, c.Tell}


@pytest.fixture
async def things(office: Office) -> Things:
    ada, ben = await office.member(1, "Ada"), await office.member(2, "Ben")
    return await Things(office, ada.id, ben.id).laid_out()


def test_every_command_was_thought_about() -> None:
    known = {*TRESPASSES, *OF_THE_ASKER, *OF_NOBODY}
    assert set(c.COMMANDS.values()) == known


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
        "slot",
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
        await things.office.client.ask(c.RemoveMember(user=things.ada, member=things.ada))
    assert refused.value.code == "owner_stays"


async def belongings(things: Things) -> list[Any]:
    """Everything of Ada's, as she sees it."""
    ask, ada = things.office.client.ask, things.ada
    own: list[UserCommand[Any]] = [
        c.ListPhones(user=ada),
        c.ListAccounts(user=ada),
        c.History(user=ada),
        c.ListVoicemails(user=ada),
        c.ListBlocked(user=ada),
        c.GetSettings(user=ada),
        c.FindCard(user=ada, call=things.call),
        c.FindVoicemail(user=ada, voicemail=things.voicemail),
        c.ListPodcasts(user=ada),
        c.ListEpisodes(user=ada, podcast=things.podcast),
        c.ListStations(user=ada),
        c.ListProgrammes(user=ada),
        c.ListContacts(user=ada),
    ]
    invites = [
        invite.model_copy(update={"used_by": ""})  # who came in by it may leave again
        for invite in await ask(c.ListInvites(user=ada))
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


def _slot(db: Session, user: UUID, programme: UUID) -> UUID:
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
