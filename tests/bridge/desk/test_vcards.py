"""Address books of many programs, and files that only look like one."""

import time

import pytest

from bridge.desk.imports.vcards import LONGEST, MOST_CARDS, MOST_PROPERTIES, VCard, read
from bridge.errors import BadInput

APPLE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.0//EN
N:Lovelace;Ada;King;;
FN:Ada King Lovelace
item1.TEL;type=pref:+49 171 2345678
item1.X-ABLabel:_$!<Mobile>!$_
TEL;type=HOME;type=VOICE:(030) 123456
EMAIL;type=INTERNET:ada@mail.example
item2.IMPP;X-SERVICE-TYPE=Jabber;type=pref:xmpp:ada@example.org
IMPP;X-SERVICE-TYPE=Skype:skype:ada.l
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/4gIo
 SUNDX1BST0ZJTEUAAQEAAAIYAAAAAAIQAABtbnRyUkdCIFhZWiAAAAAAAAAAAA
END:VCARD
"""
ANDROID = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg=\r\n M=C3=BCller\r\n"
    "TEL;CELL;PREF:0172-2345678\r\nX-JABBER:joerg@example.org\r\n"
    "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;J;1;;;;;;;;;;;;;\r\nEND:VCARD\r\n"
)
NOKIA = (
    "begin:vcard\nversion:2.1\n"
    "n;encoding=quoted-printable;charset=iso-8859-1:G=F6del;Kurt\n"
    "tel;home:0043 1 234567\nend:vcard\n"
)
NOKIA_WITHOUT_CHARSET = (
    "BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE:G=F6del;Kurt\nEND:VCARD\n"
)
RFC_6350 = """\ufeffBEGIN:VCARD\rVERSION:4.0\rFN;LANGUAGE=en:Hopper\\, Grace\\; Dr.
TEL;VALUE=uri;TYPE="voice,home";PREF=1:tel:+1-555-555-5555;ext=5555
IMPP;PREF=1:xmpp:grace%40example.org
X-SIP:grace@navy.example
TEL;VALUE=uri:sip:grace@navy.example
END:VCARD
"""


@pytest.mark.parametrize(
    "text, name, addresses",
    [
        (
            APPLE,
            "Ada King Lovelace",
            ["+49 171 2345678", "(030) 123456", "xmpp:ada@example.org", "skype:ada.l"],
        ),
        (ANDROID, "Jörg Müller", ["0172-2345678", "xmpp:joerg@example.org"]),
        (NOKIA, "Kurt Gödel", ["0043 1 234567"]),
        (NOKIA_WITHOUT_CHARSET, "Kurt Gödel", []),
        (
            RFC_6350,
            "Hopper, Grace; Dr.",
            [
                "tel:+1-555-555-5555;ext=5555",
                "xmpp:grace%40example.org",
                "sip:grace@navy.example",
                "sip:grace@navy.example",
            ],
        ),
    ],
    ids=["iPhone", "Android", "Nokia", "Nokia without charset", "vCard 4"],
)
def test_as_programs_write_them(text: str, name: str, addresses: list[str]) -> None:
    [card] = read(text)
    assert (card.shown, card.addresses) == (name, addresses)


def test_many_and_what_is_between_them() -> None:
    cards = read(
        f"\n\nhello\n{APPLE}\n  \n{ANDROID}TEL:0301\n{NOKIA}BEGIN:VCARD\nFN:Cut off\nTEL:1"
    )
    assert [card.shown for card in cards] == [
        "Ada King Lovelace",
        "Jörg Müller",
        "Kurt Gödel",
        "Cut off",
    ]
    assert cards[1].addresses == ["0172-2345678", "xmpp:joerg@example.org"]


def test_a_card_within_a_card_is_somebody_else() -> None:
    agent = "AGENT:\nBEGIN:VCARD\nFN:Agent\nTEL:0302\nEND:VCARD\n"
    [card] = read(f"BEGIN:VCARD\nFN:Boss\n{agent}TEL:0301\nEND:VCARD\n")
    assert (card.shown, card.addresses) == ("Boss", ["0301"])


@pytest.mark.parametrize(
    "lines, card",
    [
        ("FN:\nN:;;;;\nTEL: \n", VCard()),
        ("FN:a\\\nTEL:030\\\n", VCard("a", ["030"])),
        ("FN;CHARSET=NONSENSE;QUOTED-PRINTABLE:=E4\n", VCard("ä")),
        ("FN;CHARSET=ZLIB;ENCODING=QUOTED-PRINTABLE:=41\n", VCard("A")),
        ("FN;ENCODING=BASE64:QWRh\n", VCard("QWRh")),
        ("TEL;A=,,,,:030\nTEL:031\n", VCard("", ["030", "031"])),
        ('TEL;A="b:030\nTEL\n:030\n.TEL:030\nTEL.:030\n', VCard()),
        (f"FN:{'x' * 600}\nTEL:{'0' * 600}\nFN:Short\n", VCard("Short")),
        ("FN:lone \ud800\n", VCard("lone \ud800")),
    ],
)
def test_odd_lines(lines: str, card: VCard) -> None:
    [found] = read(f"BEGIN:VCARD\n{lines}END:VCARD\n")
    assert (found.shown, found.addresses) == (card.name, card.addresses)


@pytest.mark.parametrize("text", ["", "\n", "hello", "FN:Ada\nTEL:030", "<html>BEGIN:VCARD</html>"])
def test_what_is_no_address_book(text: str) -> None:
    with pytest.raises(BadInput, match="bad_vcard"):
        read(text)


LINE = "\n".join
HOSTILE = {
    "too many cards": "BEGIN:VCARD\nEND:VCARD\n" * (MOST_CARDS + 1),
    "too many numbers": "BEGIN:VCARD\n" + "TEL:030\n" * (MOST_PROPERTIES + 1),
    "too long": "x" * (LONGEST + 1),
    "too many lines": "BEGIN:VCARD\n" + "x\n" * 600_000,
    "one line": "BEGIN:VCARD\nFN:" + "x" * (LONGEST - 20),
    "never closed": "BEGIN:VCARD\n" * 400_000,
    "folded for ever": "BEGIN:VCARD\nFN:a\n" + " b\n" * 400_000,
    "continued for ever": "BEGIN:VCARD\nFN;QUOTED-PRINTABLE:=\n" + "b=\n" * 400_000,
    "commas": "BEGIN:VCARD\n" + f"TEL;A={',' * 400}\n" * 20_000,
    "parameters": "BEGIN:VCARD\n" + f"TEL{';A=b' * 100}\n" * 20_000,
    "quotes": "BEGIN:VCARD\n" + ("TEL" + ';A="b"' * 60 + '"\n') * 20_000,
    "names in parts": "BEGIN:VCARD\n" + f"N:{';,' * 240}\n" * 2000,
    "slow charsets": "BEGIN:VCARD\n" + f"FN;CHARSET=PUNYCODE;QUOTED-PRINTABLE:{'z' * 400}\n" * 5000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_cost_little(text: str) -> None:
    began = time.process_time()
    try:
        assert len(read(text)) == 1
    except BadInput as why:
        assert why.code == "too_long"
    assert time.process_time() - began < 5  # the library alone would need years
