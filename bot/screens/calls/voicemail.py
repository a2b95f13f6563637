"""Messages that callers left: the list, from which each comes as a voice note."""

from uuid import UUID

from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.calls import note
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.calls import ListVoicemails, MarkHeard
from bridge.api.views import VoicemailView

ON_A_PAGE = 8

screen = Screen("voicemail", about=N_("Messages that callers left"))


@screen.opened
async def voicemails(request: RequestContext) -> None:
    await page(request, 0)


@screen.pressed
async def page(request: RequestContext, offset: int) -> None:
    words = request.words
    kept = await request.ask(ListVoicemails(user=request.user))
    shown = kept[max(offset, 0) :][:ON_A_PAGE]
    text = lines(
        words("<b>Voicemail</b>"),
        words("Choose a message to hear it.")
        if shown
        else words("There are no messages. Callers who do not reach you can leave one."),
    )
    rows = [[play.button(_label(words, each), each.id)] for each in shown]
    turns = []
    if offset:
        turns.append(page.button(words.label("Newer"), max(offset - ON_A_PAGE, 0)))
    if len(kept) > offset + ON_A_PAGE:
        turns.append(page.button(words.label("Older"), offset + ON_A_PAGE))
    await request.show(Page(text, [*rows, turns, links(words, "start")]))


@screen.pressed
async def play(request: RequestContext, voicemail: UUID) -> None:
    """What was asked for is taken for heard."""
    kept = await note.find(request, voicemail)
    await note.send(request, kept.model_copy(update={"heard": True}))
    await request.ask(MarkHeard(user=request.user, voicemail=voicemail))


def _label(words: Words, voicemail: VoicemailView) -> str:
    who = words.party(voicemail.caller_name, voicemail.caller_address)
    when, length = words.when(voicemail.created), words.length(voicemail.seconds)
    mark = "" if voicemail.heard else "● "
    return f"{mark}{who}, {when}, {length}"
