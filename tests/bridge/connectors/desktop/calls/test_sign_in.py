"""The first sign-in, as its user sees it: a picture after each step, until it is done."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bridge.connectors.base import Choice, Credentials
from bridge.connectors.desktop.connector import Desktop
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import (
    Element,
    PageSeen,
    ProgramStarted,
    Reply,
    Told,
)
from bridge.connectors.desktop.protocol.requests import Look, Request, Start, Touch
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.values import FOLDER
from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.local import LocalSessions
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sign_in import DesktopSignIn
from bridge.errors import NetworkDown
from bridge.settings import Settings
from tests.bridge.connectors.desktop.calls.fake_link import FakeLink
from tests.bridge.connectors.desktop.flat import Desk
from tests.bridge.connectors.desktop.uids import own_uids

RECIPE = """
title = "Chatter"
network = "chatter"
verified = "here"
{start}
[signs]
in_call = {{ stream = {{ does = "records" }} }}
rings = {{ notification = {{ action = "accept" }} }}
{signs}
[[answer]]
action = "accept"
[[hang_up]]
run = ["hangup"]
"""
NATIVE = '[program]\nrun = ["chatter"]'
WEB = '[web]\naddress = "https://chat.example/"\n[elements]\npassword = "input"\nroster = ".one"'
PASSWORD = 'sign_in_page = { page = { element = "password" } }'
ROSTER = 'signed_in = { page = { element = "roster" } }'
NAME, SECRET = Element(number=1, takes_text=True), Element(number=2, takes_text=True, secret=True)
SEEN = base64.b64encode(b"a picture").decode()


def page(*shown: str) -> PageSeen:
    return PageSeen(url="https://chat.example/", shown=frozenset(shown))


class Program(FakeLink):
    """`after` are the facts that follow a start (0), the first touch (1), and so on."""

    def __init__(self, *after: Told) -> None:
        super().__init__()
        self._after = list(after)

    async def ask(self, request: Request, timeout: float = 10.0) -> Reply:
        await super().ask(request, timeout)
        if isinstance(request, Start | Touch) and self._after:
            self.facts.put_nowait(self._after.pop(0))
        if isinstance(request, Look):
            return Reply(id=1, text=SEEN, elements=(NAME, SECRET))
        return Reply(id=1)


class User:
    """Answers choices by `choices`, texts by what was asked."""

    def __init__(self, *choices: str) -> None:
        self.choices, self.pictures = list(choices), 0

    async def choice(self, question: str, choices: Sequence[Choice]) -> str:
        wanted = self.choices.pop(0)
        assert wanted in {one.key for one in choices}
        return wanted

    async def text(self, question: str, *, example: str = "", default: str | None = None) -> str:
        return "ada"

    async def secret(self, question: str) -> str:
        return "lovelace"

    async def show(self, caption: str, png: bytes) -> None:
        assert png == b"a picture"
        self.pictures += 1


class Mixer:
    rate = 16000


class FakeOpener(LocalSessions):
    """Real folders; each session has the next of `links`."""

    def __init__(self, folders: Folders, *links: FakeLink) -> None:
        super().__init__(folders, RecipeStore(), Sandbox())
        self._links = list(links)
        self.happened: list[str] = []

    @asynccontextmanager
    async def opened(
        self, number: int, recipe: str, values: Mapping[str, str], rate: int
    ) -> AsyncIterator[AgentLink]:
        assert "lovelace" not in values.values(), "the program's walls need no secret"
        link = self._links.pop(0)
        self.happened.append("up")
        try:
            yield link  # type: ignore[misc]
        finally:
            self.happened.append("down")


class Chat:
    def __init__(self, directory: Path, recipe: str) -> None:
        self.folders = Folders(directory / "house", own_uids())
        (directory / "chatter.toml").write_text(recipe)
        self._shelf = RecipeStore(directory)

    async def signs_in(self, user: User, program: Program) -> Credentials:
        user.choices.insert(0, "chatter")
        return await self._dialogue(user, program).first()

    async def signs_in_again(
        self, user: User, program: Program, before: Credentials
    ) -> Credentials:
        return await self._dialogue(user, program).again(before)

    def _dialogue(self, user: User, program: Program) -> DesktopSignIn:
        return DesktopSignIn(user, 16000, self._shelf, FakeOpener(self.folders, program))


def web(directory: Path, *signs: str) -> Chat:
    return Chat(directory, RECIPE.format(start=WEB, signs="\n".join(signs)))


def native(directory: Path) -> Chat:
    return Chat(directory, RECIPE.format(start=NATIVE, signs=""))


async def test_a_picture_follows_each_step_until_the_recipe_sees_that_it_is_done(
    tmp_path: Path,
) -> None:
    chat, user = web(tmp_path, PASSWORD, ROSTER), User("1", "again", "2")
    program = Program(page("password"), page("password"), page("roster"))
    found = await chat.signs_in(user, program)
    assert user.pictures == 3
    typed = [(one.number, one.text and one.text.get_secret_value()) for one in program.of(Touch)]
    assert typed == [(1, "ada"), (2, "lovelace")]
    assert "lovelace" not in repr(program.asked)
    assert chat.folders.find(int(found.options[FOLDER])) is not None


async def test_accounts_of_one_program_are_told_apart_by_small_numbers(tmp_path: Path) -> None:
    chat = web(tmp_path, ROSTER)
    found = [await chat.signs_in(User(), Program(page("roster"))) for _ in range(2)]
    assert [one.address for one in found] == ["Chatter 1", "Chatter 2"]


async def test_who_is_signed_in_already_sees_no_picture(tmp_path: Path) -> None:
    user = User()
    await web(tmp_path, PASSWORD, ROSTER).signs_in(user, Program(page("roster")))
    assert user.pictures == 0


async def test_a_sign_in_page_that_has_gone_is_enough(tmp_path: Path) -> None:
    user = User("2")
    await web(tmp_path, PASSWORD).signs_in(user, Program(page("password"), page()))
    assert user.pictures == 1


async def test_of_a_program_that_shows_neither_the_user_says_that_it_is_done(
    tmp_path: Path,
) -> None:
    """Else a new program would be signed in before anybody has seen it."""
    user = User("1", "done")
    await native(tmp_path).signs_in(user, Program(ProgramStarted(pid=9)))
    assert user.pictures == 2


async def test_what_was_begun_is_removed_when_it_is_given_up(tmp_path: Path) -> None:
    chat, user = native(tmp_path), User()
    doing = asyncio.create_task(chat.signs_in(user, Program(ProgramStarted(pid=9))))
    with pytest.raises(IndexError):  # this user has nothing more to say
        await doing
    assert chat.folders.unowned(()) == []


async def test_who_signs_in_again_keeps_the_profile_and_is_asked_nothing_twice(
    tmp_path: Path,
) -> None:
    asks = '[ask.server]\nquestion = "Which server?"\n[ask.pin]\nquestion = "PIN?"\nsecret = true\n'
    recipe = RECIPE.format(start=WEB, signs="\n".join((PASSWORD, ROSTER)))
    chat = Chat(tmp_path, recipe.replace("[signs]", f"{asks}[signs]"))
    before = await chat.signs_in(User("2"), Program(page("password"), page("roster")))
    folder = chat.folders.find(int(before.options[FOLDER]))
    assert folder is not None
    (folder.home / "cookies").write_text("kept")
    user = User("2")
    user.text = None  # type: ignore[assignment,method-assign]  # nothing is asked that is known
    found = await chat.signs_in_again(user, Program(page("password"), page("roster")), before)
    assert user.pictures == 1
    assert (found.address, found.options) == (before.address, before.options)
    assert found.secrets == {"ask.pin": "lovelace"}
    with pytest.raises(IndexError):
        await chat.signs_in_again(User(), Program(page("password")), before)
    assert (folder.home / "cookies").read_text() == "kept"


async def test_who_confirms_on_another_device_presses_nothing(tmp_path: Path) -> None:
    """The page shows a code to be scanned, and is signed in while the chat waits for an answer."""

    class Scanner(User):
        async def choice(self, question: str, choices: Sequence[Choice]) -> str:
            if question != "Where shall I click?":
                return await super().choice(question, choices)
            program.facts.put_nowait(page("roster"))
            return await asyncio.Future()

    chat, program = web(tmp_path, PASSWORD, ROSTER), Program(page("password"))
    user = Scanner("2")
    assert await chat.signs_in(user, program)
    assert user.pictures == 1


async def test_the_session_makes_way_for_who_signs_in_again(tmp_path: Path) -> None:
    """And one that wants to begin meanwhile waits."""
    chat = web(tmp_path, PASSWORD, ROSTER)
    before = await chat.signs_in(User("2"), Program(page("password"), page("roster")))
    opener = FakeOpener(chat.folders, *(Program(page("roster")) for _ in range(3)))
    settings = Settings(_env_file=None, data_dir=tmp_path / "house", recipes=tmp_path)
    desktop = Desktop(settings, Mixer(), opener)  # type: ignore[arg-type]
    session, desk = desktop.session(before, Desk()), Desk()
    session.desk = desk
    serving = asyncio.create_task(session.run())
    await asyncio.sleep(1)
    assert desk.roster is not None
    signing_in = asyncio.create_task(desktop.sign_in_again(User(), before))
    with pytest.raises(NetworkDown, match="desktop_signing_in"):
        await serving
    serving = asyncio.create_task(session.run())
    assert await signing_in == before
    await asyncio.sleep(1)
    assert opener.happened == ["up", "down"] * 2 + ["up"]
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
