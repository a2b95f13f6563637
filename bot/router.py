"""From an update of Telegram to the screen that it concerns; nothing else reads updates.

The way of a pressed button, through eight functions and only down:

1. `InTurn.do_process_update` (bot/app.py): what one person does is served in its order.
2. `Router.pressed`: the button names its screen and act, and carries the act's arguments.
3. `Access.member` (bot/access.py): who it is. The only look-up of the member on the way.
4. The act, in bot/screens or declared there by bot/dialogues.py.
5. `RequestContext.ask` (bot/request_context.py): what the act wants of the house.
6. `RequestContext.show`: the page that comes of it.
7. `RequestContext._edited`: it takes the place of the message with the button, if that is there.
8. `patiently` (bot/delivery.py): until Telegram has it.

A question that was open is dropped on the way (`Router._leave`).

Refusals climb instead of being caught on the way; the library hands them to `Router.failed`.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial

from telegram import CallbackQuery, Message, Update, User
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.bot_state import BotState, Pending
from bot.constants import KEY
from bot.delivery import patiently
from bot.keyboard import Outdated, Rows, unpack
from bot.links import links
from bot.request_context import PATIENCE, Page, RequestContext
from bot.screen import DialogueStep, Screen
from bot.wording.refusals import refusal
from bot.wording.texts import N_, Words, language_of
from bridge.api.views import UserView
from bridge.errors import BadInput, HouseError, NotAllowed
from bridge.settings import Settings

log = logging.getLogger(__name__)


class Router:
    def __init__(
        self, state: BotState, access: Access, screens: Iterable[Screen], settings: Settings
    ) -> None:
        self._state = state
        self._access = access
        self._settings = settings
        self._screens = {screen.name: screen for screen in screens}
        self._takes = [taking for screen in self._screens.values() for taking in screen.takes]
        self._home = self._screens["start"].presses["open"]

    # --- what is pressed -----------------------------------------------------------------------

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None or query.message is None or query.message.chat.id != query.from_user.id:
            return  # only a private chat has the id of its person
        member = await self._access.member(query.from_user.id)
        if member is None:
            return
        with suppress(TelegramError):  # too late to be answered, but the press still counts
            await query.answer()
        name, written = unpack(query.data or "")
        screen = self._screen(name)
        press = screen.presses.get(name.partition(".")[2]) if screen else None
        if screen is None or press is None:
            raise Outdated
        request = self._request(member, update)
        if request.chat in self._state.pending and not (screen.stays or screen.asks):
            await self._leave(request)
        await press.act(request, **press.read(written))

    # --- what is sent --------------------------------------------------------------------------

    async def sent(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message, person = update.message, update.effective_user
        if message is None or person is None:
            return
        # before the house is asked who it is: it may be away just now
        deleted = self._is_secret(person.id, message) and await self._deleted(message)
        try:
            member = await self._access.member(person.id)
        except HouseError:
            if self._access.known(person.id):
                raise
            member = None
        if member:
            await self._serve(self._request(member, update), message, deleted)
        else:
            await self._admit(person, message)

    async def _admit(self, person: User, message: Message) -> None:
        try:
            member = await self._access.admit(person, message)
        except HouseError as why:
            if why.code == "wrong_code" and not await self._access.may_be_claimed():
                return  # the house has its owner: a stranger gets no answer
            words = Words(language_of(person.language_code), self._settings.zone)
            await self._state.bot.send_message(person.id, refusal(words, why))
            return
        if member:
            await self._home(RequestContext(self._state, member, message))

    async def _serve(self, request: RequestContext, message: Message, deleted: bool) -> None:
        pending = self._state.pending.get(request.chat)
        commanded = self._commanded(request.text)
        # what needs no question leaves an open one open
        unasked = next((act for fits, act in self._takes if fits(message)), None)
        if commanded:
            await self._leave(request)
            await commanded(request)
        elif self._is_secret(request.chat, message):
            await self._take_secret(request, pending, deleted)
        elif unasked and not (pending and (pending.media or (pending.number and message.contact))):
            await unasked(request)
        elif pending is None:
            told = request.words("I did not understand that. Please choose:")
            await request.say(Page(told, ways(request.words)))
        elif not request.text and not pending.media:
            await request.say(Page(request.words("Please type the answer, or send /cancel.")))
        else:
            await self._answer(request, pending)

    def _is_secret(self, chat: int, message: Message) -> bool:
        pending = self._state.pending.get(chat)
        asked = (pending and pending.secret) or _answers_a_secret(message)
        return bool(asked) and not self._commanded((message.text or "").strip())

    async def _deleted(self, message: Message) -> bool:
        """The first thing with a password is to delete it, whatever comes of it."""
        delete = partial(self._state.bot.delete_message, message.chat_id, message.message_id)
        try:
            return await patiently(delete, sleep=self._state.sleep, seconds=PATIENCE)
        except TelegramError:
            return False

    async def _take_secret(
        self, request: RequestContext, pending: Pending | None, deleted: bool
    ) -> None:
        if deleted:
            told = request.words("I deleted your answer from this chat.")
        else:
            told = request.words("I could not delete your answer. Please delete it yourself.")
        await request.say(Page(told))
        if pending is None:
            raise Outdated
        await self._answer(request, pending)

    async def _answer(self, request: RequestContext, pending: Pending) -> None:
        open_questions = self._state.pending
        del open_questions[request.chat]
        step = self._step(pending)
        try:
            await step.act(request, **pending.arguments)
        except (BadInput, NotAllowed) as why:
            again = request.words("Please try once more, or send /cancel.")
            told = refusal(request.words, why) + "\n" + again
            if step.again and request.chat not in open_questions:
                await step.again(request, told, **pending.arguments)
            else:
                # asked once more, unless the screen has gone on to another question
                open_questions.setdefault(request.chat, pending)
                await request.say(Page(told, ways(request.words)))

    def _commanded(self, text: str) -> Callable[[RequestContext], Awaitable[None]] | None:
        if not text.startswith("/"):
            return None
        name = text[1:].partition(" ")[0].partition("@")[0].lower()
        if name == "cancel":
            return self._home
        screen = self._screens.get(name)
        return screen.presses.get("open") if screen and screen.about else None

    # --- both ----------------------------------------------------------------------------------

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A refusal, or a fault of ours or of Telegram: a member is told, and faults are logged."""
        why = context.error
        person = update.effective_user if isinstance(update, Update) else None
        known = self._access.known(person.id) if person else None
        request = self._request(known, update) if known and isinstance(update, Update) else None
        if isinstance(why, HouseError | Outdated):
            if request:
                await request.show(told(request.words, why))
            return
        if isinstance(why, TelegramError):
            log.warning("an update could not be served, by a fault of Telegram: %s", why)
            fault = N_("That did not work because of a fault at Telegram. Please try again.")
        else:
            log.error("an update could not be served", exc_info=why)
            fault = N_("That did not work because of a fault of the bridge. Please tell your host.")
        if request:
            with suppress(TelegramError):
                await request.say(Page(request.words(fault), ways(request.words)))

    def _request(self, member: UserView, update: Update) -> RequestContext:
        query = update.callback_query
        screen = self._screen(query.data or "") if query else None
        keeps = bool(screen and screen.stays)
        return RequestContext(self._state, member, update.message, _shown(query), keeps)

    async def _leave(self, request: RequestContext) -> None:
        """The member goes elsewhere: an open question is dropped."""
        pending = self._state.pending.pop(request.chat, None)
        screen = self._screen(pending.step) if pending else None
        if pending and screen and screen.leave:
            await screen.leave(request, **pending.arguments)

    def _screen(self, name: str) -> Screen | None:
        return self._screens.get(name.partition(".")[0])

    def _step(self, pending: Pending) -> DialogueStep[...]:
        screen, _, step = pending.step.partition(".")
        return self._screens[screen].steps[step]


def ways(words: Words) -> Rows:
    return [links(words, "start", "help")]


def told(words: Words, why: HouseError | Outdated) -> Page:
    if isinstance(why, Outdated):
        return Page(words("That is no longer valid. Please choose:"), ways(words))
    return Page(refusal(words, why), ways(words))


def _shown(query: CallbackQuery | None) -> Message | None:
    """The message with the button, unless Telegram holds it to be too old."""
    return query.message if query and isinstance(query.message, Message) else None


def _answers_a_secret(message: Message) -> bool:
    asked = message.reply_to_message
    by_bot = asked and asked.from_user and asked.from_user.is_bot
    return bool(by_bot and asked and (asked.text or "").startswith(KEY))
