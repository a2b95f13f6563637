"""`python -m bot` as a program: what is wrong is one sentence with the remedy."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.wording.catalog import ROOT


async def run(tmp_path: Path, **environment: str) -> tuple[int, str]:
    program = await start(tmp_path, **environment)
    _, told = await asyncio.wait_for(program.communicate(), 30)
    return program.returncode or 0, told.decode()


async def start(tmp_path: Path, **environment: str) -> asyncio.subprocess.Process:
    clean = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=tmp_path,
        env={**clean, "PYTHONPATH": str(ROOT), "DATA_DIR": str(tmp_path), **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_bad_setting(tmp_path: Path) -> None:
    code, told = await run(tmp_path, TIME_ZONE="Mars/Olympus")
    assert code == 2
    assert len(told.splitlines()) == 1
    assert "TIME_ZONE" in told
    assert ".env" in told


async def test_telegram_away_is_waited_for_and_sigterm_ends_it(tmp_path: Path) -> None:
    """No network here: it says so without the token, goes on trying, and stops when asked to."""
    token = "123456:not-a-real-token"
    program = await start(
        tmp_path, TELEGRAM_BOT_TOKEN=token, HTTPS_PROXY="http://127.0.0.1:9", LOG_LEVEL="DEBUG"
    )
    assert program.stderr
    told = ""
    async with asyncio.timeout(30):
        while "not delivered yet, trying again" not in told:
            line = (await program.stderr.readline()).decode()
            assert line, told
            told += line
    program.send_signal(signal.SIGTERM)
    _, rest = await asyncio.wait_for(program.communicate(), 30)
    assert program.returncode == 0
    assert token not in told + rest.decode()
    assert "Traceback" not in told + rest.decode()
