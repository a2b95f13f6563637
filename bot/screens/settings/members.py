"""Who else may use this bridge; for its owner."""

from datetime import UTC, datetime
from uuid import UUID

from bot.access import INVITE
from bot.keyboard import to
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screen import Screen
from bot.wording.texts import N_, lines
from bridge.api.commands import ListInvites, ListMembers, MakeInvite, RemoveMember, RevokeInvite
from bridge.api.views import InviteView, UserView
from bridge.errors import UnknownTarget

screen = Screen("members", about=N_("Invite somebody (for the owner)"))


@screen.opened
async def members(visit: RequestContext) -> None:
    words = visit.words
    all_members = await visit.ask(ListMembers(user=visit.user))
    invites = [each for each in await visit.ask(ListInvites(user=visit.user)) if _open(each)]
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
    rows.append([to(words.label("Menu"), "start")])
    await visit.show(Page(text, rows))


@screen.pressed
async def invite(visit: RequestContext) -> None:
    words = visit.words
    made = await visit.ask(MakeInvite(user=visit.user))
    text = lines(
        words(
            "Send this link to the person you want to invite. It works once, until {when}.",
            when=words.when(made.expires),
        ),
        f"https://t.me/{visit.bot.username}?start={INVITE}{made.token}",
        words("It is shown only this once. You can withdraw it under /members."),
    )
    await visit.show(Page(text, [[to(words.label("Members"), "members")]]))


@screen.pressed
async def revoke(visit: RequestContext, invitation: UUID) -> None:
    words = visit.words
    text = words("Withdraw this invitation? Its link will not work any more.")
    yes = [revoke_for_good.button(words.label("Yes, withdraw it"), invitation)]
    await visit.show(Page(text, [yes, [to(words.label("No, keep it"), "members")]]))


@screen.pressed
async def revoke_for_good(visit: RequestContext, invitation: UUID) -> None:
    await visit.ask(RevokeInvite(user=visit.user, invite=invitation))
    await members(visit)


@screen.pressed
async def remove(visit: RequestContext, member: UUID) -> None:
    words = visit.words
    chosen = await _find(visit, member)
    text = words(
        "Remove {name}? All of their phones, accounts, calls and messages here are deleted.",
        name=chosen.name,
    )
    yes = [remove_for_good.button(words.label("Yes, remove {name}", name=chosen.name), member)]
    await visit.show(
        Page(text, [yes, [to(words.label("No, keep {name}", name=chosen.name), "members")]])
    )


@screen.pressed
async def remove_for_good(visit: RequestContext, member: UUID) -> None:
    await visit.ask(RemoveMember(user=visit.user, member=member))
    await members(visit)


async def _find(visit: RequestContext, member: UUID) -> UserView:
    for each in await visit.ask(ListMembers(user=visit.user)):
        if each.id == member:
            return each
    raise UnknownTarget("no_such_user")


def _open(invitation: InviteView) -> bool:
    usable = not invitation.used_by and not invitation.revoked
    return usable and invitation.expires > datetime.now(UTC)
