"""Leaving: everything that the bridge knows about a member is deleted."""

from bot.keyboard import to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.texts import N_
from bridge.api.commands import ForgetMe

screen = Screen("forget", about=N_("Delete everything about me"))


@screen.opened
async def forget(visit: RequestContext) -> None:
    words = visit.words
    confirmed.expect(visit)
    text = words(
        "This deletes your phones, accounts, calls, messages and settings from the bridge, "
        "for good. Running calls end. To do it, please type: {word}",
        word=_word(visit),
    )
    await visit.show(Page(text, [[to(words.label("Cancel"), "start")]]))


@screen.answered
async def confirmed(visit: RequestContext) -> None:
    words = visit.words
    if visit.text.casefold() != _word(visit).casefold():
        rows = [[to(words.label("Menu"), "start")]]
        await visit.say(Page(words("That was not the word. Nothing was deleted."), rows))
        return
    await visit.ask(ForgetMe(user=visit.user))
    await visit.say(
        Page(words("Everything about you is deleted. You may delete this chat too. Goodbye!"))
    )


def _word(visit: RequestContext) -> str:
    return visit.words.label("DELETE")
