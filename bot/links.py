"""The screens that buttons lead to, by the title on such a button."""

from telegram import InlineKeyboardButton

from bot.keyboard import button
from bot.wording.texts import N_, Words

TITLES = {
    "start": N_("Menu"),
    "call": N_("Call somebody"),
    "contacts": N_("Contacts"),
    "phones": N_("Phones"),
    "phonein": N_("Phone in"),
    "accounts": N_("Accounts"),
    "calls": N_("Call history"),
    "voicemail": N_("Voicemail"),
    "podcasts": N_("Podcasts"),
    "radio": N_("Radio"),
    "quiet": N_("Quiet hours"),
    "block": N_("Block list"),
    "status": N_("Status"),
    "test": N_("Test call"),
    "settings": N_("Settings"),
    "language": N_("Language"),
    "members": N_("Members"),
    "help": N_("Help"),
}
"""In the order of the main menu and of the commands."""


def links(words: Words, *screens: str) -> list[InlineKeyboardButton]:
    """A row of buttons."""
    return [button(words.label(TITLES[name]), f"{name}.open") for name in screens]
