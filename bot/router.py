"""From an update of Telegram to the screen that it concerns; nothing else reads updates."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.access import Door
from bot.bot_state import BotState
from bot.constants import KEY
from bot.delivery import patiently
from bot.keyboard import Outdated, Rows, to, unpack
from bot.request_context import PATIENCE, Page, RequestContext
from bot.screen import Screen
from bot.screens.settings import sign_in
from bot.wording.refusals import refusal
from bot.wording.texts import N_, Words, language_of
from bridge.errors import BadInput, HouseError, NotAllowed
from bridge.settings import Settings

log = logging.getLogger(__name__)


class Router:
    def __init__(
        self, state: BotState, door: Door, screens: Iterable[Screen], settings: Settings
    ) -> None:
        self._state = state
        self._door = door
        self._settings = settings
        self._screens = {screen.name: screen for screen in screens}
        self._takes = [taking for screen in self._screens.values() for taking in screen.takes]
        self._home = self._screens["start"].presses["open"]

    # --- what is sent --------------------------------------------------------------------------

    async def sent(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message, person = update.message, update.effective_user
        if message is None or person is None:
            return
        # before the house is asked who it is: it may be away just now
        deleted = self._is_secret(person.id, message) and await self._deleted(message)
        request = await self._visit(person.id, message=message)
        if request:
            await self._serve(request, deleted)
        elif not self._door.known(person.id):
            await self._admit(person, message)

    async def _admit(self, person: User, message: Message) -> None:
        try:
            member = await self._door.admit(person, message)
        except HouseError as why:
            if why.code == "wrong_code" and not await self._door.may_be_claimed():
                return  # the house has its owner: a stranger gets no answer
            words = Words(language_of(person.language_code), self._settings.zone)
            await self._state.bot.send_message(
                person.id, refusal(words, why), parse_mode=ParseMode.HTML
            )
            return
        if member:
            await self._guarded(RequestContext(self._state, member, message), self._home)

    async def _serve(self, request: RequestContext, deleted: bool) -> None:
        pending = self._state.pending.get(request.chat)
        commanded = self._commanded(request.text)
        unasked = self._unasked(request.message)
        if commanded:
            await sign_in.leave(request)
            await self._guarded(request, commanded)
        elif request.message and self._is_secret(request.chat, request.message):
            await self._take_secret(request, deleted)
        elif unasked and not (pending and pending.media):
            await self._guarded(request, unasked)
        elif pending is None:
            await request.say(
                Page(
                    request.words("I did not understand that. Please choose:"), ways(request.words)
                )
            )
        elif not request.text and not pending.media:
            await request.say(Page(request.words("Please type the answer, or send /cancel.")))
        else:
            await self._answer(request)

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

    async def _take_secret(self, request: RequestContext, deleted: bool) -> None:
        if deleted:
            told = request.words("I deleted your answer from this chat.")
        else:
            told = request.words("I could not delete your answer. Please delete it yourself.")
        await request.say(Page(told))
        if request.chat in self._state.pending:
            await self._answer(request)
        else:
            await request.say(outdated(request.words))

    async def _answer(self, request: RequestContext) -> None:
        pending = self._state.pending.pop(request.chat)
        try:
            await pending.act(request)
        except (BadInput, NotAllowed) as why:
            # asked once more, unless the screen has gone on to another question
            self._state.pending.setdefault(request.chat, pending)
            again = request.words("Please try once more, or send /cancel.")
            await request.say(Page(refusal(request.words, why) + "\n" + again, ways(request.words)))
        except HouseError as why:
            await request.say(sorry(request.words, why))

    def _unasked(
        self, message: Message | None
    ) -> Callable[[RequestContext], Awaitable[None]] | None:
        """What takes a message that needs no question; an open one stays open."""
        if message is None:
            return None
        return next((act for fits, act in self._takes if fits(message)), None)

    def _commanded(self, text: str) -> Callable[[RequestContext], Awaitable[None]] | None:
        if not text.startswith("/"):
            return None
        name = text[1:].partition(" ")[0].partition("@")[0].lower()
        if name == "cancel":
            return self._home
        screen = self._screens.get(name)
        return screen.presses.get("open") if screen and screen.about else None

    # --- what is pressed -----------------------------------------------------------------------

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None or query.message is None or query.message.chat.id != query.from_user.id:
            return  # only a private chat has the id of its person
        request = await self._visit(query.from_user.id, pressed=_shown(query))
        if request is None:
            return
        with suppress(TelegramError):  # too late to be answered, but the press still counts
            await query.answer()
        name, written = unpack(query.data or "")
        screen_name, act = name.split(".", 1) if "." in name else (name, "")
        screen = self._screens.get(screen_name)
        press = screen.presses.get(act) if screen else None
        if screen is None or press is None:
            await request.show(outdated(request.words))
            return
        if screen.stays:
            request.keeps = True
        elif screen is not sign_in.screen:
            await sign_in.leave(request)
        await self._guarded(request, lambda request: press.follow(request, written))

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A fault of ours, or of Telegram: it is logged, and a member is told."""
        why = context.error
        person = update.effective_user if isinstance(update, Update) else None
        known = self._door.known(person.id) if person else None
        if isinstance(why, TelegramError):
            log.warning("an update could not be served, by a fault of Telegram: %s", why)
            told = N_("That did not work because of a fault at Telegram. Please try again.")
        else:
            log.error("an update could not be served", exc_info=why)
            told = N_("That did not work because of a fault of the bridge. Please tell your host.")
        if known:
            request = RequestContext(self._state, known)
            with suppress(TelegramError):
                await request.say(Page(request.words(told), ways(request.words)))

    # --- both ----------------------------------------------------------------------------------

    async def _visit(
        self, chat: int, message: Message | None = None, pressed: Message | None = None
    ) -> RequestContext | None:
        """None for whoever is not a member, and for a member whom the house's absence was told."""
        try:
            member = await self._door.member(chat)
        except HouseError as why:
            known = self._door.known(chat)
            if known:
                request = RequestContext(self._state, known)
                await request.say(sorry(request.words, why))
            return None
        return RequestContext(self._state, member, message, pressed) if member else None

    async def _guarded(
        self, request: RequestContext, act: Callable[[RequestContext], Awaitable[None]]
    ) -> None:
        try:
            await act(request)
        except Outdated:
            await request.show(outdated(request.words))
        except HouseError as why:
            await request.show(sorry(request.words, why))


def ways(words: Words) -> Rows:
    return [[to(words.label("Menu"), "start"), to(words.label("Help"), "help")]]


def outdated(words: Words) -> Page:
    return Page(words("That is no longer valid. Please choose:"), ways(words))


def sorry(words: Words, why: HouseError) -> Page:
    return Page(refusal(words, why), ways(words))


def _shown(query: CallbackQuery) -> Message | None:
    """The message with the button, unless Telegram holds it to be too old."""
    return query.message if isinstance(query.message, Message) else None


def _answers_a_secret(message: Message | None) -> bool:
    asked = message.reply_to_message if message else None
    return bool(asked and asked.from_user and asked.from_user.is_bot) and (
        (asked.text or "").startswith(KEY) if asked else False
    )
