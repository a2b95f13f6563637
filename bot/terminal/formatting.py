"""Telegram's HTML style: text with tags becomes plain text with entities.

Offsets and lengths of entities count UTF-16 code units, as the Bot API does
(https://core.telegram.org/bots/api#html-style). What Telegram refuses is refused in its words.
"""

import re
from typing import Any

from bot.terminal.refusal import BotApiRefusal, bad_request

Entity = dict[str, Any]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
# each character has one way to match, so that no input makes it try them all
_OPENS = re.compile(r"<([^\s<>/]+)((?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
_CLOSES = re.compile(r"</([^\s<>]*)\s*>")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w+)?")


def units(text: str) -> int:
    """The length of a text as the Bot API counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def commands(text: str) -> list[Entity]:
    """The bot commands in what a person typed; clients mark them."""
    return [
        {"type": "bot_command", "offset": units(text[: at.start()]), "length": len(at[0])}
        for at in _COMMAND.finditer(text)
    ]


def parse(html: str) -> tuple[str, list[Entity]]:
    plain, entities = "", []
    open_tags: list[tuple[str, int, Entity]] = []
    at = 0
    while at < len(html):
        if html[at] != "<":
            until = html.find("<", at)
            until = len(html) if until < 0 else until
            plain += _REFERENCE.sub(_character, html[at:until])
            at = until
            continue
        where = f"at byte offset {len(html[:at].encode(errors='surrogatepass'))}"
        if html.startswith("</", at):
            closing = _CLOSES.match(html, at) or _refuse(f"Unclosed end tag {where}")
            if not open_tags:
                raise _unparsable(f"Unexpected end tag {where}")
            tag, start, entity = open_tags.pop()
            if closing[1].lower() not in ("", tag):
                raise _unparsable(
                    f'Unmatched end tag {where}, expected "</{tag}>", found "</{closing[1]}>"'
                )
            entities.append({**entity, "offset": start, "length": units(plain) - start})
            at = closing.end()
        else:
            opening = _OPENS.match(html, at) or _refuse(f"Unclosed start tag {where}")
            tag = opening[1].lower()
            open_tags.append((tag, units(plain), _begun(tag, opening[2], where)))
            at = opening.end()
    if open_tags:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return _trimmed(plain, entities)


def _begun(tag: str, written: str, where: str) -> Entity:
    attributes = {
        at[1].lower(): _REFERENCE.sub(_character, at[2] or at[3] or at[4] or "")
        for at in _ATTRIBUTE.finditer(written)
    }
    if tag not in _KINDS or (tag == "span" and attributes.get("class") != "tg-spoiler"):
        raise _unparsable(f'Unsupported start tag "{tag}" {where}')
    entity = {"type": _KINDS[tag]}
    if tag == "a":
        entity["url"] = attributes.get("href", "")
    if tag == "blockquote" and re.search(r"\bexpandable\b", written):
        entity["type"] = "expandable_blockquote"
    return entity


def _trimmed(plain: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at the ends, which Telegram drops, and without entities of nothing."""
    text = plain.strip()
    lost = units(plain[: len(plain) - len(plain.lstrip())])
    most = units(text)
    kept = []
    for entity in entities:
        start = min(max(entity["offset"] - lost, 0), most)
        end = min(max(entity["offset"] + entity["length"] - lost, 0), most)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, named = found.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]


def _unparsable(why: str) -> BotApiRefusal:
    return bad_request(f"can't parse entities: {why}")


def _refuse(why: str) -> re.Match[str]:
    raise _unparsable(why)
