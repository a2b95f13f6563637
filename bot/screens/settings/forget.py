"""Leaving: everything that the bridge knows about a member is deleted."""

from bot.keyboard import to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.texts import N_
from bridge.api.commands.access import ForgetMe

screen = Screen("forget", about=N_("Delete everything about me"))


@screen.opened
async def forget(request: RequestContext) -> None:
    words = request.words
    confirmed.expect(request)
    text = words(
        "This deletes your phones, accounts, calls, messages and settings from the bridge, "
        "for good. Running calls end. To do it, please type: {word}",
        word=_word(request),
    )
    await request.show(Page(text, [[to(words.label("Cancel"), "start")]]))


@screen.answered
async def confirmed(request: RequestContext) -> None:
    words = request.words
    if request.text.casefold() != _word(request).casefold():
        rows = [links(words, "start")]
        await request.say(Page(words("That was not the word. Nothing was deleted."), rows))
        return
    await request.ask(ForgetMe(user=request.user))
    await request.say(
        Page(words("Everything about you is deleted. You may delete this chat too. Goodbye!"))
    )


def _word(request: RequestContext) -> str:
    return request.words.label("DELETE")
