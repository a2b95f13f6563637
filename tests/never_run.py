"""`make never-run`, after `make test`: what no test has run, as docs/never-run.md.

Counted is what pytest's own processes ran. What runs in children (workers, sessions, decoders) is
tested from outside and never counted: REASONS says so, and of all else why it may stay untested.
A row that ends with a question mark has no reason yet: write a test, or a reason.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs/never-run.md"
PACKAGES = ("bot", "bridge", "scheduler")

REASONS = {
    "bridge/workers/process/": "runs in workers; tests/bridge/workers and tests/real start them",
    "bridge/workers/media/": "runs in workers; tests/real calls through them",
    "bridge/connectors/desktop/agent/": "runs in sessions; tests/bridge/connectors/desktop/agent",
    "bridge/connectors/sip/": "runs in children with an engine; tests/bridge/connectors/sip",
    "bridge/audio/pjmedia/": "runs in children with an engine; tests/bridge/audio/pjmedia",
    "bridge/audio/decoder/": "runs in a confined child; tests/bridge/audio/decoder",
    "bridge/audio/speech/": "runs in a confined child; tests/bridge/audio/speech",
    "bridge/connectors/desktop/": "runs in workers; tests/real/test_web_app.py, test_dino.py",
    "bridge/connectors/base.py": "what a connector may leave out",
    "bridge/workers/accounts/": "runs in workers; tests/bridge/workers and tests/real start them",
    "bridge/workers/stored/": "runs in workers; tests/bridge/workers and tests/real start them",
    "bridge/audio/voice/voice_note.py": "runs in a child; tests/bridge/audio/voice",
    "bridge/doctor/telephony.py": "runs in a child; tests/bridge/doctor/test_reach.py",
    "bridge/recipes.py": "runs as a program; tests/bridge/test_command_line.py",
    "bridge/service.py": "runs as a program; tests/real",
    "bot/terminal/": "runs as a program; tests/bot/terminal on a tty, tests/real on a pipe",
    "bot/wording/catalog.py": "a developer's tool: merge writes the catalog anew",
    "scheduler/clock.py": "runs as a program; tests/scheduler/test_successors.py",
    "scheduler/downloads/inspector.py": "runs in a confined child; tests/scheduler/downloads",
    "scheduler/downloads/playlist_child.py": "runs in a confined child; tests/scheduler/downloads",
    "bridge/schedules/child.py": "runs in a confined child; tests/bridge/children",
    "bridge/desk/imports/child.py": "runs in a confined child; tests/bridge/children",
    "scheduler/feeds/parser.py": "runs in a confined child; tests/scheduler/feeds/test_reading.py",
    "bridge/audio/playback/": "goes by the clock of its sound; tests/bridge/audio, not counted",
    "bridge/audio/voice/": "goes by the clock of its sound; tests/bridge/audio, not counted",
    "bridge/audio/port.py": "the default of a protocol, which does nothing",
    "bridge/calls/ports/clock.py": "the clock itself; tests bring their own",
    "bridge/schedules/observances.py": "asked for by tzinfo, by nobody here",
    "bridge/store/engine/text.py": "asked for by TypeDecorator, by nobody here",
    "bridge/children/": "runs in the children that it confines; the tests of each",
    "bridge/store/migrations/": "up to the newest only; tests/bridge/store/test_migrate.py",
    "bridge/__main__.py": "runs as a program; tests/bridge/test_command_line.py",
    "bridge/people.py": "runs as a program; tests/bridge/test_command_line.py",
    "bridge/run.py": "runs as a program; tests/real",
    "bridge/programs.py": "runs as a program; tests/real",
    "bot/__main__.py": "runs as a program; tests/real",
    "scheduler/__main__.py": "runs as a program; tests/real",
}
"""The longest beginning of a path counts."""

HEAD = """# What no test runs

Made by `make never-run` from what the last `make test` has counted: {run:.0%} of {all:,} lines.
A function is listed when none of its lines was run in pytest's own processes. The reasons stand in
`tests/never_run.py`.

| file | never run | why that is fine |
|---|---|---|
"""


def main() -> int:
    coverage = Coverage(data_file=ROOT / ".coverage", config_file=ROOT / "pyproject.toml")
    coverage.load()
    counted = set(coverage.get_data().measured_files())
    if not counted:
        print("Nothing was counted yet: run make test first.", file=sys.stderr)
        return 1
    rows, statements, missed = [], 0, 0
    for path in (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))):
        _, lines, _, missing, _ = coverage.analysis2(str(path))
        statements, missed = statements + len(lines), missed + len(missing)
        where = path.relative_to(ROOT).as_posix()
        if never := list(_never(path, set(lines), set(missing))):
            rows.append(
                f"| `{where}` | {', '.join(f'`{name}`' for name in never)} | {_why(where)} |"
            )
    head = HEAD.format(run=1 - missed / statements, all=statements)
    DOCUMENT.write_text(head + "\n".join(rows) + "\n")
    open_ones = sum(row.endswith(" ? |") for row in rows)
    print(f"{DOCUMENT.relative_to(ROOT)}: {len(rows)} files, {open_ones} without a reason.")
    return 0


def _never(path: Path, statements: set[int], missing: set[int]) -> Iterator[str]:
    """The functions of which nothing was run, by their names inside the file."""

    def within(node: ast.AST, above: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                yield from within(child, f"{above}{child.name}.")
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                first, last = child.body[0].lineno, child.end_lineno or child.lineno
                body = statements.intersection(range(first, last + 1))
                if body and body <= missing:
                    yield above + child.name
            else:
                yield from within(child, above)

    yield from within(ast.parse(path.read_text()), "")


def _why(where: str) -> str:
    return REASONS.get(max(filter(where.startswith, REASONS), key=len, default=""), "?")


if __name__ == "__main__":
    sys.exit(main())
