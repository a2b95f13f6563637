"""Signing in to any network: the chat draws whatever questions its connector asks."""

import base64
from contextlib import suppress
from uuid import UUID

from markupsafe import Markup

from bot.bot_state import OpenSignIn
from bot.constants import KEY
from bot.keyboard import Outdated, Rows, columns, to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.refusals import sentence_of
from bot.wording.texts import Words, bold, lines
from bridge.api.commands.accounts import Answer, BeginSignIn, CancelSignIn, ListNetworks
from bridge.api.events import Asked, SignInEnded
from bridge.api.questions import ChoiceView, Question
from bridge.errors import HouseError, UnknownTarget

CANCELLED = "cancelled"
_IN_A_ROW = 6
"""So many numbers a telephone shows beside each other."""

screen = Screen("signin", asks=True)


@screen.pressed
async def choose(request: RequestContext) -> None:
    words = request.words
    networks = await request.ask(ListNetworks(user=request.user))
    rows = [[begin.button(each.title, each.network)] for each in networks]
    text = words("On which network do people call you?")
    await request.show(Page(text, [*rows, [to(words.label("Back"), "accounts")]]))


@screen.pressed
async def begin(request: RequestContext, network: str) -> None:
    sign_in = await request.ask(BeginSignIn(user=request.user, network=network))
    await _begun(request, sign_in, network)


@screen.pressed
async def again(request: RequestContext, account: UUID, network: str) -> None:
    sign_in = await request.ask(BeginSignIn(user=request.user, network=network, account=account))
    await _begun(request, sign_in, network)


async def _begun(request: RequestContext, sign_in: UUID, network: str) -> None:
    # the first question may have arrived already, so nothing that is known is overwritten
    request.state.sign_ins.setdefault(sign_in, OpenSignIn(network))
    words = request.words
    text = words("Let us set up the account: I ask, you answer.")
    await request.show(Page(text, [[stop.button(words.label("Cancel"), sign_in)]]))


@screen.told(Asked)
async def asked(request: RequestContext, event: Asked) -> None:
    words, question = request.words, event.question
    dialogue = request.state.sign_ins.setdefault(event.sign_in, OpenSignIn(event.network))
    dialogue.question = question
    cancel = [stop.button(words.label("Cancel"), event.sign_in)]
    if question.kind == "show":
        await _show_picture(request, dialogue, question, [cancel])
        return
    dialogue.is_picture_above = True
    if question.kind == "secret":
        # no buttons fit under a question with an input field of its own
        way_out = words("I delete your answer from the chat at once. To stop, send /cancel.")
        await request.ask_secret(lines(f"{KEY} {words.translated(question.text)}", way_out))
        answered_in_secret.expect(request, event.sign_in, question.id)
    else:
        rows = _answers(words, event.sign_in, question)
        await request.say(Page(_text(words, question), [*rows, cancel]))
        answered.expect(request, event.sign_in, question.id)


@screen.answered
async def answered(request: RequestContext, sign_in: UUID, question: UUID) -> None:
    await _answer(request, sign_in, question, request.text)


@screen.answered_in_secret
async def answered_in_secret(request: RequestContext, sign_in: UUID, question: UUID) -> None:
    # not stripped: a password may begin or end with anything
    await _answer(request, sign_in, question, (request.message and request.message.text) or "")


@screen.pressed
async def pick(request: RequestContext, sign_in: UUID, question: UUID, number: int) -> None:
    asked = _open_question(request, sign_in, question)
    if not 0 <= number < len(asked.choices):
        raise Outdated
    await _picked(request, sign_in, asked, asked.choices[number].key, asked.choices[number].text)


@screen.pressed
async def take(request: RequestContext, sign_in: UUID, question: UUID) -> None:
    """The answer that was proposed."""
    asked = _open_question(request, sign_in, question)
    await _picked(request, sign_in, asked, asked.default or "", asked.default or "")


@screen.pressed
async def stop(request: RequestContext, sign_in: UUID) -> None:
    request.state.pending.pop(request.chat, None)
    await _clear(request, request.state.sign_ins.pop(sign_in, None))
    with suppress(UnknownTarget):  # over already
        await request.ask(CancelSignIn(user=request.user, sign_in=sign_in))
    words = request.words
    rows = [links(words, "accounts", "start")]
    await request.show(Page(words("Signing in was stopped. Nothing was changed."), rows))


@screen.left
async def leave(request: RequestContext, sign_in: UUID, question: UUID) -> None:
    await _clear(request, request.state.sign_ins.pop(sign_in, None))
    with suppress(HouseError):  # it ends by itself after a while
        await request.ask(CancelSignIn(user=request.user, sign_in=sign_in))


@screen.told(SignInEnded)
async def ended(request: RequestContext, event: SignInEnded) -> None:
    words = request.words
    dialogue = request.state.sign_ins.pop(event.sign_in, None)
    await _clear(request, dialogue)
    pending = request.state.pending.get(request.chat)
    if pending and pending.arguments.get("sign_in") == event.sign_in:
        del request.state.pending[request.chat]
    rows = [links(words, "accounts", "start")]
    if event.account:
        text = words(
            "<b>{account}</b> is set up. When somebody calls you there, your phones ring.",
            account=event.account.label,
        )
    elif event.reason == CANCELLED:
        if dialogue is None:
            return  # it was stopped here, where that was said
        text = words("Signing in was stopped. Nothing was changed.")
    else:
        text = lines(
            words("Signing in did not work."), sentence_of(words, event.reason, event.facts)
        )
        if dialogue:
            rows.insert(0, [begin.button(words.label("Try again"), dialogue.network)])
    await request.say(Page(text, rows))


async def _answer(request: RequestContext, sign_in: UUID, question: UUID, text: str) -> None:
    await request.ask(Answer(user=request.user, sign_in=sign_in, question=question, text=text))


async def _picked(
    request: RequestContext, sign_in: UUID, question: Question, answer: str, shown: str
) -> None:
    """The buttons give way to the choice, so that it cannot be made twice."""
    request.state.pending.pop(request.chat, None)
    words = request.words
    chosen = lines(_text(words, question), bold(words.translated(shown)))
    await request.show(Page(chosen))
    await _answer(request, sign_in, question.id, answer)


def _open_question(request: RequestContext, sign_in: UUID, question: UUID) -> Question:
    dialogue = request.state.sign_ins.get(sign_in)
    if dialogue is None or dialogue.question is None or dialogue.question.id != question:
        raise Outdated
    return dialogue.question


def _text(words: Words, question: Question) -> Markup:
    example = words("For example: {example}", example=question.example) if question.example else ""
    listed = [Markup.escape(choice.text) for choice in _numbered(question)]
    return lines(words.translated(question.text), *listed, example)


def _numbered(question: Question) -> list[ChoiceView]:
    """Points of a picture: too many for a line each, so the text lists them."""
    return [choice for choice in question.choices if choice.key.isdecimal()]


def _answers(words: Words, sign_in: UUID, question: Question) -> Rows:
    numbered = _numbered(question)
    numbers, choices = [], []
    for place, choice in enumerate(question.choices):
        if choice in numbered:
            numbers.append(pick.button(choice.key, sign_in, question.id, place))
        else:
            text = words.translated(choice.text)
            choices.append([pick.button(text, sign_in, question.id, place)])
    rows = [*columns(numbers, _IN_A_ROW), *choices]
    if question.default is None:
        return rows
    label = (
        words.label("Use “{answer}”", answer=question.default)
        if question.default
        else words.label("Leave empty")
    )
    return [*rows, [take.button(label, sign_in, question.id)]]


async def _show_picture(
    request: RequestContext, dialogue: OpenSignIn, question: Question, rows: Rows
) -> None:
    """A newer QR code replaces the one before; what follows a question stands below it."""
    png, page = base64.b64decode(question.png), Page(_text(request.words, question), rows)
    if dialogue.is_picture_above:
        await _clear(request, dialogue)
    if dialogue.picture is None or not await request.edit_photo(dialogue.picture, png, page):
        dialogue.picture = (await request.send_photo(png, page)).message_id
    dialogue.is_picture_above = False


async def _clear(request: RequestContext, dialogue: OpenSignIn | None) -> None:
    """A screen with somebody's messages does not stay in the chat."""
    if dialogue is not None and dialogue.picture is not None:
        picture, dialogue.picture = dialogue.picture, None
        await request.delete(picture)
