"""HTML as people find it in feeds, made plain text."""

import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import NavigableString

LARGEST = 100_000
"""Characters that are looked at."""
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\w{1,8}|\w{1,30});")
_INVISIBLE = ("script", "style", "template", "head")
_BLOCKS = ("p", "div", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")


def plain(text: str) -> str:
    """`text` without markup; a paragraph is a paragraph, an item of a list begins with a dash."""
    text = text[:LARGEST]
    if not _MARKUP.search(text):
        return text.strip()
    soup = _soup(text)
    for tag in soup.find_all(_INVISIBLE):
        tag.decompose()
    for words in soup.find_all(string=True):
        if type(words) is NavigableString:  # not a comment
            words.replace_with(re.sub(r"\s+", " ", words))
    for tag in soup.find_all("br"):
        tag.insert_after("\n")
    for tag in soup.find_all("li"):
        tag.insert(0, "\n- ")
    for tag in soup.find_all(_BLOCKS):
        tag.insert(0, "\n")
        tag.append("\n")
    lines = [" ".join(line.split()) for line in soup.get_text().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def linked_feeds(page: str) -> list[str]:
    """What a web page names as its feeds (<link rel="alternate">), as it spells them."""
    found = _soup(page[: 10 * LARGEST]).find_all("link", href=True)
    return [
        str(link["href"])
        for link in found
        if "alternate" in " ".join(link.get("rel") or ()).lower().split()
        and str(link.get("type", "")).lower().partition(";")[0].strip() in FEED_TYPES
    ]


FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


def _soup(text: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(text, "html.parser")
