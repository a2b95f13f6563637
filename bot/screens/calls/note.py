"""The voice note of a message that a caller left: it stays in the chat, in step with the phone."""

import base64
from contextlib import suppress
from uuid import UUID

from markupsafe import Markup

from bot.keyboard import Rows, to
from bot.request_context import Page, RequestContext
from bot.sanitise import fitting, tidy
from bot.screen import Screen
from bot.wording.texts import Words, lines
from bridge.api.commands import (
    DeleteVoicemail,
    FetchVoicemail,
    FindVoicemail,
    ListVoicemails,
    MarkHeard,
    NoteVoicemail,
)
from bridge.api.events import VoicemailLeft, VoicemailMarked, VoicemailTranscribed
from bridge.api.views import VoicemailView
from bridge.errors import UnknownTarget

MOST_UNITS = 800
"""UTF-16 code units of a transcript in a caption, which may have 1024 in all."""

screen = Screen("note", stays=True)


@screen.told(VoicemailLeft)
async def left(visit: RequestContext, event: VoicemailLeft) -> None:
    if await _noted(visit, event.voicemail.id) is None:  # else it was told before
        await send(visit, event.voicemail)


@screen.told(VoicemailMarked)
async def marked(visit: RequestContext, event: VoicemailMarked) -> None:
    """What was done on the phone is done to the note."""
    words = visit.words
    message = await _noted(visit, event.id)
    if message is None:
        return
    if event.voicemail is not None:
        await visit.edit_buttons(message, _rows(words, event.id, event.voicemail.heard))
    elif not await visit.delete(message):
        # Telegram keeps messages older than two days
        told = words("You deleted this message on the phone. Please delete its voice note here.")
        await visit.edit_caption(message, Page(told))


@screen.told(VoicemailTranscribed)
async def transcribed(visit: RequestContext, event: VoicemailTranscribed) -> None:
    """The note is there before its words are."""
    message = await _noted(visit, event.id)
    if message is not None:
        kept = await find(visit, event.id)  # as it is by now
        await visit.edit_caption(message, _page(visit.words, kept))


@screen.pressed
async def heard(visit: RequestContext, voicemail: UUID, yes: bool) -> None:
    await visit.ask(MarkHeard(user=visit.user, voicemail=voicemail, heard=yes))
    await _buttons(visit, _rows(visit.words, voicemail, yes))


@screen.pressed
async def delete(visit: RequestContext, voicemail: UUID) -> None:
    words = visit.words
    yes = [delete_for_good.button(words.label("Yes, delete it"), voicemail)]
    no = [keep.button(words.label("No, keep it"), voicemail)]
    await _buttons(visit, [yes, no])


@screen.pressed
async def keep(visit: RequestContext, voicemail: UUID) -> None:
    kept = await find(visit, voicemail)
    await _buttons(visit, _rows(visit.words, voicemail, kept.heard))


@screen.pressed
async def delete_for_good(visit: RequestContext, voicemail: UUID) -> None:
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


async def send(visit: RequestContext, voicemail: VoicemailView) -> None:
    """A note of before goes: of a message there is one note, and that is kept in step."""
    before = await _noted(visit, voicemail.id)
    unnoted = visit.lobby.unnoted
    if voicemail.id not in unnoted:
        # remembered here first: should the house be away just now, it is not sent a second time
        unnoted[voicemail.id] = await _sent(visit, voicemail)
    message = unnoted[voicemail.id]
    note = NoteVoicemail(user=visit.user, voicemail=voicemail.id, message=message)
    await visit.ask(note)
    unnoted.pop(voicemail.id, None)
    if before is not None and before != message and not await visit.delete(before):
        await visit.edit_buttons(before, [])


async def find(visit: RequestContext, voicemail: UUID) -> VoicemailView:
    for each in await visit.ask(ListVoicemails(user=visit.user)):
        if each.id == voicemail:
            return each
    raise UnknownTarget("no_such_voicemail")


async def _sent(visit: RequestContext, voicemail: VoicemailView) -> int:
    encoded = await visit.ask(FetchVoicemail(user=visit.user, voicemail=voicemail.id))
    page, sound = _page(visit.words, voicemail), base64.b64decode(encoded)
    return (await visit.send_voice(sound, voicemail.seconds, page)).message_id


async def _noted(visit: RequestContext, voicemail: UUID) -> int | None:
    return await visit.ask(FindVoicemail(user=visit.user, voicemail=voicemail))


async def _buttons(visit: RequestContext, rows: Rows) -> None:
    if visit.pressed:
        await visit.edit_buttons(visit.pressed.message_id, rows)


def _page(words: Words, voicemail: VoicemailView) -> Page:
    """What stands under the sound."""
    caption = words(
        "Message from <b>{who}</b>\n{when}, {length}",
        who=words.party(voicemail.caller_name, voicemail.caller_address),
        when=words.when(voicemail.created),
        length=words.length(voicemail.seconds),
    )
    said = voicemail.transcript or ""
    if quoted := fitting(tidy(said, len(said)), MOST_UNITS):
        caption = lines(
            caption,
            words("Written down by a machine, which may be wrong:"),
            Markup("<blockquote expandable>{}</blockquote>").format(quoted),
        )
    return Page(caption, _rows(words, voicemail.id, voicemail.heard))


def _rows(words: Words, voicemail: UUID, is_heard: bool) -> Rows:
    mark = words.label("Mark as new") if is_heard else words.label("Mark as heard")
    return [
        [
            heard.button(mark, voicemail, not is_heard),
            delete.button(words.label("Delete"), voicemail),
        ],
        [to(words.label("Call history"), "calls")],
    ]
