"""Who may come in, and who must leave."""

import asyncio
from uuid import UUID

from sqlalchemy.orm import Session

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
from bridge.api.views import InviteView, UserView
from bridge.desk.command_registry import CommandRegistry, answers
from bridge.errors import NotAllowed, UnknownTarget
from bridge.store.people import invites, users
from bridge.store.upkeep import personal_records
from bridge.store.views import invite_view, user_view


@answers(WhoIs)
async def who_is(desk: CommandRegistry, asked: WhoIs) -> UserView | None:
    row = await desk.store.read(users.by_chat, asked.chat)
    return user_view(row) if row else None


@answers(GetUser)
async def get_user(desk: CommandRegistry, asked: GetUser) -> UserView:
    return user_view(await desk.store.read(users.get, asked.user))


@answers(Claim)
async def claim(desk: CommandRegistry, asked: Claim) -> UserView:
    desk.claim.check(asked.code)
    row = await desk.store.run(
        users.claim,
        asked.chat,
        asked.name,
        language=asked.language,
        time_zone=desk.settings.time_zone,
        now=desk.now,
    )
    desk.claim.withdraw()
    await desk.workers.place(row.id)
    return user_view(row)


@answers(OpenClaim)
async def open_claim(desk: CommandRegistry, asked: OpenClaim) -> str:
    return desk.claim.code


@answers(Join)
async def join(desk: CommandRegistry, asked: Join) -> UserView:
    row = await desk.store.run(
        invites.join,
        asked.token,
        asked.chat,
        asked.name,
        language=asked.language,
        time_zone=desk.settings.time_zone,
        now=desk.now,
    )
    await desk.workers.place(row.id)
    return user_view(row)


@answers(MakeInvite)
async def make_invite(desk: CommandRegistry, asked: MakeInvite) -> InviteView:
    row, token = await desk.store.run(invites.make, asked.user, desk.now)
    return invite_view(row, token)


@answers(ListInvites)
async def list_invites(desk: CommandRegistry, asked: ListInvites) -> list[InviteView]:
    return [invite_view(row) for row in await desk.store.read(invites.of_user, asked.user)]


@answers(RevokeInvite)
async def revoke_invite(desk: CommandRegistry, asked: RevokeInvite) -> None:
    await desk.store.run(invites.revoke, asked.user, asked.invite, desk.now)


@answers(ListMembers)
async def list_members(desk: CommandRegistry, asked: ListMembers) -> list[UserView]:
    return [user_view(row) for row in await desk.store.read(_members, asked.user)]


@answers(RemoveMember)
async def remove_member(desk: CommandRegistry, asked: RemoveMember) -> None:
    await desk.store.read(_member, asked.user, asked.member)
    await _forget(desk, asked.member)


@answers(ForgetMe)
async def forget_me(desk: CommandRegistry, asked: ForgetMe) -> None:
    await _forget(desk, asked.user)


def _members(db: Session, owner: UUID) -> list[users.User]:
    users.owning(db, owner)
    return users.everyone(db)


def _member(db: Session, owner: UUID, member: UUID) -> users.User:
    users.owning(db, owner)
    if member == owner:
        raise NotAllowed("owner_stays")
    return users.get(db, member)


async def _forget(desk: CommandRegistry, user: UUID) -> None:
    """The worker ends first: it must not write anything behind our back."""
    await desk.workers.withdraw(user)
    try:
        await asyncio.to_thread(
            personal_records.forget_wholly, desk.store, desk.settings.data_dir, user
        )
    except UnknownTarget:
        raise  # somebody else was quicker
    except BaseException:
        await desk.workers.place(user)  # still a member: is served until it is tried again
        raise
    if await desk.store.read(users.owner) is None:
        desk.claim.offer()
