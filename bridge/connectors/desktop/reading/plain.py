"""What is told and what happens, in plain words for whoever writes a recipe: one line each."""

from collections.abc import Iterator

from bridge.connectors.desktop.protocol.messages import (
    NotificationClosed,
    Notified,
    PageSeen,
    PartLost,
    ProgramEnded,
    ProgramStarted,
    SoundDrifted,
    StreamGone,
    StreamSeen,
    Told,
    WindowGone,
    WindowSeen,
)
from bridge.connectors.desktop.reading.happening import (
    Ended,
    Happening,
    InCall,
    NeedsSignIn,
    NotTaken,
    RingOver,
    Rings,
    RingsThere,
    SignedIn,
)
from bridge.text import clean_text


def seen(told: Told) -> str:
    """In the words that a recipe's signs use."""
    match told:
        case ProgramStarted():
            return "the program has started"
        case ProgramEnded(status=status):
            return f"the program has ended ({status})"
        case PartLost(part=part):
            return f"the session's {part} has ended, and the session with it"
        case Notified():
            actions = ", ".join(f"{it.key} ({_quoted(it.label)})" for it in told.actions)
            return (
                f"notification {told.id}: app {_quoted(told.app)}, summary {_quoted(told.summary)},"
                f" body {_quoted(told.body)}, actions {actions or 'none'}"
            )
        case NotificationClosed(id=number):
            return f"notification {number} is closed"
        case StreamSeen():
            paused = ", paused" if told.corked else ""
            return (
                f"stream {told.index}: {_quoted(told.program)} {told.stream},"
                f" media {_quoted(told.name)}{paused}"
            )
        case StreamGone(stream=stream, index=index):
            return f"stream {index} is gone ({stream})"
        case PageSeen():
            return f"page: url {_quoted(told.url)}, {'; '.join(_elements(told)) or 'no element'}"
        case WindowSeen():
            popup = ", popup" if told.override_redirect else ""
            return (
                f"window {told.id}: class {_quoted(told.wm_class)}, title {_quoted(told.title)},"
                f" {told.width} x {told.height}{popup}"
            )
        case SoundDrifted(underruns=gaps, overruns=left_out):
            return f"sound: {gaps} gaps, {left_out} frames left out"
        case WindowGone(id=number):
            return f"window {number} is gone"
        case _:
            return told.kind


def meant(happening: Happening) -> str:
    match happening:
        case Rings(name=name, address=address):
            told = f" ({_quoted(address)})" if address else ""
            return f"RINGS: {_quoted(name) if name else 'nobody knows who'}{told}"
        case RingOver():
            return "THE RINGING IS OVER"
        case InCall():
            return "IN A CALL"
        case Ended():
            return "THE CALL HAS ENDED"
        case RingsThere():
            return "IT RINGS THERE"
        case NotTaken(refused=refused):
            return "DECLINED THERE" if refused else "NOT TAKEN THERE"
        case SignedIn():
            return "SIGNED IN"
        case NeedsSignIn():
            return "AT THE SIGN-IN PAGE"
        case _:
            return "UNCLEAR: neither signed in nor at the sign-in page"


def _elements(page: PageSeen) -> Iterator[str]:
    for name in sorted(page.shown):
        text = page.texts.get(name, "")
        yield f"element {name} {_quoted(text)}" if text else f"element {name}"


def _quoted(text: str) -> str:
    """On one line; what a program shows cannot steer the terminal."""
    return f'"{clean_text(text)}"'
