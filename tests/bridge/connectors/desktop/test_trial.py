"""`recipe try`: what a program shows, in plain words, and what is typed, done."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from socket import socketpair

import pytest

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import (
    Action,
    Element,
    NotificationClosed,
    Notified,
    ProgramStarted,
    Reply,
    StreamGone,
    StreamSeen,
    Told,
    WindowSeen,
)
from bridge.connectors.desktop.protocol.requests import REQUEST, Click, Look, Request, Start, Touch
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.trial.trial import Trial
from bridge.errors import NetworkDown
from tests.peers.programs import until

RINGING = Notified(
    id=3,
    app="Dino",
    summary="Bob\x1b[31m Example",
    body="Incoming call",
    actions=(Action(key="reject", label="Reject"), Action(key="accept", label="Accept")),
)
MAIN = WindowSeen(id=51, wm_class="dino-im", title="Dino", width=1200, height=700)
MENU = WindowSeen(id=52, wm_class="dino-im", width=148, height=136, override_redirect=True)
RECORDS = StreamSeen(stream="records", index=1, program="dino-im", name="Record Stream")


class Agent:
    """A session's other end: notes what it is asked, and tells what `does` says."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked: list[Request] = []
        self.does: dict[str, tuple[Told, ...]] = {"start": (ProgramStarted(pid=7),)}
        """What is told upon a request of this kind, before it is answered."""
        self.says: dict[str, Reply] = {}
        self._reader, self._writer = reader, writer

    def tell(self, *facts: Told) -> None:
        for fact in facts:
            self._writer.write(fact.model_dump_json().encode() + b"\n")

    async def serve(self) -> None:
        with suppress(ConnectionResetError):
            while line := await self._reader.readline():
                request = REQUEST.validate_json(line)
                self.asked.append(request)
                self.tell(*self.does.get(request.kind, ()))
                reply = self.says.get(request.kind, Reply(id=0))
                self.tell(reply.model_copy(update={"id": request.id}))

    def leave(self) -> None:
        self._writer.close()


class Terminal:
    """What was typed into it, and what it shows."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._typed: asyncio.Queue[str] = asyncio.Queue()

    def type(self, line: str) -> None:
        self._typed.put_nowait(line)

    async def words(self) -> AsyncIterator[str]:
        while True:
            yield await self._typed.get()

    async def shows(self, text: str) -> str:
        def found() -> str:
            return next((line[9:] for line in self.lines if text in line), "")

        return str(await until(found, f"a line with {text!r} in {self.lines}"))


Tried = tuple[Agent, Terminal, "asyncio.Task[None]"]


@asynccontextmanager
async def trying(name: str, picture: Path, **values: str) -> AsyncIterator[Tried]:
    """A trial that runs, its program started."""
    (ours, theirs), (sound, far_sound) = socketpair(), socketpair()
    agent = Agent(*await asyncio.open_unix_connection(sock=theirs))
    serving = asyncio.create_task(agent.serve())
    link, terminal = await AgentLink.over(ours, sound), Terminal()
    trial = Trial(RecipeStore().recipe(name), link, values, terminal.lines.append, picture)
    running = asyncio.create_task(trial.run(terminal.words()))
    try:
        yield agent, terminal, running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await link.close()
        await serving
        agent.leave()
        far_sound.close()


@pytest.fixture
async def tried(tmp_path: Path) -> AsyncIterator[Tried]:
    async with trying("dino", tmp_path / "dino.png") as parts:
        await parts[1].shows("the program has started")
        yield parts


def kinds(agent: Agent) -> list[str]:
    return [request.kind for request in agent.asked]


async def test_a_whole_call(tried: Tried) -> None:
    agent, terminal, running = tried
    agent.tell(RINGING)
    shown = await terminal.shows("notification 3")
    assert shown == (
        'notification 3: app "Dino", summary "Bob[31m Example", body "Incoming call", '
        'actions reject ("Reject"), accept ("Accept")'
    )
    await terminal.shows('==> RINGS: "Bob')
    agent.does["invoke"] = (NotificationClosed(id=3), RECORDS)
    terminal.type("answer")
    await terminal.shows("... answered")
    assert await terminal.shows("stream 1:") == (
        'stream 1: "dino-im" records, media "Record Stream"'
    )
    await terminal.shows("==> IN A CALL")
    agent.tell(StreamGone(stream="records", index=1))
    await terminal.shows("==> THE CALL HAS ENDED")
    terminal.type("quit")
    await asyncio.wait_for(running, 5)
    assert kinds(agent) == ["start", "invoke"]


async def test_a_step_without_effect_is_told(tried: Tried) -> None:
    agent, terminal, _ = tried
    for word, said in {
        "answer": "nothing rings",
        "hang up": "there is no call",
        "dial bob": "did not work: cannot_dial",
        "hold": "done",
        "touch me": "touch needs a number",
        "sing": "what can be typed",
    }.items():
        terminal.type(word)
        await terminal.shows(said)
    assert kinds(agent) == ["start"]


async def test_a_step_waits_for_the_window_that_the_one_before_opens(tried: Tried) -> None:
    agent, terminal, _ = tried
    agent.tell(MAIN)
    terminal.type("dial bob@example.org")
    await until(lambda: kinds(agent)[1:] == ["run", "click"], "the button to be clicked")
    agent.tell(MENU)
    await terminal.shows("... done")
    click = agent.asked[-1]
    assert isinstance(click, Click)
    assert click.window == MENU.id


async def test_a_picture_is_kept_beside_the_recipe(tried: Tried, tmp_path: Path) -> None:
    agent, terminal, _ = tried
    png = base64.b64encode(b"a picture").decode()
    agent.says["look"] = Reply(id=0, text=png, elements=(Element(number=2, label="Password"),))
    terminal.type("picture")
    assert "2 Password" in await terminal.shows("the picture is in")
    assert (tmp_path / "dino.png").read_bytes() == b"a picture"
    terminal.type("touch 2 top secret")
    await terminal.shows("... done")
    touch = agent.asked[-1]
    assert isinstance(touch, Touch)
    assert touch.text is not None
    assert (touch.number, touch.text.get_secret_value()) == (2, "top secret")
    assert isinstance(agent.asked[-2], Look)
    assert not any("secret" in line for line in terminal.lines)


async def test_a_session_that_ends_ends_the_trial(tried: Tried) -> None:
    agent, _, running = tried
    agent.leave()
    with pytest.raises(NetworkDown, match="desktop_lost"):
        await asyncio.wait_for(running, 5)


async def test_a_web_app_is_watched_before_it_starts(tmp_path: Path) -> None:
    address = "https://app.example.org/"
    async with trying("web", tmp_path / "web.png", address=address) as (agent, _, _):
        await until(lambda: len(agent.asked) == 2, "watch and start")
        assert kinds(agent) == ["watch", "start"]
        start = agent.asked[1]
        assert isinstance(start, Start)
        assert start.address == address
