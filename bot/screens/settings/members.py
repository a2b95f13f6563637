"""Who else may use this bridge; for its owner."""

from datetime import UTC, datetime
from uuid import UUID

from bot.access import INVITE
from bot.keyboard import to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screen import Screen
from bot.wording.texts import N_, lines
from bridge.api.commands.access import (
    ListInvites,
    ListMembers,
    MakeInvite,
    RemoveMember,
    RevokeInvite,
)
from bridge.api.views import InviteView, UserView
from bridge.errors import UnknownTarget

screen = Screen("members", about=N_("Invite somebody (for the owner)"))


@screen.opened
async def members(request: RequestContext) -> None:
    words = request.words
    all_members = await request.ask(ListMembers(user=request.user))
    invites = [each for each in await request.ask(ListInvites(user=request.user)) if _open(each)]
    text = lines(
        words("<b>Members</b>"),
        *(tidy(each.name) for each in all_members),
        words.count("{number} open invitation", "{number} open invitations", len(invites))
        if invites
        else "",
    )
    rows = [
        [remove.button(words.label("Remove {name}", name=each.name), each.id)]
        for each in all_members
        if not each.is_owner
    ]
    rows += [
        [
            revoke.button(
                words.label("Withdraw invitation of {when}", when=words.when(each.created)), each.id
            )
        ]
        for each in invites
    ]
    rows.append([invite.button(words.label("Invite somebody"))])
    rows.append(links(words, "start"))
    await request.show(Page(text, rows))


@screen.pressed
async def invite(request: RequestContext) -> None:
    words = request.words
    made = await request.ask(MakeInvite(user=request.user))
    text = lines(
        words(
            "Send this link to the person you want to invite. It works once, until {when}.",
            when=words.when(made.expires),
        ),
        f"https://t.me/{request.bot.username}?start={INVITE}{made.token}",
        words("It is shown only this once. You can withdraw it under /members."),
    )
    await request.show(Page(text, [links(words, "members")]))


@screen.pressed
async def revoke(request: RequestContext, invitation: UUID) -> None:
    words = request.words
    text = words("Withdraw this invitation? Its link will not work any more.")
    yes = [revoke_for_good.button(words.label("Yes, withdraw it"), invitation)]
    await request.show(Page(text, [yes, [to(words.label("No, keep it"), "members")]]))


@screen.pressed
async def revoke_for_good(request: RequestContext, invitation: UUID) -> None:
    await request.ask(RevokeInvite(user=request.user, invite=invitation))
    await members(request)


@screen.pressed
async def remove(request: RequestContext, member: UUID) -> None:
    words = request.words
    chosen = await _find(request, member)
    text = words(
        "Remove {name}? All of their phones, accounts, calls and messages here are deleted.",
        name=chosen.name,
    )
    yes = [remove_for_good.button(words.label("Yes, remove {name}", name=chosen.name), member)]
    await request.show(
        Page(text, [yes, [to(words.label("No, keep {name}", name=chosen.name), "members")]])
    )


@screen.pressed
async def remove_for_good(request: RequestContext, member: UUID) -> None:
    await request.ask(RemoveMember(user=request.user, member=member))
    await members(request)


async def _find(request: RequestContext, member: UUID) -> UserView:
    for each in await request.ask(ListMembers(user=request.user)):
        if each.id == member:
            return each
    raise UnknownTarget("no_such_user")


def _open(invitation: InviteView) -> bool:
    usable = not invitation.used_by and not invitation.revoked
    return usable and invitation.expires > datetime.now(UTC)
