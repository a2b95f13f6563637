"""Three sessions of a service that is not root, as systemd runs it, and what they see of each
other; told as JSON: `ordinary.py DIRECTORY`.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.requests import Run, Start
from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.network import InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs

SECRET = "the secret of a neighbour"
EACH, TOO_MANY = 250, 700
"""Processes that a session has; together they are more than one may have."""
_STARTS_WITHIN = 60.0


async def main(directory: Path) -> None:
    folders, walls = Folders(directory), Sandbox(way=InternetAccess())
    told: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        sessions = []
        for needs in (Needs(screen=True), Needs(screen=True), Needs(browser=True)):
            folder = folders.claim()
            (folder.home / "cookies").write_text(SECRET)
            sessions.append((folder, await stack.enter_async_context(walls.opened(folder, needs))))
        (_, attacker), (victim, next_door), (_, browser) = sessions
        told["own"] = await _says(next_door, "cat /home/user/cookies; echo; id -u")
        told["files"] = await _says(attacker, f"cat {victim.home / 'cookies'}; ls {directory}")
        told["sockets"] = await _says(attacker, f"ls {victim.run / 'pulse.sock'}")
        told["processes"] = await _says(attacker, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
        told["routes"] = await _says(attacker, "ip route; ip route del unreachable 10.0.0.0/8")
        for name, link in (("many", next_door), ("more", browser)):
            told[name] = await _says(link, _many(EACH))
        told["too many"] = await _says(attacker, _many(TOO_MANY))
        await browser.ask(Start(address="about:blank"), _STARTS_WITHIN)
        told["browser"] = await _says(browser, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    print(json.dumps(told))


def _many(count: int) -> str:
    return f"i=0; while [ $i -lt {count} ]; do sleep 60 >/dev/null 2>&1 & i=$((i+1)); done; echo ok"


async def _says(link: AgentLink, shell: str) -> str:
    said = await link.ask(Run(argv=("sh", "-c", f"({shell}) 2>&1 || true")), _STARTS_WITHIN)
    return said.text


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
