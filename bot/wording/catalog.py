"""The message catalogs of the chat: reading them, and keeping them in step with the source.

`python -m bot.wording.catalog` extracts the sentences anew and merges them into the .po files,
where the translator finds the new ones empty. English is the language of the source: an entry of
the English catalog is filled only where the wording should differ from its message id.
"""

from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import Translations

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "bot" / "locale"
DOMAIN = "bot"
LANGUAGES = ("de", "en")

# how the chat marks a sentence, how a preference does, and how a connector asks a question
SAID: dict[str, tuple[int, ...] | None] = {
    "words": None,
    "_": None,
    "N_": None,
    "label": None,
    "count": (1, 2),
}
PREFERRED: dict[str, tuple[int, ...] | None] = {"N_": None}
ASKED: dict[str, tuple[int, ...] | None] = {
    "text": None,
    "secret": None,
    "choice": None,
    "show": None,
    "Choice": (2,),
}


@cache
def translations(language: str) -> NullTranslations:
    """The compiled catalog, or the .po compiled in memory when `make locale` has not been run."""
    source = _path(language)
    compiled = source.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
        with compiled.open("rb") as file:
            return Translations(file, domain=DOMAIN)
    memory = BytesIO()
    write_mo(memory, read(language))
    memory.seek(0)
    return Translations(memory, domain=DOMAIN)


def read(language: str) -> Catalog:
    with _path(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def extract() -> Catalog:
    """Every sentence of the chat, of the preferences and of connectors that ask."""
    catalog = Catalog(project="Skype2SIP", domain=DOMAIN, charset="utf-8", fuzzy=False)
    for folder, marks in (
        ("bot", SAID),
        ("bridge/api", PREFERRED),
        ("bridge/connectors", ASKED),
    ):
        for path, message in _marked(ROOT / folder, marks):
            catalog.add(message, locations=[(f"{folder}/{path}", 0)])
    return catalog


def _marked(
    folder: Path, marks: dict[str, tuple[int, ...] | None]
) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for path, _, message, _, _ in extract_from_dir(
        folder, method_map=[("**.py", "python")], keywords=marks
    ):
        if message:
            yield path, message


def merge(language: str) -> None:
    """Write the catalog anew: what is said, with the translations there were."""
    path = _path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = read(language) if path.exists() else Catalog(locale=language)
    merged = Catalog(
        locale=language,
        domain=DOMAIN,
        project="Skype2SIP",
        version="chat",
        header_comment="# What the chat says (bot/wording/catalog.py), translated by hand.",
        creation_date=before.creation_date,
        fuzzy=False,
    )
    for message in extract():
        if message.id:
            known = before.get(message.id)
            # no guess at a translation: an empty one is reported by a test
            said = known.string if known else None
            merged.add(message.id, said, locations=message.locations)
    with path.open("wb") as file:
        write_po(file, merged, width=100, sort_by_file=True, include_lineno=False)


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


if __name__ == "__main__":
    for each in LANGUAGES:
        merge(each)
