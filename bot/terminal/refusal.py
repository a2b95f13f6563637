"""What the Bot API answers instead of a result (https://core.telegram.org/bots/api#making-requests)."""

from typing import Any


class BotApiRefusal(Exception):
    """`code` is the HTTP status, `description` is worded as Telegram words it."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description

    def as_json(self) -> dict[str, Any]:
        return {"ok": False, "error_code": self.code, "description": self.description}


def bad_request(why: str) -> BotApiRefusal:
    return BotApiRefusal(400, f"Bad Request: {why}")
