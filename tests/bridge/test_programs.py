"""The programs beside the house: forks of it that wait until they are run, and end with it."""

import asyncio
import sys
from asyncio.subprocess import Process
from pathlib import Path

import psutil

from tests.peers.programs import until

ROOT = Path(__file__).parents[2]


async def lone_house(*words: str) -> tuple[Process, int]:
    house = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bridge.lone_house", *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert house.stdout is not None
    return house, int(await house.stdout.readline())


async def said_by(house: Process) -> str:
    _, said = await asyncio.wait_for(house.communicate(), 20)
    return said.decode()


async def test_what_fails_is_started_again_unless_that_cannot_help(tmp_path: Path) -> None:
    house, _ = await lone_house("runs", "fails", str(tmp_path / "known"))
    said = await said_by(house)
    assert house.returncode == 2
    assert said.count("tests.bridge.beside: this is fails") == 2
    assert "ended with exit code 1; it is started again" in said
    assert "cannot begin; the lines above say why" in said


async def test_without_a_house_nothing_begins(tmp_path: Path) -> None:
    house, program = await lone_house("leaves", "fails", str(tmp_path / "known"))
    assert await said_by(house) == ""
    assert house.returncode == 0
    await until(lambda: not psutil.pid_exists(program), "the fork to go")
    assert not (tmp_path / "known").exists()


async def test_a_program_ends_with_its_house() -> None:
    house, program = await lone_house("runs", "waits")
    assert house.stderr is not None
    assert "this is waits" in (await asyncio.wait_for(house.stderr.readline(), 20)).decode()
    house.kill()
    await house.wait()
    await until(lambda: not psutil.pid_exists(program), "the fork to go")
