"""The way in and the main menu."""

from markupsafe import Markup

from bot.keyboard import Rows, columns, to
from bot.links import TITLES
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.sentences import NOT_FORWARDED, RING_AGAIN
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.calls import Status
from bridge.api.commands.preferences import ChangeSettings, GetSettings
from bridge.api.status_views import StatusView
from bridge.api.views import SettingsView
from bridge.terms import Health

screen = Screen("start", about=N_("The main menu"))


@screen.opened
async def home(request: RequestContext) -> None:
    words = request.words
    status = await request.ask(Status(user=request.user))
    settings = await request.ask(GetSettings(user=request.user))
    greeting = words("<b>Hello {name}.</b>", name=request.member.name)
    text = lines(greeting, next_step(words, status, settings))
    again = [] if settings.preferences.forwarding else [ring_again.button(words.label(RING_AGAIN))]
    await request.show(Page(text, [again, *menu(words, status, request.member.is_owner)]))


@screen.pressed
async def ring_again(request: RequestContext) -> None:
    await request.ask(ChangeSettings(user=request.user, patch={"forwarding": True}))
    await home(request)


def next_step(words: Words, status: StatusView, settings: SettingsView) -> Markup:
    """What is still missing, one thing at a time; then how things are."""
    if not status.phones_ready:
        return words("First add and verify the phone that should ring when somebody calls you.")
    if not status.accounts:
        return words("Now add an account on which people call you.")
    ready = sum(account.health is Health.READY for account in status.accounts)
    rings = words.count(
        "{number} phone rings when somebody calls you.",
        "{number} phones ring when somebody calls you.",
        status.phones_ready,
    )
    return lines(
        rings if settings.preferences.forwarding else words(NOT_FORWARDED),
        words("Accounts ready: {ready} of {all}.", ready=ready, all=len(status.accounts)),
    )


def menu(words: Words, status: StatusView, is_owner: bool) -> Rows:
    buttons = {name: to(words.label(title), name) for name, title in TITLES.items()}
    if new := status.new_voicemails:
        buttons["voicemail"] = to(words.label("Voicemail ({number} new)", number=new), "voicemail")
    members = buttons.pop("members")
    shown = [each for name, each in buttons.items() if name not in _ELSEWHERE]
    return columns([*shown, members] if is_owner else shown)


_ELSEWHERE = {"start", "phonein", "language"}
