"""Telegram as far as one bot needs it, inside this process: no token, no network, no account."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.terminal.bell import Bell
from bot.terminal.conversation import Chat, ChatMessage, Happening, Json
from bot.terminal.files import Files
from bot.terminal.refusal import BotApiRefusal, bad_request
from bot.terminal.updates import Updates

_MOST_PRESSES = 1000


class Messenger:
    """Holds the conversations of several people with one bot.

    `first_message` is where message ids begin. A chat that outlives the process, such as the
    terminal's, begins beyond the ids of its last run, so that a remembered id never names
    another message.
    """

    def __init__(
        self,
        *,
        name: str = "bridge",
        clock: Callable[[], float] = time.time,
        first_message: int = 1,
    ) -> None:
        self.me: Json = {
            "id": 1,
            "is_bot": True,
            "first_name": name,
            "username": f"{name}_bot",
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.conversations: dict[int, Chat] = {}
        self.updates = Updates()
        self.files = Files()
        self.commands: dict[tuple[str, str], list[Json]] = {}
        """The commands by scope ("default", ...) and language ("" for all)."""
        self._clock = clock
        self._message_ids = itertools.count(first_message)
        self._presses: dict[str, tuple[Chat, int]] = {}
        self._press_ids = itertools.count(1)
        self._requests = 0
        self._bell = Bell()

    # --- people --------------------------------------------------------------------------------

    def meet(self, person: Json) -> Chat:
        """A person who may write to the bot; `person` is a User of the Bot API."""
        conversation = Chat(person, self.me)
        self.conversations[conversation.id] = conversation
        return conversation

    def reach(self, chat: object) -> Chat:
        """The chat a bot writes to; refused as Telegram does where it may not."""
        try:
            conversation = self.conversations.get(int(str(chat)))
        except ValueError:
            conversation = None
        if conversation is None:
            raise bad_request("chat not found")
        if conversation.blocked:
            raise BotApiRefusal(403, "Forbidden: bot was blocked by the user")
        if not conversation.started:
            raise BotApiRefusal(403, "Forbidden: bot can't initiate conversation with a user")
        return conversation

    def message(self, by_bot: bool, text: str = "") -> ChatMessage:
        """A new message of now, not yet in any chat."""
        return ChatMessage(next(self._message_ids), by_bot, self.now(), text)

    def now(self) -> int:
        return int(self._clock())

    # --- presses -------------------------------------------------------------------------------

    def press(self, conversation: Chat, message: ChatMessage, label: str, data: str) -> None:
        press = str(next(self._press_ids))
        self._presses[press] = (conversation, message.id)
        while len(self._presses) > _MOST_PRESSES:
            del self._presses[next(iter(self._presses))]
        conversation.happened(Happening.PRESSED, message, label)
        query = {
            "id": press,
            "from": conversation.person,
            "chat_instance": str(conversation.id),
            "message": conversation.json(message),
            "data": data,
        }
        self.updates.push("callback_query", query)

    def answer_press(self, press: str, text: str, alert: bool) -> None:
        found = self._presses.get(press)
        if found is None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        conversation, message_id = found
        if text:
            message = conversation.messages.get(message_id)
            shown = message or replace(self.message(True), id=message_id)
            how = Happening.WARNED if alert else Happening.TOLD
            conversation.happened(how, shown, text)

    # --- what is under way ---------------------------------------------------------------------

    @contextmanager
    def request(self) -> Iterator[None]:
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1
            self._bell.ring()

    async def quiet(self) -> None:
        """Wait until no request of the bot is under way (polling does not count)."""
        await self._bell.until(lambda: self._requests == 0)
