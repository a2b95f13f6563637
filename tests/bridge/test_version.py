"""What setup/version.sh makes of tags, and what the service says of itself."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bridge.version import WRITTEN, version

ROOT = Path(__file__).parents[2]
IN_A_FOLDER = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
FALLBACK = "0.7.0"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """With one commit and no tag."""
    (tmp_path / "setup").mkdir()
    (tmp_path / "bridge").mkdir()
    shutil.copy(ROOT / "setup/version.sh", tmp_path / "setup/version.sh")
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.setuptools_scm]\nfallback_version = "{FALLBACK}"\n'
    )
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def git(checkout: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *IN_A_FOLDER, *words], cwd=checkout, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(checkout: Path) -> None:
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "Go on")


def told(checkout: Path) -> str:
    subprocess.run([checkout / "setup/version.sh"], check=True)
    return (checkout / "bridge/version.txt").read_text()


def test_a_tag_is_the_version(checkout: Path) -> None:
    git(checkout, "tag", "v1.2.3")
    assert told(checkout) == "1.2.3\n"


def test_commits_since_are_counted(checkout: Path) -> None:
    git(checkout, "tag", "v1.2.3")
    commit(checkout)
    commit(checkout)
    commit_id = git(checkout, "rev-parse", "--short", "HEAD")
    assert told(checkout) == f"1.2.3.post2+g{commit_id}\n"


def test_other_tags_are_no_versions(checkout: Path) -> None:
    git(checkout, "tag", "before-the-move")
    assert told(checkout) == f"{FALLBACK}\n"


def test_a_copy_without_git_has_what_was_written_or_the_fallback(checkout: Path) -> None:
    shutil.rmtree(checkout / ".git")
    assert told(checkout) == f"{FALLBACK}\n"
    (checkout / "bridge/version.txt").write_text("1.2.3\n")
    assert told(checkout) == "1.2.3\n"


def test_the_service_says_what_was_written() -> None:
    assert version() == (WRITTEN.read_text().strip() if WRITTEN.exists() else "unknown")
