"""Messages that callers left, as voice notes."""

import base64
from contextlib import suppress
from uuid import UUID

from bot.keyboard import Rows, to
from bot.screen import Screen
from bot.texts import N_, Words, lines
from bot.visit import Page, Visit
from bridge.control.commands import (
    DeleteVoicemail,
    FetchVoicemail,
    ListVoicemails,
    MarkHeard,
)
from bridge.control.events import VoicemailLeft
from bridge.control.views import VoicemailView
from bridge.errors import UnknownTarget

ON_A_PAGE = 8

screen = Screen("voicemail", about=N_("Messages that callers left"))
note = Screen("note", stays=True)
"""The voice note itself, which stays in the chat."""


@screen.opened
async def voicemails(visit: Visit) -> None:
    await page(visit, 0)


@screen.pressed
async def page(visit: Visit, offset: int) -> None:
    words = visit.words
    kept = await visit.ask(ListVoicemails(user=visit.user))
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
    await visit.show(Page(text, [*rows, turns, [to(words.label("Menu"), "start")]]))


@screen.pressed
async def play(visit: Visit, voicemail: UUID) -> None:
    """What was asked for is taken for heard."""
    kept = await _find(visit, voicemail)
    await _send(visit, kept.model_copy(update={"heard": True}))
    await visit.ask(MarkHeard(user=visit.user, voicemail=voicemail))


@screen.told(VoicemailLeft)
async def left(visit: Visit, event: VoicemailLeft) -> None:
    await _send(visit, event.voicemail)


@note.pressed
async def heard(visit: Visit, voicemail: UUID, yes: bool) -> None:
    await visit.ask(MarkHeard(user=visit.user, voicemail=voicemail, heard=yes))
    await _buttons(visit, _note_buttons(visit.words, voicemail, yes))


@note.pressed
async def delete(visit: Visit, voicemail: UUID) -> None:
    words = visit.words
    yes = [delete_for_good.button(words.label("Yes, delete it"), voicemail)]
    no = [keep.button(words.label("No, keep it"), voicemail)]
    await _buttons(visit, [yes, no])


@note.pressed
async def keep(visit: Visit, voicemail: UUID) -> None:
    kept = await _find(visit, voicemail)
    await _buttons(visit, _note_buttons(visit.words, voicemail, kept.heard))


@note.pressed
async def delete_for_good(visit: Visit, voicemail: UUID) -> None:
    words = visit.words
    with suppress(UnknownTarget):  # gone already: then only the note is left to delete
        await visit.ask(DeleteVoicemail(user=visit.user, voicemail=voicemail))
    if visit.pressed and not await visit.delete(visit.pressed.message_id):
        # Telegram keeps messages older than two days; the house has deleted its own
        await _buttons(visit, [])
        told = words("The message is deleted here. Please delete the voice note in the chat too.")
    else:
        told = words("The message is deleted.")
    rows = [[to(words.label("Voicemail"), "voicemail"), to(words.label("Menu"), "start")]]
    await visit.say(Page(told, rows))


async def _send(visit: Visit, voicemail: VoicemailView) -> None:
    words = visit.words
    encoded = await visit.ask(FetchVoicemail(user=visit.user, voicemail=voicemail.id))
    caption = words(
        "Message from <b>{who}</b>\n{when}, {length}",
        who=words.party(voicemail.caller_name, voicemail.caller_address),
        when=words.when(voicemail.created),
        length=words.length(voicemail.seconds),
    )
    rows = _note_buttons(words, voicemail.id, voicemail.heard)
    await visit.send_voice(base64.b64decode(encoded), voicemail.seconds, Page(caption, rows))


async def _find(visit: Visit, voicemail: UUID) -> VoicemailView:
    for each in await visit.ask(ListVoicemails(user=visit.user)):
        if each.id == voicemail:
            return each
    raise UnknownTarget("no_such_voicemail")


async def _buttons(visit: Visit, rows: Rows) -> None:
    if visit.pressed:
        await visit.edit_buttons(visit.pressed.message_id, rows)


def _note_buttons(words: Words, voicemail: UUID, is_heard: bool) -> Rows:
    mark = words.label("Mark as new") if is_heard else words.label("Mark as heard")
    return [
        [
            heard.button(mark, voicemail, not is_heard),
            delete.button(words.label("Delete"), voicemail),
        ],
        [to(words.label("Call history"), "calls")],
    ]


def _label(words: Words, voicemail: VoicemailView) -> str:
    who = words.party(voicemail.caller_name, voicemail.caller_address)
    when, length = words.when(voicemail.created), words.length(voicemail.seconds)
    mark = "" if voicemail.heard else "● "
    return f"{mark}{who}, {when}, {length}"
