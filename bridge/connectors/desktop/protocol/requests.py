"""What a session agent is asked by its worker: a JSON object a line, each answered by a Reply."""

from typing import Annotated

from pydantic import Field, PlainSerializer, SecretStr

from bridge.connectors.desktop.protocol.messages import AgentMessage
from bridge.tagged import Tagged, any_below

Secret = Annotated[SecretStr, PlainSerializer(SecretStr.get_secret_value)]
"""Written out on the wire, and nowhere else."""


class Request(AgentMessage, Tagged):
    """What the agent is asked; its reply has the same `id`."""

    id: int = 0


class Start(Request):
    """Start the program. With `address` it is a web app: Chromium shows that address."""

    argv: tuple[str, ...] = ()
    environment: dict[str, str] = Field(default_factory=dict)
    microphone_after_ms: int = 0
    address: str = ""


class Watch(Request):
    """Tell by PageSeen which of these elements can be seen; CSS selectors or Playwright's own, by
    name.
    """

    elements: dict[str, str]


class Invoke(Request):
    """Choose an action of a notification."""

    notification: int
    key: str


class BusCall(AgentMessage):
    """A method on the session's D-Bus; `signature` and `arguments` as dbus-fast takes them."""

    name: str
    path: str
    interface: str
    member: str
    signature: str = ""
    arguments: tuple[str | int | bool, ...] = ()


class CallBus(Request, BusCall):
    """Do that, and tell what it returned."""


class Click(Request):
    """On an element of the page, or on a point of a window (of the screen, where it is 0)."""

    element: str = ""
    waits: bool = True
    """For an element that is not there yet."""
    window: int = 0
    x: int = 0
    y: int = 0


class Close(Request):
    """Ask the program to close this window, as the button in its corner does."""

    window: int


class Fill(Request):
    """Type into an element of the page, or into what has the focus."""

    element: str = ""
    text: Secret


class Press(Request):
    """Keys, in xdotool's words: "ctrl+Return"."""

    keys: str
    window: int = 0


class Run(Request):
    """A program that ends by itself within seconds; its output is the reply's text."""

    argv: tuple[str, ...]


class Open(Request):
    """Show this address in the web app."""

    address: str


class Read(Request):
    """The texts of all elements that match, one a line."""

    element: str


class Look(Request):
    """A picture of the screen, with its elements numbered."""


class Touch(Request):
    """Click on an element of the last picture; with `text`, type into it."""

    number: int
    text: Secret | None = None


class Flow(Request):
    """Let sound pass between the program and the worker, or stop it. It begins stopped."""

    on: bool


class Stay(Request):
    """The page must not be left now, for a call goes through it; or may again."""

    on: bool


class Leave(Request):
    """End the program kindly, then the session."""


REQUEST = any_below(Request)
