"""Phoning in: which number to call, the PIN, keys or voice."""

from datetime import UTC, datetime
from uuid import UUID

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dialogues.preference_panel import PreferencePanel
from bot.keyboard import columns, to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.phones import pin
from bot.wording.sentences import health
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.accounts import ChangeAccount, ListAccounts
from bridge.api.commands.phones import ListPhones
from bridge.api.commands.preferences import GetSettings
from bridge.api.views import AccountView, PhoneView, SettingsView
from bridge.errors import UnknownTarget
from bridge.terms import Health

NETWORK = "sip"
"""Only its accounts have telephone numbers."""

screen = Screen("phonein", about=N_("Phone in and be connected"))
panel = PreferencePanel(screen)


@screen.opened
async def phone_in(request: RequestContext) -> None:
    words = request.words
    chosen = await request.ask(GetSettings(user=request.user))
    accounts = await request.ask(ListAccounts(user=request.user))
    phones = await request.ask(ListPhones(user=request.user))
    text = lines(
        words("<b>Phone in</b>"),
        words("Call me from any phone, and you reach your contacts, messages, podcasts and radio."),
        *_numbers(words, accounts),
        _pin(words, chosen, phones),
        words("On the phone 0 repeats, * goes back, # goes on, and 9 helps."),
        _voice(words, chosen),
    )
    rows = [
        *([each] for each in _candidates(words, accounts)),
        _pin_buttons(words, chosen),
        *columns(_voice_buttons(words, chosen)),
        [to(words.label("Settings"), "settings"), to(words.label("Menu"), "start")],
    ]
    await request.show(Page(text, rows))


# --- the number ------------------------------------------------------------------------------


@screen.pressed
async def choose(request: RequestContext, account: UUID) -> None:
    """Its calls do not ring any more; that is said before it is done."""
    words = request.words
    owned = await request.ask(ListAccounts(user=request.user))
    chosen = next((each for each in owned if each.id == account), None)
    if chosen is None:
        raise UnknownTarget("no_such_account")
    text = words(
        "Use {account} for phoning in? Whoever calls it is asked for the PIN and hears the menu. "
        "Your phones do not ring for it any more.",
        account=chosen.label,
    )
    yes = [set_chosen.button(words.label("Yes, use it for that"), account, True)]
    await request.show(Page(text, [yes, [to(words.label("No, let it ring"), "phonein")]]))


@screen.pressed
async def set_chosen(request: RequestContext, account: UUID, yes: bool) -> None:
    await request.ask(ChangeAccount(user=request.user, account=account, is_phone_in=yes))
    await phone_in(request)


def _candidates(words: Words, accounts: list[AccountView]) -> list[InlineKeyboardButton]:
    """Once there is a number, others are for the accounts' own pages."""
    if any(each.is_phone_in for each in accounts):
        return []
    return [
        choose.button(words.label("Use {account} for phoning in", account=each.label), each.id)
        for each in accounts
        if each.network == NETWORK
    ]


def _numbers(words: Words, accounts: list[AccountView]) -> list[Markup]:
    told = [_number(words, each) for each in accounts if each.is_phone_in]
    if told:
        return told
    if any(each.network == NETWORK for each in accounts):
        return [words("⚠ There is no number to call yet. Choose one of your accounts below.")]
    return [words("⚠ There is no number to call yet. Add a SIP account first, under /accounts.")]


def _number(words: Words, account: AccountView) -> Markup:
    user = account.address.partition("@")[0]
    if user.startswith("+"):
        told = words("Call <b>{number}</b>", number=words.address(user))
    else:
        told = words(
            "Call the telephone number of your account <b>{account}</b> ({address})",
            account=account.label,
            address=account.address,
        )
    if account.health is Health.READY:
        return told
    state = health(words, account.health)
    return lines(told, words("⚠ At the moment it is not ready: {health}", health=state))


# --- the PIN ---------------------------------------------------------------------------------


def _pin(words: Words, chosen: SettingsView, phones: list[PhoneView]) -> Markup:
    until = chosen.pin_locked_until
    waived = pin.waived(phones)
    if not chosen.has_pin:
        return lines(
            words("⚠ There is no PIN yet, so nobody can phone in. Set one below."),
            pin.not_even(words, phones),
        )
    if until and until > datetime.now(UTC):
        locked = words(
            "⚠ Locked until {until}: a wrong PIN was typed three times. "
            "Change the PIN, and you can phone in at once.",
            until=words.when(until),
        )
        return lines(locked, pin.not_even(words, phones))
    return lines(
        words("The PIN is set: type it when I ask for it, then #."),
        words("No PIN is asked for from: {phones}", phones=waived) if waived else "",
    )


def _pin_buttons(words: Words, chosen: SettingsView) -> list[InlineKeyboardButton]:
    if not chosen.has_pin:
        return [pin.change.button(words.label("Set a PIN"))]
    return [
        pin.change.button(words.label("Change the PIN")),
        pin.remove.button(words.label("Remove the PIN")),
    ]


# --- keys or voice ---------------------------------------------------------------------------


def _voice(words: Words, chosen: SettingsView) -> Markup:
    understood = sorted(chosen.voice_languages)
    if not understood:
        return words("Use the keys: this bridge does not understand speech. Ask your host for it.")
    if chosen.language not in understood:
        return words(
            "Use the keys: I understand speech only in {languages}. See /language.",
            languages=", ".join(words.spoken(each) for each in understood),
        )
    language = words.spoken(chosen.language)
    return lines(*panel.told(words, chosen.preferences, language=language))


def _voice_buttons(words: Words, chosen: SettingsView) -> list[InlineKeyboardButton]:
    if chosen.language not in chosen.voice_languages:
        return []
    return panel.buttons(words, chosen.preferences)
