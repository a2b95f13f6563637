"""`python -m bridge recipe`: for whoever writes a recipe of his own."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from getpass import getpass
from pathlib import Path
from threading import Thread

from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.recipe_parser import read
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.connectors.desktop.sandbox.network import InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.connectors.desktop.trial.trial import WORDS, Trial
from bridge.errors import HouseError, SetupFault
from bridge.service import prepare
from bridge.settings import Settings

UIDS = range(71000, 71100)
"""Beside those of the service's own sessions."""


def check(paths: Sequence[Path]) -> int:
    """Say of each whether it can be used; 1 if one cannot."""
    broken = 0
    for path in paths:
        try:
            recipe = read(path)
        except HouseError as why:
            broken = 1
            print(why.sentence)
        else:
            verified = recipe.verified or "nobody has verified it yet"
            print(f"{path}: {recipe.title}: can be used ({verified}).")
    return broken


def attempt(settings: Settings, path: Path, number: int | None) -> int:
    """A session by this recipe, steered from the terminal. Its folder is new and is removed; with
    `number` it is the one of that number, and is kept: who has signed in there stays signed in.
    """
    recipe = read(path)
    values = _asked(recipe)
    prepare(settings.data_dir)
    trials = settings.data_dir / "trials"
    folder = Folders(trials, UIDS).claim() if number is None else _kept(trials, number)
    print(f"{recipe.title}. What can be typed:\n{WORDS}")
    try:
        with suppress(KeyboardInterrupt):
            walls = Sandbox(
                way=InternetAccess(settings.private_hosts), authorities=settings.authorities
            )
            asyncio.run(_run(recipe, folder, values, path.with_suffix(".png"), walls))
    finally:
        if number is None:
            Folders(trials, UIDS).remove(folder)
    return 0


async def _run(
    recipe: Recipe, folder: Folder, values: dict[str, str], picture: Path, walls: Sandbox
) -> None:
    needs = Needs(
        screen=recipe.needs_screen, browser=recipe.browser, origins=recipe.origins(values)
    )
    async with walls.opened(folder, needs) as link:
        await Trial(recipe, link, values, _say, picture).run(_typed())


def _asked(recipe: Recipe) -> dict[str, str]:
    answers = {}
    for name, question in recipe.ask.items():
        example = f" (such as {question.example})" if question.example else ""
        ask = getpass if question.secret else input
        answers[name] = ask(f"{question.question}{example}: ").strip()
    return answers


def _kept(trials: Path, number: int) -> Folder:
    """The folder of that number, made when it is not there."""
    if number not in UIDS:
        raise SetupFault(
            "no_folder",
            why=f"{number} cannot be the number of a trial's folder.",
            remedy=f"Choose one from {UIDS[0]} to {UIDS[-1]}.",
        )
    folders = Folders(trials, range(number, number + 1))
    return folders.find(number) or folders.claim()


def _say(line: str) -> None:
    print(line, flush=True)


async def _typed() -> AsyncIterator[str]:
    """The lines of the terminal; its end means "quit"."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()

    def listen() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            for line in sys.stdin:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, "quit")

    Thread(target=listen, daemon=True).start()
    while True:
        yield await lines.get()
