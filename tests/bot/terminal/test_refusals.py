"""What Telegram refuses is refused here, and the library makes the same exceptions of it."""

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.terminal import BotApi, ChatMessage, Messenger
from bot.terminal.files import LARGEST_DOWNLOAD, LARGEST_PHOTO, LARGEST_UPLOAD
from tests.bot.faults import Faults
from tests.bot.person import Person
from tests.bot.terminal.sample import PNG


def buttons(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])


async def test_a_bot_cannot_write_first(bot: Bot, messenger: Messenger) -> None:
    stranger = Person(messenger)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(stranger.number, "Buy!")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "Buy!")


async def test_a_bot_cannot_write_to_whoever_blocked_it(bot: Bot, eve: Person) -> None:
    eve.blocks()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(eve.number, "Still there?")
    eve.unblocks()
    await bot.send_message(eve.number, "Welcome back")
    updates = await bot.get_updates()
    assert [update.my_chat_member.new_chat_member.status for update in updates[1:]] == [  # type: ignore[union-attr]  # the two are such updates, or the test fails
        "kicked",
        "member",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Message text is empty"),
        (" \n ", "Message text is empty"),
        ("<b></b>", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<b>x", "Can't parse entities: can't find end tag"),
    ],
)
async def test_a_text_that_cannot_be_sent(bot: Bot, eve: Person, text: str, said: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){said}"):
        await bot.send_message(eve.number, text, ParseMode.HTML)
    assert eve.newest is None


async def test_the_longest_text_is_sent(bot: Bot, eve: Person) -> None:
    await bot.send_message(eve.number, "<b>" + "x" * 4096 + "</b>", ParseMode.HTML)
    await bot.send_message(eve.number, "😀" * 2048)
    assert eve.newest and len(eve.newest.text) == 2048


async def test_other_markup_than_html_is_not_spoken_here(bot: Bot, eve: Person) -> None:
    with pytest.raises(BadRequest, match="Unsupported parse_mode"):
        await bot.send_message(eve.number, "*x*", ParseMode.MARKDOWN_V2)


async def test_captions_are_shorter(bot: Bot, eve: Person) -> None:
    await bot.send_voice(eve.number, b"OggS", caption="x" * 1024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_voice(eve.number, b"OggS", caption="x" * 1025)


@pytest.mark.parametrize(
    ("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("ä" * 32, True), ("ä" * 33, False)]
)
async def test_a_button_carries_at_most_64_bytes(
    bot: Bot, eve: Person, data: str, fits: bool
) -> None:
    if fits:
        await bot.send_message(eve.number, "x", reply_markup=buttons(data))
    else:
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(eve.number, "x", reply_markup=buttons(data))


async def test_a_button_needs_a_label(bot: Bot, eve: Person) -> None:
    empty = InlineKeyboardMarkup([[InlineKeyboardButton(" ", callback_data="x")]])
    with pytest.raises(BadRequest, match="must be non-empty"):
        await bot.send_message(eve.number, "x", reply_markup=empty)


async def test_an_edit_must_change_something(bot: Bot, eve: Person) -> None:
    sent = await bot.send_message(eve.number, "x", reply_markup=buttons("a"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("x", reply_markup=buttons("a"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_reply_markup(buttons("a"))
    await sent.edit_text("x", reply_markup=buttons("b"))
    await sent.edit_text("<b>x</b>", parse_mode=ParseMode.HTML)
    assert eve.newest and not eve.newest.buttons


async def test_only_what_is_there_and_the_bots_own_can_be_edited(bot: Bot, eve: Person) -> None:
    theirs = await eve.says("mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", eve.number, theirs.id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("gone", eve.number, 999)


async def test_a_text_has_no_caption_and_a_picture_no_text(bot: Bot, eve: Person) -> None:
    text = await bot.send_message(eve.number, "x")
    picture = await bot.send_photo(eve.number, PNG, caption="x")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await text.edit_caption("y")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await picture.edit_text("y")
    await picture.edit_caption("y")
    assert eve.newest and eve.newest.text == "y"


async def test_a_voice_message_keeps_its_sound(bot: Bot, eve: Person) -> None:
    voice = await bot.send_voice(eve.number, b"OggS")
    with pytest.raises(BadRequest, match="Message media can't be edited"):
        await voice.edit_media(InputMediaPhoto(PNG))


async def test_what_is_gone_cannot_be_deleted(bot: Bot, eve: Person) -> None:
    sent = await bot.send_message(eve.number, "x")
    assert await sent.delete()
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()


async def test_after_two_days_a_message_stays() -> None:
    now = 1_000_000.0
    messenger = Messenger(clock=lambda: now)
    eve = Person(messenger)
    old = await eve.says("a password")
    async with Bot("1:embedded", request=BotApi(messenger)) as bot:
        now += timedelta(hours=48, seconds=1).total_seconds()
        with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
            await bot.delete_message(eve.number, old.id)
    assert old in eve.screen


async def test_a_press_that_nobody_made_cannot_be_answered(bot: Bot, eve: Person) -> None:
    await bot.send_message(eve.number, "x", reply_markup=buttons("a"))
    await eve.presses("Go")
    press = (await bot.get_updates())[-1].callback_query
    assert press
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await press.answer("x" * 201)
    await press.answer("x" * 200)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("999")


async def test_files_have_a_size_limit(bot: Bot, eve: Person, messenger: Messenger) -> None:
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(eve.number, bytes(LARGEST_UPLOAD + 1))
    with pytest.raises(BadRequest, match="too big for a photo"):
        await bot.send_photo(eve.number, bytes(LARGEST_PHOTO + 1))
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_voice(eve.number, b"")
    large = messenger.files.keep("document", bytes(LARGEST_DOWNLOAD + 1))
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(large.id)
    with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
        await bot.get_file("nothing")


async def test_commands_are_kept_by_language_and_scope(bot: Bot, messenger: Messenger) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("hilfe", "Hilfe")], scope, language_code="de")
    assert Person(messenger, language="de").menu == ["hilfe"]
    assert Person(messenger, language="en").menu == ["help"]
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Help!", "Help")])


async def test_an_unknown_method_is_not_taken_for_a_wrong_token(
    bot: Bot, eve: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(EndPointNotFound, match="sendDice"):
        await bot.send_dice(eve.number)
    assert "does not know the Bot API method sendDice" in caplog.text


async def test_a_wrong_token_is(messenger: Messenger) -> None:
    with pytest.raises(InvalidToken):
        await Bot("2:wrong", request=BotApi(messenger)).initialize()


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_lost_request_never_came_and_a_lost_answer_did(
    bot: Bot, eve: Person, faults: Faults, arrives: bool
) -> None:
    (faults.lose_answers if arrives else faults.lose_requests)(2)
    for _ in range(2):
        with pytest.raises(NetworkError, match="cut off"):
            await bot.send_message(eve.number, "x")
    await bot.send_message(eve.number, "y")
    assert [message.text for message in _said(eve)] == (["x", "x", "y"] if arrives else ["y"])


async def test_too_many_requests_tell_how_long_to_wait(
    bot: Bot, eve: Person, faults: Faults
) -> None:
    faults.throttle(7, method="sendMessage")
    assert await bot.get_me()
    with pytest.raises(TelegramError, match="Retry in 7 seconds"):
        await bot.send_message(eve.number, "x")
    await bot.send_message(eve.number, "y")


async def test_faults_leave_polling_alone_unless_named(
    bot: Bot, eve: Person, faults: Faults
) -> None:
    faults.lose_requests(1)
    assert await bot.get_updates()
    faults.clear()
    faults.refuse(502, "Bad Gateway", method="getUpdates")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_updates()


def _said(person: Person) -> list[ChatMessage]:
    return [message for message in person.screen if message.by_bot]
