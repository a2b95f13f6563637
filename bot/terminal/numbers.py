"""The numbers that a person types to press a button."""

from bot.terminal.conversation import ChatMessage
from bot.terminal.reply_markup import Button

HIGHEST = 99
"""Then they begin again, so that three digits are never taken for a button."""

MOST_MESSAGES = 10
"""Buttons of the newest messages have numbers; older ones lose theirs."""


class Numbers:
    """Gives each button a number for as long as it is shown, over edits of its message too."""

    def __init__(self) -> None:
        self._by_message: dict[int, dict[str, int]] = {}
        self._last = 0

    def show(self, message: ChatMessage) -> None:
        """A message was sent or edited."""
        had = self._by_message.pop(message.id, {})
        carried = [one["callback_data"] for one in message.buttons if "callback_data" in one]
        now = {key: had[key] for key in carried if key in had}
        if carried:
            self._by_message[message.id] = now
        while len(self._by_message) > MOST_MESSAGES:
            del self._by_message[next(iter(self._by_message))]
        for key in carried:
            if key not in now:
                number = self._free()
                if number is None:
                    break
                now[key] = number

    def drop(self, message: ChatMessage) -> None:
        self._by_message.pop(message.id, None)

    def of(self, message: ChatMessage, button: Button) -> int | None:
        carried = button.get("callback_data")
        return self._by_message.get(message.id, {}).get(carried) if carried else None

    def find(self, number: int) -> tuple[int, str] | None:
        """The message and the callback data of a number that is valid now."""
        for message_id, numbered in self._by_message.items():
            for carried, given in numbered.items():
                if given == number:
                    return message_id, carried
        return None

    def _free(self) -> int | None:
        taken = {given for numbered in self._by_message.values() for given in numbered.values()}
        for step in range(1, HIGHEST + 1):
            number = (self._last + step - 1) % HIGHEST + 1
            if number not in taken:
                self._last = number
                return number
        return None
