"""Messages that callers left: the list, from which each comes as a voice note."""

from uuid import UUID

from bot.dialogues.leafing import NEWEST_FIRST, Listing, pages
from bot.links import links
from bot.request_context import RequestContext
from bot.screen import Screen
from bot.screens.calls import note
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.calls import ListVoicemails, MarkHeard
from bridge.api.views import VoicemailView

ON_A_PAGE = 8

screen = Screen("voicemail", about=N_("Messages that callers left"))


@pages(screen, ON_A_PAGE, NEWEST_FIRST)
async def page(request: RequestContext, offset: int) -> Listing:
    words = request.words
    kept = await request.ask(ListVoicemails(user=request.user))
    text = lines(
        words("<b>Voicemail</b>"),
        words("Choose a message to hear it.")
        if kept
        else words("There are no messages. Callers who do not reach you can leave one."),
    )
    entries = [play.button(_label(words, each), each.id) for each in kept]
    return Listing(text, entries, [links(words, "start")])


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
