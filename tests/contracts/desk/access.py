"""Who may come in, and who must leave."""

from uuid import UUID, uuid4

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
from bridge.api.commands.phones import ListPhones
from bridge.errors import NotAllowed, UnknownTarget
from tests.contracts.desk.world import DeskContract, DeskWorld, covers

NO_USER = UnknownTarget("no_such_user")
NOT_OWNER = NotAllowed("not_owner")
WRONG = NotAllowed("wrong_code")


def claim(code: str, chat: int = 1, name: str = "Ada") -> Claim:
    return Claim(chat=chat, name=name, language="en", code=code)


def join(token: str, chat: int = 50, name: str = "Ben") -> Join:
    return Join(chat=chat, name=name, language="de", token=token)


class AccessContract(DeskContract):
    @covers(Claim, OpenClaim, WhoIs, GetUser)
    async def test_the_first_one_with_the_code_owns_the_house(self, desk: DeskWorld) -> None:
        code = await desk.ask(OpenClaim())
        assert await desk.ask(WhoIs(chat=1)) is None
        await desk.refuses(claim("nonsense"), WRONG)
        ada = await desk.ask(claim(f" {code.lower()} ", name="Ada\nLovelace"))
        assert (ada.chat, ada.name, ada.language, ada.is_owner) == (1, "Ada Lovelace", "en", True)
        assert await desk.ask(WhoIs(chat=1)) == await desk.ask(GetUser(user=ada.id)) == ada
        assert await desk.ask(OpenClaim()) == ""
        await desk.refuses(claim(code, chat=2), WRONG)

    @covers(Claim, OpenClaim)
    async def test_after_some_wrong_tries_the_code_is_another_one(self, desk: DeskWorld) -> None:
        code = await desk.ask(OpenClaim())
        for _ in range(5):
            await desk.refuses(claim("nonsense"), WRONG)
        await desk.refuses(claim(code), WRONG)
        assert await desk.ask(OpenClaim()) not in ("", code)

    @covers(MakeInvite, Join, ListInvites)
    async def test_an_invitation_lets_one_person_in(self, desk: DeskWorld, ada: UUID) -> None:
        first = await desk.ask(MakeInvite(user=ada))
        second = await desk.ask(MakeInvite(user=ada))
        assert first.token and first.token != second.token and first.created < first.expires
        ben = await desk.ask(join(first.token, name="Ben\0"))
        assert (ben.chat, ben.name, ben.language, ben.is_owner) == (50, "Ben", "de", False)
        await desk.refuses(join(first.token, chat=51), NotAllowed("invite_used"))
        assert await desk.ask(join(second.token)) == ben  # he is in already: nothing is used up
        listed = await desk.ask(ListInvites(user=ada))
        assert [(one.id, one.used_by, one.token) for one in listed] == [
            (second.id, "", ""),
            (first.id, "Ben", ""),
        ]

    @covers(Join, RevokeInvite)
    async def test_an_invitation_that_is_void(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.refuses(join("nonsense"), UnknownTarget("no_such_invite"))
        await desk.refuses(RevokeInvite(user=ada, invite=uuid4()), UnknownTarget("no_such_invite"))
        revoked, old = await desk.ask(MakeInvite(user=ada)), await desk.ask(MakeInvite(user=ada))
        await desk.ask(RevokeInvite(user=ada, invite=revoked.id))
        await desk.ask(RevokeInvite(user=ada, invite=revoked.id))
        await desk.refuses(join(revoked.token), NotAllowed("invite_revoked"))
        await desk.passes(old.id)
        await desk.refuses(join(old.token), NotAllowed("invite_expired"))
        revocations = {one.id: one.revoked for one in await desk.ask(ListInvites(user=ada))}
        assert revocations == {revoked.id: True, old.id: False}

    @covers(MakeInvite, ListInvites, RevokeInvite, ListMembers, RemoveMember)
    async def test_only_the_owner_decides_who_is_in(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        for asked in (
            MakeInvite(user=ben),
            ListInvites(user=ben),
            RevokeInvite(user=ben, invite=uuid4()),
            ListMembers(user=ben),
            RemoveMember(user=ben, member=ada),
            RemoveMember(user=ben, member=uuid4()),
        ):
            await desk.refuses(asked, NOT_OWNER)

    @covers(ListMembers, RemoveMember)
    async def test_a_member_is_removed(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        assert [one.name for one in await desk.ask(ListMembers(user=ada))] == ["Ada", "Ben"]
        await desk.refuses(RemoveMember(user=ada, member=uuid4()), NO_USER)
        await desk.refuses(RemoveMember(user=ada, member=ada), NotAllowed("owner_stays"))
        await desk.ask(RemoveMember(user=ada, member=ben))
        await desk.refuses(GetUser(user=ben), NO_USER)
        await desk.refuses(RemoveMember(user=ada, member=ben), NO_USER)
        assert [one.name for one in await desk.ask(ListMembers(user=ada))] == ["Ada"]

    @covers(ForgetMe)
    async def test_who_is_forgotten_is_nobody(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        chat = (await desk.ask(GetUser(user=ben))).chat
        await desk.ask(ForgetMe(user=ben))
        assert await desk.ask(WhoIs(chat=chat)) is None
        for asked in (GetUser(user=ben), ListPhones(user=ben), ForgetMe(user=ben)):
            await desk.refuses(asked, NO_USER)
        assert await desk.ask(OpenClaim()) == ""

    @covers(ForgetMe, Join, ListInvites)
    async def test_an_invitation_works_once_whoever_is_forgotten(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        invite, unused = await desk.ask(MakeInvite(user=ada)), await desk.ask(MakeInvite(user=ada))
        guest = await desk.ask(join(invite.token))
        await desk.ask(ForgetMe(user=guest.id))
        await desk.refuses(join(invite.token), NotAllowed("invite_used"))
        assert [one.used_by for one in await desk.ask(ListInvites(user=ada))] == ["", ""]
        await desk.ask(ForgetMe(user=ada))
        for token in (invite.token, unused.token):
            await desk.refuses(join(token), UnknownTarget("no_such_invite"))

    @covers(ForgetMe)
    async def test_a_house_without_owner_can_be_claimed(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        await desk.ask(ForgetMe(user=ada))
        owner = await desk.ask(claim(await desk.ask(OpenClaim()), chat=9, name="Cleo"))
        assert owner.is_owner
        assert not (await desk.ask(GetUser(user=ben))).is_owner
