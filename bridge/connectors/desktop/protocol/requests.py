"""What a session agent is asked by its worker: a JSON object a line, each answered by a Reply."""

from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, SecretStr, TypeAdapter

from bridge.connectors.desktop.protocol.messages import AgentMessage

Secret = Annotated[SecretStr, PlainSerializer(SecretStr.get_secret_value)]
"""Written out on the wire, and nowhere else."""


class Start(AgentMessage):
    """Start the program. With `address` it is a web app: Chromium shows that address."""

    kind: Literal["start"] = "start"
    id: int = 0
    argv: tuple[str, ...] = ()
    environment: dict[str, str] = Field(default_factory=dict)
    microphone_after_ms: int = 0
    address: str = ""


class Watch(AgentMessage):
    """Tell by PageSeen which of these elements can be seen; CSS selectors or Playwright's own, by
    name.
    """

    kind: Literal["watch"] = "watch"
    id: int = 0
    elements: dict[str, str]


class Invoke(AgentMessage):
    """Choose an action of a notification."""

    kind: Literal["invoke"] = "invoke"
    id: int = 0
    notification: int
    key: str


class CallBus(AgentMessage):
    """A method call on the session's bus; `signature` and `arguments` as dbus-fast takes them."""

    kind: Literal["call_bus"] = "call_bus"
    id: int = 0
    name: str
    path: str
    interface: str
    member: str
    signature: str = ""
    arguments: tuple[str | int | bool, ...] = ()


class Click(AgentMessage):
    """On an element of the page, or on a point of a window (of the screen, where it is 0)."""

    kind: Literal["click"] = "click"
    id: int = 0
    element: str = ""
    waits: bool = True
    """For an element that is not there yet."""
    window: int = 0
    x: int = 0
    y: int = 0


class Close(AgentMessage):
    """Ask the program to close this window, as the button in its corner does."""

    kind: Literal["close"] = "close"
    id: int = 0
    window: int


class Fill(AgentMessage):
    """Type into an element of the page, or into what has the focus."""

    kind: Literal["fill"] = "fill"
    id: int = 0
    element: str = ""
    text: Secret


class Press(AgentMessage):
    """Keys, in xdotool's words: "ctrl+Return"."""

    kind: Literal["press"] = "press"
    id: int = 0
    keys: str
    window: int = 0


class Run(AgentMessage):
    """A program that ends by itself within seconds; its output is the reply's text."""

    kind: Literal["run"] = "run"
    id: int = 0
    argv: tuple[str, ...]


class Open(AgentMessage):
    """Show this address in the web app."""

    kind: Literal["open"] = "open"
    id: int = 0
    address: str


class Read(AgentMessage):
    """The texts of all elements that match, one a line."""

    kind: Literal["read"] = "read"
    id: int = 0
    element: str


class Look(AgentMessage):
    """A picture of the screen, with its elements numbered."""

    kind: Literal["look"] = "look"
    id: int = 0


class Touch(AgentMessage):
    """Click on an element of the last picture; with `text`, type into it."""

    kind: Literal["touch"] = "touch"
    id: int = 0
    number: int
    text: Secret | None = None


class Flow(AgentMessage):
    """Let sound pass between the program and the worker, or stop it. It begins stopped."""

    kind: Literal["flow"] = "flow"
    id: int = 0
    on: bool


class Stay(AgentMessage):
    """The page must not be left now, for a call goes through it; or may again."""

    kind: Literal["stay"] = "stay"
    id: int = 0
    on: bool


class Leave(AgentMessage):
    """End the program kindly, then the session."""

    kind: Literal["leave"] = "leave"
    id: int = 0


Request = Annotated[
    Start
    | Watch
    | Invoke
    | CallBus
    | Click
    | Close
    | Fill
    | Press
    | Run
    | Open
    | Read
    | Look
    | Touch
    | Flow
    | Stay
    | Leave,
    Field(discriminator="kind"),
]
REQUEST: TypeAdapter[Request] = TypeAdapter(Request)
