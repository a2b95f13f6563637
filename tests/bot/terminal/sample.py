"""A bot with one of everything; `python -m tests.bot.terminal.sample FOLDER` chats with it."""

import asyncio
import io
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from bot.constants import SECRET
from bot.terminal import TOKEN, BotApi, Messenger, Terminal

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
PASSWORD = 1
MENU = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Answer", callback_data="answer"),
            InlineKeyboardButton("Refuse", callback_data="refuse"),
        ],
        [InlineKeyboardButton("Read on", url="https://example.org")],
    ]
)

Context = ContextTypes.DEFAULT_TYPE


async def start(update: Update, context: Context) -> None:
    assert update.message and update.effective_user
    name = update.effective_user.first_name
    await update.message.reply_text(f"<b>Hello</b> {name}", ParseMode.HTML, reply_markup=MENU)


async def answer(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query
    await query.answer("Ringing")
    await query.edit_message_text("Answered", reply_markup=None)


async def refuse(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query
    await query.answer("Really?", show_alert=True)


async def ask_password(update: Update, context: Context) -> int:
    assert update.message
    question = ForceReply(input_field_placeholder=SECRET)
    await update.message.reply_text("Your password?", reply_markup=question)
    return PASSWORD


async def take_password(update: Update, context: Context) -> int:
    assert update.message and update.message.text and update.message.reply_to_message
    assert update.message.reply_to_message.text == "Your password?"
    await update.message.delete()
    await update.message.reply_text(f"Deleted {len(update.message.text)} characters")
    return ConversationHandler.END


async def echo_voice(update: Update, context: Context) -> None:
    assert update.message and update.message.voice
    file = await update.message.voice.get_file()
    sound = bytes(await file.download_as_bytearray())
    await update.message.reply_voice(sound, duration=update.message.voice.duration, caption="Echo")


async def picture(update: Update, context: Context) -> None:
    assert update.message
    sent = await update.message.reply_photo(PNG, caption="First")
    await sent.edit_media(InputMediaPhoto(PNG + b"2", caption="Second"))


async def document(update: Update, context: Context) -> None:
    assert update.message and update.message.document
    await update.message.reply_document(io.BytesIO(b"a,b\n"), filename="calls.csv")


async def slow(update: Update, context: Context) -> None:
    """Answers long after the update was taken, as a bot does that asks somebody else first."""
    assert update.message
    for _ in range(50):
        await asyncio.sleep(0.01)
    await update.message.reply_text("At last")


async def echo(update: Update, context: Context) -> None:
    assert update.message and update.message.text
    await update.message.reply_text(f"You said {update.message.text}")


def build(messenger: Messenger) -> Application[Any, Any, Any, Any, Any, Any]:
    request = BotApi(messenger)
    application = (
        Application.builder().token(TOKEN).request(request).get_updates_request(request).build()
    )
    text = filters.TEXT & ~filters.COMMAND
    application.add_handlers(
        [
            CommandHandler("start", start),
            CommandHandler("picture", picture),
            CommandHandler("slow", slow),
            ConversationHandler(
                [CommandHandler("password", ask_password)],
                {PASSWORD: [MessageHandler(text, take_password)]},
                [],
            ),
            CallbackQueryHandler(answer, "answer"),
            CallbackQueryHandler(refuse, "refuse"),
            MessageHandler(filters.VOICE, echo_voice),
            MessageHandler(filters.Document.ALL, document),
            MessageHandler(text, echo),
        ]
    )
    return application


@asynccontextmanager
async def polling(messenger: Messenger) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    application = build(messenger)
    async with application:
        assert application.updater
        await application.start()
        await application.updater.start_polling()
        yield application
        await application.updater.stop()
        await application.stop()


async def main(folder: Path) -> int:
    messenger = Messenger()
    terminal = Terminal.of_process(messenger, folder)
    async with polling(messenger) as application:
        return await terminal.talk(application.update_queue.join)


if __name__ == "__main__":
    # whoever runs the tests in the background ignores it, and so would we
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
