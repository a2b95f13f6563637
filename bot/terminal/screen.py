"""How a chat looks as lines of text: in the terminal and in a transcript."""

from collections.abc import Callable
from pathlib import Path

from bot.constants import SECRET
from bot.terminal.conversation import ChatEntry, ChatMessage, Happening
from bot.terminal.phrases import Phrases
from bot.terminal.reply_markup import Button
from bridge.text import printable

MARGIN = "│ "
LONGEST_EXCERPT = 60

Number = Callable[[ChatMessage, Button], int | None]
"""What is to be typed for a button, if it can be pressed."""


def lines(
    entry: ChatEntry,
    _: Phrases,
    *,
    who: str,
    number: Number = lambda message, button: None,
    saved: Path | None = None,
) -> list[str]:
    """The lines that tell of an entry; what the bot does has a margin, what `who` does has none."""
    message = entry.message
    match entry.happening:
        case Happening.PRESSED:
            return [f"{who}: [{printable(entry.text)}]"]
        case Happening.TOLD | Happening.WARNED:
            mark = "(!) " if entry.happening is Happening.WARNED else "(i) "
            return _margined(mark + entry.text)
        case Happening.DELETED if message.by_bot:
            return _margined(_("(message deleted: {excerpt})", excerpt=excerpt(message)))
        case Happening.DELETED:
            return _margined(_("(your message deleted: {excerpt})", excerpt=excerpt(message)))
        case Happening.EDITED:
            return [*_margined(_("(edited)")), *_content(message, _, number, saved)]
    if message.by_bot:
        return _content(message, _, number, saved)
    told = [_file(message, _, None)] if message.media else []
    if "location" in message.extra:
        told.append(_("location"))
    if "contact" in message.extra:
        told.append(_("contact"))
    if shown(message):
        told.append(shown(message))
    return [f"{who}: {' '.join(told)}"]


def shown(message: ChatMessage) -> str:
    """The text of a message as anybody may read it."""
    return SECRET if message.secret else printable(message.text)


def excerpt(message: ChatMessage) -> str:
    first = (shown(message).splitlines() or [message.media.kind if message.media else ""])[0]
    return first if len(first) <= LONGEST_EXCERPT else first[: LONGEST_EXCERPT - 1] + "…"


def _content(message: ChatMessage, _: Phrases, number: Number, saved: Path | None) -> list[str]:
    told = _margined(_file(message, _, saved)) if message.media else []
    if preview := message.extra.get("link_preview_options"):
        told += _margined(_("(picture: {address})", address=preview["url"]))
    if message.text:
        told += _margined(message.text)
    for row in message.keyboard:
        labels = [_button(button, number(message, button)) for button in row]
        told += _margined("  ".join(labels))
    return told


def _button(button: Button, number: int | None) -> str:
    label = printable(button["text"]).replace("\n", " ")
    if "url" in button:
        return f"{label} <{printable(button['url'])}>"
    return f"[{label}]" if number is None else f"[{number}] {label}"


def _file(message: ChatMessage, _: Phrases, saved: Path | None) -> str:
    media = message.media
    assert media is not None
    kinds = {
        "voice": _("voice message"),
        "audio": _("sound file"),
        "photo": _("picture"),
        "document": _("file"),
    }
    told = kinds.get(media.kind, media.kind)
    if media.seconds:
        told += f" {media.seconds // 60}:{media.seconds % 60:02}"
    if saved or media.name:
        told += f": {saved or printable(media.name)}"
    return f"({told})"


def _margined(text: str) -> list[str]:
    return [MARGIN + line for line in printable(text).splitlines()]
