"""The methods about the bot itself, its updates and its files."""

import re

from bot.terminal.conversation import Json
from bot.terminal.messenger import Messenger
from bot.terminal.methods.parameters import Parameters
from bot.terminal.refusal import bad_request

LONGEST_NOTICE = 200
MOST_COMMANDS = 100


def me(messenger: Messenger, given: Parameters) -> Json:
    return messenger.me


async def updates(messenger: Messenger, given: Parameters) -> list[Json]:
    return await messenger.updates.take(
        given.number("offset"),
        given.number("limit", 100),
        given.number("timeout"),
        given.get("allowed_updates"),
    )


def webhook(messenger: Messenger, given: Parameters) -> bool:
    """There is none to delete."""
    return True


def answer_press(messenger: Messenger, given: Parameters) -> bool:
    text = given.text("text")
    if len(text) > LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    messenger.answer_press(given.text("callback_query_id"), text, given.flag("show_alert"))
    return True


def file(messenger: Messenger, given: Parameters) -> Json:
    media = messenger.files.find(given.text("file_id"))
    return {
        "file_id": media.id,
        "file_unique_id": media.id,
        "file_size": media.size,
        "file_path": media.path,
    }


def set_commands(messenger: Messenger, given: Parameters) -> bool:
    commands = given.get("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = given.get("scope") or {}
    messenger.commands[scope.get("type", "default"), given.text("language_code")] = commands
    return True
