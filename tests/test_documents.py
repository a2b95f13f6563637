"""What the documents promise: every setting explained, every link leading somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bridge.settings import Settings
from tests import glossary

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md"))
    if path.is_file()
)
_SETTING = re.compile(r"^([A-Z][A-Z_]+)=(.*)$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
_IN_BACKTICKS = re.compile(r"`((?:bot|bridge|scheduler|tests|docs|setup|deploy)/[\w./-]+)`")


def explained() -> Iterator[tuple[str, str, list[str]]]:
    """(name, default, the lines of comment right above) of each setting in .env.example."""
    comments: list[str] = []
    for line in (ROOT / ".env.example").read_text().splitlines():
        found = _SETTING.match(line)
        if found:
            yield found[1], found[2], comments
            comments = []
        else:
            comments = [*comments, line] if line.startswith("# ") else []


def test_env_example_has_every_setting_in_its_order() -> None:
    assert [name for name, _, _ in explained()] == [name.upper() for name in Settings.model_fields]


def test_every_setting_is_explained_by_a_sentence() -> None:
    for name, _, comments in explained():
        said = " ".join(line.removeprefix("# ") for line in comments)
        assert said.endswith("."), name
        assert len(said.split()) >= 4, name


def test_env_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Copied as it is, it changes nothing."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    assert plain(Settings()) == plain(Settings(_env_file=None))


def plain(settings: Settings) -> dict[str, object]:
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in settings
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text()
    links = [link for link in _LINK.findall(text) if "://" not in link]
    missing = [link for link in links if not (path.parent / link).exists()]
    missing += [name for name in _IN_BACKTICKS.findall(text) if not (ROOT / name).exists()]
    assert not missing


def test_the_glossary_covers_every_class() -> None:
    """`make glossary` writes its second half anew."""
    assert glossary.GLOSSARY.read_text() == glossary.written()


def test_comments_point_at_decisions_that_were_written_down() -> None:
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for top in ("bot", "bridge", "scheduler", "tests")
        for path in (ROOT / top).rglob("*.py")
        for name in re.findall(r"docs/decisions/[\w-]+\.md", path.read_text())
        if not (ROOT / name).exists()
    }
    assert not missing
