"""The second half of docs/glossary.md: every public class with the first sentence of its docstring.

`python -m tests.glossary` (make glossary) writes it anew; test_documents.py says when that is due.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
HEADING = "## Every class\n"


def classes(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, meaning) of the public ones in its own files, by name. A module that holds one class
    says itself what that is. ValueError for a class of which nothing is said.
    """
    found: list[tuple[str, str]] = []
    for path in folder.glob("*.py"):
        module = ast.parse(path.read_text(), str(path))
        nodes = [node for node in module.body if isinstance(node, ast.ClassDef)]
        public = [node for node in nodes if node.name[0] != "_"]
        for node in public:
            told = ast.get_docstring(module if len(public) == 1 else node)
            if not told:
                raise ValueError(f"{path}: {node.name} has no docstring")
            found.append((node.name, first_sentence(told)))
    yield from sorted(found)


def first_sentence(text: str) -> str:
    """Without its full stop, fit for a cell of a table."""
    paragraph = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.;]) ", paragraph)[0].rstrip(".;").replace("|", "\\|")


def second_half() -> str:
    """By room, as Markdown."""
    rooms = [HEADING]
    for package in ("bot", "bridge", "scheduler"):
        for folder in [ROOT / package, *sorted((ROOT / package).rglob("*/"))]:
            if named := list(classes(folder)):
                rows = "".join(f"| `{name}` | {meaning} |\n" for name, meaning in named)
                where = folder.relative_to(ROOT).as_posix()
                rooms.append(f"### {where}\n\n| class | is |\n|---|---|\n{rows}")
    return "\n".join(rooms)


def written() -> str:
    """The whole glossary as it should be: the words by hand, the classes from the code."""
    words = GLOSSARY.read_text().partition(HEADING)[0].rstrip()
    return f"{words}\n\n{second_half()}"


if __name__ == "__main__":
    sys.stdout.write("docs/glossary.md\n")
    GLOSSARY.write_text(written())
