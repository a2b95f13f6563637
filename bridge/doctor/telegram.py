"""Does Telegram know the bot?"""

from telegram import Bot
from telegram.error import Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bridge.doctor.finding import Finding, fault, fine, note
from bridge.settings import Settings

_WHAT = "Telegram"


async def telegram(settings: Settings, carrier: BaseRequest | None = None) -> Finding:
    """The texts of the library's errors hold the token: only their kind is told."""
    if settings.telegram_bot_token is None:
        return note(
            _WHAT,
            "no token: the chat is in the terminal",
            "Ask @BotFather for a bot and set TELEGRAM_BOT_TOKEN in .env.",
        )
    carrier = carrier or HTTPXRequest(connect_timeout=10, read_timeout=10)
    try:
        async with Bot(settings.telegram_bot_token.get_secret_value(), request=carrier) as bot:
            return fine(_WHAT, f"the bot is @{bot.username}")
    except (InvalidToken, Forbidden):
        return fault(
            _WHAT,
            "Telegram does not know this token",
            "Copy the token from @BotFather into TELEGRAM_BOT_TOKEN in .env.",
        )
    except NetworkError:
        return fault(_WHAT, "Telegram cannot be reached", "Check this machine's network.")
    except TelegramError as why:
        return fault(_WHAT, f"Telegram refuses the bot ({type(why).__name__})")
