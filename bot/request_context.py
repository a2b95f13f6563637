"""One request of a member: what they did, and all that a screen needs to answer it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from telegram import (
    Audio,
    Bot,
    Contact,
    Document,
    ForceReply,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    Voice,
)
from telegram.error import BadRequest

from bot.bot_state import BotState
from bot.constants import SECRET
from bot.delivery import patiently
from bot.keyboard import Rows, markup
from bot.wording.texts import Words
from bridge.api.command import Command
from bridge.api.views import UserView

R = TypeVar("R")
T = TypeVar("T")

PATIENCE = 30
"""Seconds for which an answer is tried again when Telegram is slow; notices are tried for ever."""


@dataclass(frozen=True)
class Page:
    """What a screen shows: HTML and the buttons under it."""

    text: str
    rows: Rows = ()
    picture: str = ""
    """The web address of a picture beside the text; Telegram fetches it, not we."""


@dataclass
class RequestContext:
    """Everything is sent as HTML, which is the default of our application."""

    state: BotState
    member: UserView
    message: Message | None = None
    """What the member sent, if anything."""
    pressed: Message | None = None
    """The message whose button was pressed, if any."""
    keeps: bool = False
    """Whether the pressed message is one that stays, such as a call card."""
    patience: float | None = PATIENCE

    @property
    def user(self) -> UUID:
        return self.member.id

    @property
    def chat(self) -> int:
        return self.member.chat

    @property
    def bot(self) -> Bot:
        return self.state.bot

    @property
    def words(self) -> Words:
        return Words(self.member.language, ZoneInfo(self.member.time_zone))

    @property
    def text(self) -> str:
        """What was typed, or the number of the contact that was sent."""
        if self.message and self.message.contact:
            return number_of(self.message.contact)
        return ((self.message and self.message.text) or "").strip()

    @property
    def argument(self) -> str:
        """What was typed after a command."""
        return self.text.partition(" ")[2].strip() if self.text.startswith("/") else ""

    async def ask(self, command: Command[R]) -> R:
        return await self.state.desk.ask(command)

    # --- showing -------------------------------------------------------------------------------

    async def show(self, page: Page) -> None:
        """In place of the pressed message, if it is one of text; else as a new one."""
        above = self.pressed if self.pressed and self.pressed.text and not self.keeps else None
        if above is None or not await self._edited(lambda: self._replace(above.message_id, page)):
            await self.say(page)

    async def say(self, page: Page, *, quietly: bool = False) -> Message:
        """`quietly`: without the sound of a new message."""
        return await self._patiently(
            lambda: self.bot.send_message(
                self.chat,
                page.text,
                reply_markup=markup(page.rows),
                link_preview_options=_preview(page),
                disable_notification=quietly,
            )
        )

    async def ask_secret(self, text: str) -> Message:
        """A question whose answer no screen should show; the answer is deleted when it arrives."""
        reply = ForceReply(input_field_placeholder=SECRET)
        return await self._patiently(
            lambda: self.bot.send_message(self.chat, text, reply_markup=reply)
        )

    async def edit(self, message: int, page: Page) -> bool:
        """False when there is no such message to edit any more."""
        return await self._edited(lambda: self._replace(message, page))

    async def edit_buttons(self, message: int, rows: Rows) -> bool:
        return await self._edited(
            lambda: self.bot.edit_message_reply_markup(
                self.chat, message, reply_markup=markup(rows)
            )
        )

    async def edit_caption(self, message: int, page: Page) -> bool:
        return await self._edited(
            lambda: self.bot.edit_message_caption(self.chat, message, **_caption(page))
        )

    async def edit_photo(self, message: int, png: bytes, page: Page) -> bool:
        photo, rows = InputMediaPhoto(png, caption=page.text), markup(page.rows)
        return await self._edited(
            lambda: self.bot.edit_message_media(photo, self.chat, message, reply_markup=rows)
        )

    async def send_photo(self, png: bytes, page: Page) -> Message:
        return await self._patiently(lambda: self.bot.send_photo(self.chat, png, **_caption(page)))

    async def send_voice(self, ogg: bytes, seconds: float, page: Page) -> Message:
        length = max(1, round(seconds))
        return await self._patiently(
            lambda: self.bot.send_voice(self.chat, ogg, duration=length, **_caption(page))
        )

    async def send_file(self, content: bytes, name: str, page: Page) -> Message:
        return await self._patiently(
            lambda: self.bot.send_document(self.chat, content, filename=name, **_caption(page))
        )

    async def send_audio(self, sound: bytes, title: str, performer: str, page: Page) -> Message:
        named = {"title": title, "performer": performer, **_caption(page)}
        return await self._patiently(lambda: self.bot.send_audio(self.chat, sound, **named))

    async def download(self, sent: Voice | Audio | Document) -> bytes:
        async def fetch() -> bytes:
            file = await sent.get_file()
            return bytes(await file.download_as_bytearray())

        return await self._patiently(fetch)

    async def delete(self, message: int) -> bool:
        """False when Telegram would not (too old, or already gone)."""
        try:
            return bool(await self._patiently(lambda: self.bot.delete_message(self.chat, message)))
        except BadRequest:
            return False

    def _replace(self, message: int, page: Page) -> Awaitable[Message | bool]:
        return self.bot.edit_message_text(
            page.text,
            self.chat,
            message,
            reply_markup=markup(page.rows),
            link_preview_options=_preview(page),
        )

    async def _edited(self, act: Callable[[], Awaitable[Any]]) -> bool:
        try:
            await self._patiently(act)
        except BadRequest as why:
            told = why.message.lower()
            if "not modified" in told:
                return True
            if any(gone in told for gone in ("not found", "can't be edited", "message_id_invalid")):
                return False
            raise
        return True

    def _patiently(self, act: Callable[[], Awaitable[T]]) -> Awaitable[T]:
        return patiently(act, sleep=self.state.sleep, seconds=self.patience)


def _caption(page: Page) -> dict[str, Any]:
    return {"caption": page.text, "reply_markup": markup(page.rows)}


def _preview(page: Page) -> LinkPreviewOptions:
    """A picture only where the screen wants one: addresses in texts come from strangers, too."""
    if not page.picture:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=page.picture, prefer_small_media=True)


def number_of(contact: Contact) -> str:
    number = contact.phone_number
    if contact.user_id and number.isdecimal() and not number.startswith("0"):
        return f"+{number}"  # people on Telegram have their country code, but not its sign
    return number
