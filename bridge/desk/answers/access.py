"""Who may come in, and who must leave."""

import asyncio
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.commands import access as commands
from bridge.api.views import InviteView
from bridge.desk.command_registry import CommandRegistry, answers, reads, writes
from bridge.errors import NotAllowed, UnknownTarget
from bridge.store.people import invites, users
from bridge.store.upkeep import personal_records


@answers(commands.Claim)
async def claim(desk: CommandRegistry, asked: commands.Claim) -> users.User:
    desk.claim.check(asked.code)
    newcomer = asked.model_dump(exclude={"code"})
    zone = desk.settings.time_zone
    row = await desk.store.run(users.claim, **newcomer, time_zone=zone, now=desk.now)
    desk.claim.withdraw()
    await desk.workers.place(row.id)
    return row


@answers(commands.OpenClaim)
async def open_claim(desk: CommandRegistry, asked: commands.OpenClaim) -> str:
    return desk.claim.code


@answers(commands.Join)
async def join(desk: CommandRegistry, asked: commands.Join) -> users.User:
    zone = desk.settings.time_zone
    row = await desk.store.run(invites.join, **dict(asked), time_zone=zone, now=desk.now)
    await desk.workers.place(row.id)
    return row


@answers(commands.MakeInvite)
async def make_invite(desk: CommandRegistry, asked: commands.MakeInvite) -> InviteView:
    row, token = await desk.store.run(invites.make, asked.user, desk.now)
    return InviteView.of(row, token=token)


@answers(commands.RemoveMember)
async def remove_member(desk: CommandRegistry, asked: commands.RemoveMember) -> None:
    await desk.store.read(_member, asked.user, asked.member)
    await _forget(desk, asked.member)


@answers(commands.ForgetMe)
async def forget_me(desk: CommandRegistry, asked: commands.ForgetMe) -> None:
    await _forget(desk, asked.user)


def _members(db: Session, user: UUID) -> list[users.User]:
    users.owning(db, user)
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
        await desk.workers.forget_programs(user)
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


reads(commands.WhoIs, users.by_chat)
reads(commands.GetUser, users.get)
reads(commands.ListInvites, invites.of_user)
writes(commands.RevokeInvite, invites.revoke)
reads(commands.ListMembers, _members)
