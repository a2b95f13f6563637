"""A worker that is killed, and the process that it had started for its sound."""

import asyncio
import os
import signal
import subprocess
import sys

import psutil

from tests.peers.programs import until


async def dies_with_its_worker(worker_code: str) -> None:
    """The code prints the id of its child, and goes on."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", worker_code, stdout=subprocess.PIPE
    )
    assert worker.stdout is not None
    child = psutil.Process(int(await worker.stdout.readline()))
    child.suspend()  # so that it cannot see that it is alone
    os.kill(worker.pid, signal.SIGKILL)
    await worker.wait()
    await until(lambda: not alive(child), "the child to be gone")


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
