"""The methods about the bot itself, its updates and its files."""

import re
from functools import partial
from typing import Any

from bot.terminal.conversation import Json
from bot.terminal.messenger import Messenger
from bot.terminal.methods.parameters import Parameters
from bot.terminal.refusal import BotApiRefusal, bad_request

LONGEST_NOTICE = 200
MOST_COMMANDS = 100


def me(messenger: Messenger, given: Parameters) -> Json:
    return messenger.me


async def updates(messenger: Messenger, given: Parameters) -> list[Json]:
    if messenger.webhook:
        raise BotApiRefusal(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    return await messenger.updates.take(
        given.number("offset"),
        given.number("limit", 100),
        given.number("timeout"),
        given.get("allowed_updates"),
    )


def webhook(messenger: Messenger, given: Parameters) -> bool:
    """setWebhook and deleteWebhook; nothing is ever posted to it."""
    messenger.webhook = given.text("url")
    if given.flag("drop_pending_updates"):
        messenger.updates.drop()
    return True


def webhook_state(messenger: Messenger, given: Parameters) -> Json:
    return {
        "url": messenger.webhook,
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }


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


# --- commands ----------------------------------------------------------------------------------


def set_commands(messenger: Messenger, given: Parameters) -> bool:
    commands = given.get("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    messenger.commands[_audience(given)] = commands
    return True


def delete_commands(messenger: Messenger, given: Parameters) -> bool:
    messenger.commands.pop(_audience(given), None)
    return True


def commands(messenger: Messenger, given: Parameters) -> list[Json]:
    return messenger.commands.get(_audience(given), [])


def _audience(given: Parameters) -> tuple[str, str]:
    scope = given.get("scope") or {}
    kind = str(scope.get("type", "default"))
    where = f"{kind}:{scope['chat_id']}" if "chat_id" in scope else kind
    return where, given.text("language_code")


# --- name and descriptions ---------------------------------------------------------------------


def _set(messenger: Messenger, given: Parameters, field: str) -> bool:
    messenger.profile[f"{field}:{given.text('language_code')}"] = given.text(field)
    return True


def _get(messenger: Messenger, given: Parameters, field: str) -> Json:
    told = messenger.profile.get(f"{field}:{given.text('language_code')}", "")
    return {field: told or (messenger.me["first_name"] if field == "name" else "")}


PROFILE: dict[str, Any] = {
    f"{verb}My{spelled}": partial(act, field=field)
    for spelled, field in (
        ("Name", "name"),
        ("Description", "description"),
        ("ShortDescription", "short_description"),
    )
    for verb, act in (("set", _set), ("get", _get))
}


def accept(messenger: Messenger, given: Parameters) -> bool:
    """For what changes nothing that a person at a terminal could see."""
    return True
