"""The accounts on which people call: how they are, since when, and what to do about it."""

from uuid import UUID

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dialogues.asking import asks_text, confirms
from bot.dialogues.sending import Toggle, found
from bot.keyboard import Rows, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.phones import phone_in
from bot.screens.settings import sign_in
from bot.wording.refusals import sentence_of
from bot.wording.sentences import REMEDIES, health
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.accounts import ChangeAccount, ListAccounts, RemoveAccount
from bridge.api.events import HealthChanged
from bridge.api.views import AccountView
from bridge.terms import Health

screen = Screen("accounts", about=N_("Where people call you"))


@screen.opened
async def accounts(request: RequestContext) -> None:
    words = request.words
    owned = await request.ask(ListAccounts(user=request.user))
    text = lines(
        words("<b>Your accounts</b>"),
        *(brief(words, account) for account in owned),
        "" if owned else words("You have none yet. Add one on which people call you."),
    )
    rows = [[one.button(account.label, account.id)] for account in owned]
    rows.append([sign_in.choose.button(words.label("Add an account"))])
    rows.append(links(words, "start"))
    await request.show(Page(text, rows))


@screen.pressed
async def one(request: RequestContext, account: UUID) -> None:
    chosen = await _find(request, account)
    await request.show(Page(full(request.words, chosen), _buttons(request.words, chosen)))


async def _find(request: RequestContext, account: UUID) -> AccountView:
    return found(await request.ask(ListAccounts(user=request.user)), account, "no_such_account")


async def _facts(request: RequestContext, account: UUID) -> dict[str, object]:
    return {"account": (await _find(request, account)).label}


switch = Toggle(screen, "switch", ChangeAccount, "enabled", one)
trunk = Toggle(
    screen,
    "trunk",
    ChangeAccount,
    "is_trunk",
    one,
    on=N_("Call my phones through it"),
    off=N_("Do not call my phones through it"),
)
rename = asks_text(
    screen,
    "rename",
    N_("Please type the new name of this account."),
    ChangeAccount,
    "label",
    back=one,
)
remove = confirms(
    screen,
    "remove",
    N_("Remove {account}? Nobody can reach you there any more, and its password is deleted."),
    RemoveAccount,
    facts=_facts,
    no=one,
    then=accounts,
)


@screen.told(HealthChanged)
async def health_changed(request: RequestContext, event: HealthChanged) -> None:
    account, words = event.account, request.words
    rows = [[one.button(words.label("Show the account"), account.id)]]
    if account.health is Health.NEEDS_SIGN_IN:
        rows.insert(0, [_sign_in_again(words, account)])
    await request.say(Page(full(words, account), rows))


def brief(words: Words, account: AccountView) -> Markup:
    return words(
        "{mark} <b>{account}</b>: {health}",
        mark=_MARKS.get(account.health, "✗"),
        account=account.label,
        health=health(words, account.health),
    )


def full(words: Words, account: AccountView) -> Markup:
    """How it is, since when, why, and what to do."""
    if account.reason:
        advice = sentence_of(words, account.reason, account.facts)
    else:
        advice = words(REMEDIES[account.health])
    return lines(
        brief(words, account),
        words("{address}, since {when}", address=account.address, when=words.when(account.since)),
        advice,
        words("Your phones are called through this account.") if account.is_trunk else "",
        words("It is for phoning in: who calls it hears the menu, and your phones do not ring.")
        if account.is_phone_in
        else "",
    )


_MARKS = {Health.READY: "✓", Health.CONNECTING: "…", Health.OFF: "–"}


def _sign_in_again(words: Words, account: AccountView) -> InlineKeyboardButton:
    return sign_in.again.button(words.label("Sign in again"), account.id, account.network)


def _buttons(words: Words, account: AccountView) -> Rows:
    rows = [
        [_sign_in_again(words, account)],
        [
            switch.button(words, account.enabled, account.id),
            rename.button(words.label("Rename"), account.id),
        ],
        [remove.button(words.label("Remove"), account.id), to(words.label("Back"), "accounts")],
    ]
    if account.network == phone_in.NETWORK:
        rows.insert(2, [trunk.button(words, account.is_trunk, account.id)])
        rows.insert(3, [_phone_in(words, account)])
    return rows


def _phone_in(words: Words, account: AccountView) -> InlineKeyboardButton:
    if account.is_phone_in:
        return phone_in.set_chosen.button(
            words.label("No longer for phoning in"), account.id, False
        )
    return phone_in.choose.button(words.label("Use it for phoning in"), account.id)
