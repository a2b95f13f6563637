"""Lists of podcasts as other programs write and read them (OPML 2.0)."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as tree
from xml.parsers import expat

from bridge.errors import BadInput

MOST = 10_000


def read(text: str) -> list[str]:
    """The feeds' addresses in their order, each once. BadInput("bad_opml") when there is none, when
    it is not XML, or when it declares a document type: nothing is expanded, nothing is fetched.
    """
    import listparser  # only the child needs it

    _check(text)
    # as bytes: of a str that begins like an address listparser would fetch the page
    found = listparser.parse(text.encode(errors="replace"))
    addresses = dict.fromkeys(feed["url"] for feed in found["feeds"] if feed["url"])
    if not addresses or len(addresses) > MOST:
        raise BadInput("bad_opml")
    return list(addresses)


def _check(text: str) -> None:
    """Well-formed, before listparser sees it: that reads it as HTML, and needs hours for a megabyte
    of comments that do not end.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text.encode(errors="replace").decode(), True)
    except expat.ExpatError:
        raise BadInput("bad_opml") from None


def _refuse(*_: object) -> None:
    raise BadInput("bad_opml")


def write(podcasts: Iterable[tuple[str, str, str]], now: datetime) -> str:
    """(title, address of the feed, web page) each."""
    root = tree.Element("opml", version="2.0")
    head = tree.SubElement(root, "head")
    tree.SubElement(head, "title").text = "Podcasts"
    tree.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = tree.SubElement(root, "body")
    for title, address, page in podcasts:
        outline = {"type": "rss", "text": title or address, "xmlUrl": address}
        if page:
            outline["htmlUrl"] = page
        tree.SubElement(body, "outline", outline)
    tree.indent(root)
    return tree.tostring(root, encoding="unicode", xml_declaration=True)
