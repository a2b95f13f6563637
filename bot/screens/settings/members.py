"""Who else may use this bridge; for its owner."""

from datetime import UTC, datetime
from uuid import UUID

from bot.access import INVITE
from bot.dialogues.asking import confirms
from bot.dialogues.sending import found
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
from bridge.api.views import InviteView

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


async def _facts(request: RequestContext, member: UUID) -> dict[str, object]:
    all_members = await request.ask(ListMembers(user=request.user))
    return {"name": found(all_members, member, "no_such_user").name}


revoke = confirms(
    screen,
    "revoke",
    N_("Withdraw this invitation? Its link will not work any more."),
    RevokeInvite,
    labels=(N_("Yes, withdraw it"), N_("No, keep it")),
    no="members",
    then=members,
)
remove = confirms(
    screen,
    "remove",
    N_("Remove {name}? All of their phones, accounts, calls and messages here are deleted."),
    RemoveMember,
    facts=_facts,
    labels=(N_("Yes, remove {name}"), N_("No, keep {name}")),
    no="members",
    then=members,
)


def _open(invitation: InviteView) -> bool:
    usable = not invitation.used_by and not invitation.revoked
    return usable and invitation.expires > datetime.now(UTC)
