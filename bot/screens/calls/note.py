"""The voice note of a message that a caller left: it stays in the chat, in step with the phone."""

import base64
from contextlib import suppress
from uuid import UUID

from markupsafe import Markup

from bot.dialogues.sending import found
from bot.keyboard import Rows
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.sanitise import fitting, tidy
from bot.screen import Screen
from bot.wording.texts import Words, lines
from bridge.api.commands.calls import (
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
async def left(request: RequestContext, event: VoicemailLeft) -> None:
    if await _noted(request, event.voicemail.id) is None:  # else it was told before
        await send(request, event.voicemail)


@screen.told(VoicemailMarked)
async def marked(request: RequestContext, event: VoicemailMarked) -> None:
    """What was done on the phone is done to the note."""
    words = request.words
    message = await _noted(request, event.id)
    if message is None:
        return
    if event.voicemail is not None:
        await request.edit_buttons(message, _rows(words, event.id, event.voicemail.heard))
    elif not await request.delete(message):
        # Telegram keeps messages older than two days
        told = words("You deleted this message on the phone. Please delete its voice note here.")
        await request.edit_caption(message, Page(told))


@screen.told(VoicemailTranscribed)
async def transcribed(request: RequestContext, event: VoicemailTranscribed) -> None:
    """The note is there before its words are."""
    message = await _noted(request, event.id)
    if message is not None:
        kept = await find(request, event.id)  # as it is by now
        await request.edit_caption(message, _page(request.words, kept))


@screen.pressed
async def heard(request: RequestContext, voicemail: UUID, yes: bool) -> None:
    await request.ask(MarkHeard(user=request.user, voicemail=voicemail, heard=yes))
    await _buttons(request, _rows(request.words, voicemail, yes))


@screen.pressed
async def delete(request: RequestContext, voicemail: UUID) -> None:
    words = request.words
    yes = [delete_for_good.button(words.label("Yes, delete it"), voicemail)]
    no = [keep.button(words.label("No, keep it"), voicemail)]
    await _buttons(request, [yes, no])


@screen.pressed
async def keep(request: RequestContext, voicemail: UUID) -> None:
    kept = await find(request, voicemail)
    await _buttons(request, _rows(request.words, voicemail, kept.heard))


@screen.pressed
async def delete_for_good(request: RequestContext, voicemail: UUID) -> None:
    words = request.words
    with suppress(UnknownTarget):  # gone already: then only the note is left to delete
        await request.ask(DeleteVoicemail(user=request.user, voicemail=voicemail))
    if request.pressed and not await request.delete(request.pressed.message_id):
        # Telegram keeps messages older than two days; the house has deleted its own
        await _buttons(request, [])
        told = words("The message is deleted here. Please delete the voice note in the chat too.")
    else:
        told = words("The message is deleted.")
    rows = [links(words, "voicemail", "start")]
    await request.say(Page(told, rows))


async def send(request: RequestContext, voicemail: VoicemailView) -> None:
    """A note of before goes: of a message there is one note, and that is kept in step."""
    before = await _noted(request, voicemail.id)
    unnoted = request.state.unnoted
    if voicemail.id not in unnoted:
        # remembered here first: should the house be away just now, it is not sent a second time
        unnoted[voicemail.id] = await _sent(request, voicemail)
    message = unnoted[voicemail.id]
    note = NoteVoicemail(user=request.user, voicemail=voicemail.id, message=message)
    await request.ask(note)
    unnoted.pop(voicemail.id, None)
    if before is not None and before != message and not await request.delete(before):
        await request.edit_buttons(before, [])


async def find(request: RequestContext, voicemail: UUID) -> VoicemailView:
    kept = await request.ask(ListVoicemails(user=request.user))
    return found(kept, voicemail, "no_such_voicemail")


async def _sent(request: RequestContext, voicemail: VoicemailView) -> int:
    encoded = await request.ask(FetchVoicemail(user=request.user, voicemail=voicemail.id))
    page, sound = _page(request.words, voicemail), base64.b64decode(encoded)
    return (await request.send_voice(sound, voicemail.seconds, page)).message_id


async def _noted(request: RequestContext, voicemail: UUID) -> int | None:
    return await request.ask(FindVoicemail(user=request.user, voicemail=voicemail))


async def _buttons(request: RequestContext, rows: Rows) -> None:
    if request.pressed:
        await request.edit_buttons(request.pressed.message_id, rows)


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
        links(words, "calls"),
    ]
