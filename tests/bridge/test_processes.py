"""Where the product starts a process: what strangers wrote is read by confined children only."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS = {
    *("Popen", "run", "call", "check_call", "check_output", "system", "popen", "fork", "forkpty"),
    *("create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "get_context"),
    *("posix_spawn", "posix_spawnp", "Process", "ProcessPoolExecutor", "open_process"),
    *("execv", "execve", "execvp", "execvpe", "execl", "execle", "execlp", "spawnv", "spawnl"),
}
OF = {"subprocess", "os", "asyncio", "multiprocessing", "anyio", "context", "loop", "_context"}
REASONS = {
    "bridge/children/launch.py": "this is where children are confined",
    "bridge/service.py": "a fork that migrates the tables, before anybody is heard",
    "bridge/programs.py": "chat and clock, which are ours",
    "bridge/workers/supervisor/spawn.py": "the workers, which are ours",
    "bridge/doctor/telephony.py": "the doctor asks his own library whether it works",
    "bridge/doctor/sound.py": "the doctor asks PulseAudio whether it starts",
    "bridge/files.py": "chmod and rm, of folders that a session has locked",
    "bridge/connectors/desktop/sandbox/starting.py": "sessions have walls of their own: bubblewrap",
    "bridge/connectors/desktop/sandbox/network.py": "the network of a session, from outside",
    "bridge/connectors/desktop/agent/child.py": "inside a session's walls",
    "bridge/connectors/desktop/keeper/lines.py": "the keeper of sessions, which is ours",
}


def starts(code: str) -> Iterator[int]:
    """The lines in which a process is started."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            named = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            name = node.func.attr
            if name in STARTS and named in OF and (named, name) != ("asyncio", "run"):
                yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module in OF:
            yield from (node.lineno for one in node.names if one.name in STARTS - {"run"})


def test_every_process_is_started_where_somebody_has_thought_of_it() -> None:
    paths = (
        path for room in ("bot", "bridge", "scheduler") for path in (ROOT / room).rglob("*.py")
    )
    found = {str(one.relative_to(ROOT)) for one in paths if any(starts(one.read_text()))}
    assert found == set(REASONS)


def test_another_one_would_be_seen() -> None:
    assert list(starts("import os\nos.execv('/bin/sh', [])"))
    assert list(starts("import subprocess\nsubprocess.run(['ffmpeg'])"))
    assert list(starts("from subprocess import Popen"))
    assert not list(starts("import asyncio\nasyncio.run(main())"))
