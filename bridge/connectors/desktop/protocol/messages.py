"""What a session agent tells its worker: one JSON object a line. What it is asked: requests.py.

The agent runs inside the session, as the session's user, beside a program that nobody here wrote;
whatever it tells may be a lie. So lines are short, every field is checked, and what is shown to
people is cleaned where it is shown.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bridge.tagged import Tagged, any_below

LONGEST = 4 << 20
"""Bytes of a line: a picture of the screen is the longest."""


class AgentMessage(BaseModel):
    """A line between a session agent and its worker, or a part of one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AgentFact(AgentMessage, Tagged):
    """What it tells by itself, or a reply."""


Told = AgentFact


class Up(AgentFact):
    """Bus, sound and screen of the session are there; nothing is started in it yet."""


class ProgramStarted(AgentFact):
    """The client program runs."""

    pid: int


class ProgramEnded(AgentFact):
    """By itself, or killed; the agent does not start it again."""

    status: int


class Action(AgentMessage):
    """A button of a notification."""

    key: str = Field(max_length=200)
    label: str = Field(max_length=200)


class Notified(AgentFact):
    """org.freedesktop.Notifications.Notify (Desktop Notifications Specification 1.2)."""

    id: int
    app: str = Field(max_length=200)
    summary: str = Field(max_length=500)
    body: str = Field(max_length=2000)
    actions: tuple[Action, ...] = Field(default=(), max_length=20)


class NotificationClosed(AgentFact):
    """A notification is gone."""

    id: int


class StreamSeen(AgentFact):
    """A program plays (a sink-input of PulseAudio) or records (a source-output): it is new, or it
    has changed. The session's own modules and the agent are not told of.
    """

    stream: Literal["plays", "records"]
    index: int
    program: str = Field(max_length=200)
    """application.process.binary."""
    name: str = Field(default="", max_length=200)
    corked: bool = False


class StreamGone(AgentFact):
    """A program plays or records no more."""

    stream: Literal["plays", "records"]
    index: int


class PageSeen(AgentFact):
    """The web app shows another address, or other elements of those that are watched for."""

    url: str = Field(max_length=4000)
    shown: frozenset[str] = frozenset()
    """The names of the watched elements (`Watch`) that can be seen now."""
    texts: dict[str, str] = Field(default_factory=dict)
    """What those elements say, cut to 200 characters."""


class WindowSeen(AgentFact):
    """A window is shown, or has changed."""

    id: int
    wm_class: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=500)
    width: int = 0
    height: int = 0
    override_redirect: bool = False
    """It is none that a window manager places: a menu, or a pop-up (ICCCM 4.1.10)."""


class WindowGone(AgentFact):
    """A window is closed."""

    id: int


class SoundDrifted(AgentFact):
    """While sound is let pass, since the last such fact: gaps in what the program records, and
    frames of either direction that were left out.
    """

    underruns: int = Field(ge=0, le=10_000)
    overruns: int = Field(ge=0, le=10_000)


class PartLost(AgentFact):
    """A part of the session died; the agent ends after this, and the session with it."""

    part: Literal["bus", "sound", "screen", "browser"]


class Element(AgentMessage):
    """Something on the screen that can be clicked or typed into; its number is on the picture."""

    number: int
    label: str = Field(default="", max_length=200)
    takes_text: bool = False
    secret: bool = False


class Reply(AgentFact):
    """To the request `id`; `code` (of bridge.errors) when it could not be done."""

    id: int
    code: str = ""
    text: str = ""
    """What was read, or (base64) a PNG."""
    elements: tuple[Element, ...] = ()


TOLD = any_below(Told)
