"""`python -m bridge`: the service, and what its host needs around it."""

import argparse
import asyncio
import sys
from pathlib import Path

from bridge.errors import HouseError
from bridge.settings import Settings, load
from bridge.version import version

BAD_SETTING = 2


def main() -> int:
    chosen = _parser().parse_args()
    try:
        return _VERBS[chosen.verb](load(), chosen)
    except HouseError as why:
        print(f"skype2sip: {why.sentence}", file=sys.stderr)
        return BAD_SETTING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bridge", description=__doc__)
    parser.add_argument("--version", action="version", version=f"skype2sip {version()}")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="the service").add_argument(
        "--alone", action="store_true", help="without chat and clock: they are started elsewhere"
    )
    verbs.add_parser("doctor", help="check this machine and .env")
    verbs.add_parser("migrate", help="bring the database up to date")
    verbs.add_parser("rotate-key", help="seal all secrets with a new key")
    for verb, about in (
        ("export", "everything about a user, as JSON"),
        ("forget", "delete a user and everything about him or her"),
    ):
        verbs.add_parser(verb, help=about).add_argument("user", help="name, chat id or id")
    _add_recipe(verbs.add_parser("recipe", help="recipes for client programs (docs/recipes.md)"))
    return parser


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True)
    check = parts.add_parser("check", help="say what is wrong in these files")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    attempt = parts.add_parser("try", help="start a session, and print what is seen in it")
    attempt.add_argument("file", type=Path, metavar="FILE")
    attempt.add_argument(
        "--folder", type=int, metavar="N", help="keep its profile, under this number (71000 up)"
    )


# what a verb needs is imported when it is chosen: `run` is to be quick


def _run(settings: Settings, chosen: argparse.Namespace) -> int:
    from bridge.kernel import keep_memory_private
    from bridge.logs import set_up
    from bridge.programs import HousePrograms

    keep_memory_private()
    on_telegram = settings.telegram_bot_token is not None
    # first of all: what we import from now on, and open, is not theirs
    beside = None if chosen.alone else HousePrograms.forked(on_telegram)

    from bridge.run import run
    from bridge.service import prepare, update_tables_aside

    prepare(settings.data_dir)
    in_terminal = beside is not None and not on_telegram
    set_up(settings.log_level, settings.data_dir / "log/bridge.log" if in_terminal else None)
    update_tables_aside(settings)
    return asyncio.run(run(settings, beside))


def _doctor(settings: Settings, _: argparse.Namespace) -> int:
    from bridge.doctor import examine

    return asyncio.run(examine(settings))


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    from bridge.service import prepare
    from bridge.store.migrate import migrate

    prepare(settings.data_dir)
    changed = migrate(settings.database)
    print("The database was brought up to date." if changed else "The database is up to date.")
    return 0


def _rotate_key(settings: Settings, _: argparse.Namespace) -> int:
    from bridge.people import rotate_key

    print(f"Secrets sealed with the new key: {rotate_key(settings)}.")
    return 0


def _export(settings: Settings, chosen: argparse.Namespace) -> int:
    from bridge.people import export

    print(export(settings, chosen.user))
    return 0


def _forget(settings: Settings, chosen: argparse.Namespace) -> int:
    from bridge.people import forget

    name = asyncio.run(forget(settings, chosen.user))
    print(f"Everything about {name} is deleted.")
    return 0


def _recipe(settings: Settings, chosen: argparse.Namespace) -> int:
    from bridge.recipes import attempt, check

    if chosen.part == "check":
        return check(chosen.files)
    return attempt(settings, chosen.file, chosen.folder)


_VERBS = {
    "run": _run,
    "doctor": _doctor,
    "migrate": _migrate,
    "rotate-key": _rotate_key,
    "export": _export,
    "forget": _forget,
    "recipe": _recipe,
}

if __name__ == "__main__":
    sys.exit(main())
