"""How things stand, on one page."""

from datetime import UTC, datetime

from markupsafe import Markup

from bot.keyboard import to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.settings.accounts import brief
from bot.wording.sentences import NOT_FORWARDED, RING_AGAIN, health
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.calls import Status
from bridge.api.commands.preferences import ChangeSettings, GetSettings
from bridge.api.status_views import StatusView
from bridge.api.views import SettingsView

screen = Screen("status", about=N_("How things stand"))


@screen.opened
async def status(request: RequestContext) -> None:
    words = request.words
    now = await request.ask(Status(user=request.user))
    settings = await request.ask(GetSettings(user=request.user))
    rows = [
        [] if settings.preferences.forwarding else [ring_again.button(words.label(RING_AGAIN))],
        links(words, "accounts", "phones"),
        [to(words.label("Refresh"), "status"), *links(words, "start")],
    ]
    await request.show(Page(report(words, now, settings), rows))


@screen.pressed
async def ring_again(request: RequestContext) -> None:
    await request.ask(ChangeSettings(user=request.user, patch={"forwarding": True}))
    await status(request)


def report(words: Words, now: StatusView, settings: SettingsView) -> Markup:
    return lines(
        words("<b>Status</b>"),
        "" if settings.preferences.forwarding else words(NOT_FORWARDED),
        *(
            lines(brief(words, account), words("since {when}", when=words.when(account.since)))
            for account in now.accounts
        ),
        "" if now.accounts else words("No account yet."),
        words.count("{number} phone is ready.", "{number} phones are ready.", now.phones_ready),
        words.count(
            "{number} call is going on.", "{number} calls are going on.", now.calls_running
        ),
        words.count("{number} new message.", "{number} new messages.", now.new_voicemails),
        words(
            "Minutes today: {used} of {limit}",
            used=settings.minutes_used_today,
            limit=settings.minutes_a_day,
        ),
        _locked(words, settings),
        _trunk(words, now),
        _worker(words, now),
    )


def _locked(words: Words, settings: SettingsView) -> Markup:
    until = settings.pin_locked_until
    if until is None or until < datetime.now(UTC):
        return Markup("")
    return words("⚠ Nobody can phone in until {until}: see /phonein", until=words.when(until))


def _trunk(words: Words, now: StatusView) -> Markup:
    if now.trunk is None:
        return words(
            "I cannot call telephone numbers: there is no line for it (no trunk). Ask your host."
        )
    if any(account.id == now.trunk.id for account in now.accounts):
        own = health(words, now.trunk.health)
        return words("Your phones are called through your own account: {health}", health=own)
    return words("Your phones are called through your host's line.")


def _worker(words: Words, now: StatusView) -> Markup:
    worker = now.worker
    if not worker.running:
        return words("Your part of the bridge is just starting. Please look again in a minute.")
    if worker.restarts and worker.since:
        return words.count(
            "Your part of the bridge has been running since {when}, after {number} restart.",
            "Your part of the bridge has been running since {when}, after {number} restarts.",
            worker.restarts,
            when=words.when(worker.since),
        )
    return Markup("")
