"""Checks what the bot hangs under a message, as Telegram would."""

from dataclasses import dataclass
from typing import Any

from bot.constants import SECRET
from bot.terminal.refusal import bad_request

Button = dict[str, Any]
Keyboard = list[list[Button]]

MOST_BYTES = 64
MOST_BUTTONS = 100
LONGEST_PLACEHOLDER = 64
_ACTS = {"callback_data", "url", "copy_text", "web_app", "switch_inline_query", "login_url", "pay"}


@dataclass(frozen=True)
class ReplyPrompt:
    """A ForceReply: the person's next message is the reply to it."""

    placeholder: str = ""

    @property
    def secret(self) -> bool:
        return self.placeholder == SECRET


def keyboard(markup: Any) -> Keyboard:
    """The inline buttons of a `reply_markup`; none for a reply keyboard or a ForceReply."""
    if not isinstance(markup, dict):
        return []
    rows = [list(row) for row in markup.get("inline_keyboard", []) if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check(button)
    return rows


def question(markup: Any) -> ReplyPrompt | None:
    if not isinstance(markup, dict) or not markup.get("force_reply"):
        return None
    placeholder = markup.get("input_field_placeholder", "")
    if len(placeholder) > LONGEST_PLACEHOLDER:
        raise bad_request("input field placeholder is too long")
    return ReplyPrompt(placeholder)


def _check(button: Button) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not _ACTS & button.keys():
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    carried = button.get("callback_data")
    if carried is not None and not 1 <= len(carried.encode()) <= MOST_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
