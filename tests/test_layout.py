"""The shape of the house: who may import whom, how long a file may be, which words are not used."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "bridge", "scheduler")
LONGEST = 250
MOST_FILES = 25

BANNED = {"manager", "helper", "util", "misc", "data", "info", "handler"}
# names that a library chose: SQLAlchemy's types, asyncio's protocols
THEIRS = {"process_bind_param", "process_literal_param", "process_result_value", "data_received"}


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_imports_go_one_way() -> None:
    # a process of its own: it silences every logger there is
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def test_files_are_small() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in sources()}
    assert not {str(path): lines for path, lines in lengths.items() if lines > LONGEST}


def test_names_say_what_a_thing_is() -> None:
    assert not [f"{where}: {name}" for where, name in named() if fault(where, name)]


@pytest.mark.parametrize(
    "name", ["CallManager", "helpers", "process_call", "UserInfo", "async_dial", "phone_2"]
)
def test_a_banned_word_is_found(name: str) -> None:
    assert fault("bridge/calls/ports/leg.py", name)


@pytest.mark.parametrize(
    "name", ["worker_process", "sha256", "G722", "metadata", "place_call", "process_bind_param"]
)
def test_an_honest_name_is_left_alone(name: str) -> None:
    assert not fault("bridge/calls/ports/leg.py", name)


def test_the_library_of_the_bot_may_have_its_handlers() -> None:
    assert not fault("bot/app.py", "add_handlers")
    assert fault("bridge/calls/ports/leg.py", "add_handlers")


def test_a_class_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path in sources():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert not {name: places for name, places in homes.items() if len(places) > 1}


def test_folders_are_small() -> None:
    files = Counter(path.relative_to(ROOT).parent.as_posix() for path in sources())
    assert not {folder: number for folder, number in files.items() if number > MOST_FILES}


def named() -> Iterator[tuple[str, str]]:
    """Every name given to a module, a class or a function, with where it stands."""
    for path in sources():
        where = path.relative_to(ROOT).as_posix()
        if "migrations" not in path.parts:  # Alembic numbers its files
            yield where, path.parent.name if path.stem == "__init__" else path.stem
        for node in ast.walk(ast.parse(path.read_text(), where)):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{where}:{node.lineno}", node.name


def fault(where: str, name: str) -> bool:
    """Whether a name holds a banned word, starts with a verb that says nothing, or is counted."""
    if name in THEIRS or (name.startswith("__") and name.endswith("__")):
        return False
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]
    banned = {word for word in words if word in BANNED or word.removesuffix("s") in BANNED}
    if where.startswith("bot/"):
        banned -= {"handler", "handlers"}
    empty = words[:1] == ["process"] and len(words) > 1 and not name[0].isupper()
    return bool(banned) or empty or words[:1] == ["async"] or bool(re.search(r"_\d+$", name))


LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def test_there_are_locks() -> None:
    assert {lock.stem for lock in LOCKS} == {"build", "dev", "piper", "run", "voice"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_pin_and_hash_and_name_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    for line in text.replace("\\\n", "").splitlines():
        assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "run": project["project"]["dependencies"],
        **project["project"]["optional-dependencies"],
        "dev": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "build": project["dependency-groups"]["build"],
    }
    for lock, names in asked.items():
        pinned = (ROOT / "requirements" / f"{lock}.txt").read_text()
        held = set(re.findall(r"^([a-z0-9._-]+)==", pinned, re.MULTILINE))
        for name in names:
            plain = re.split(r"[\[~=<>! ]", name)[0].lower()
            assert plain in held, f"{name} is not in requirements/{lock}.txt: run `make lock`"
