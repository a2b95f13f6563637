"""Every child there is, and what each may do."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class ChildKind:
    """`module` has a `main(end: socket.socket, *arguments: str)`, called behind the walls."""

    module: str
    memory: int | None = 512 << 20
    """Bytes of address space, of which 120 MiB are libraries; None where models are of any size."""
    seconds: int = 20
    """Of processor time, until its parent renews them."""
    writes: int = 0
    """Bytes up to which a file that is handed over for writing may grow."""
    reads: tuple[str, ...] = ()
    """Files and folders, besides the program itself."""

    def packed(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, text: str) -> "ChildKind":
        told = json.loads(text)
        return cls(**{**told, "reads": tuple(told["reads"])})


FEED_PARSER = ChildKind("scheduler.feeds.parser")
CALENDARS = ChildKind("bridge.schedules.child")
PLAYLISTS = ChildKind("scheduler.downloads.playlist_child")
IMPORTS = ChildKind("bridge.desk.imports.child")
"""vCards and OPML."""
INSPECTOR = ChildKind("scheduler.downloads.inspector")
"""With a target it may write as much as that needs."""
DECODER = ChildKind("bridge.audio.decoder.child", reads=("/etc/ssl", "/usr/share/ca-certificates"))
"""Its worker connects it to stations: it has no network of its own."""
VOICE_NOTE = ChildKind("bridge.audio.voice.voice_note", memory=1 << 30, seconds=30)
SPEECH = ChildKind("bridge.audio.speech.child", seconds=120)
"""With models it gets their paths, and as much memory as they take."""

KINDS = (
    *(FEED_PARSER, CALENDARS, PLAYLISTS, IMPORTS),
    *(INSPECTOR, DECODER, VOICE_NOTE, SPEECH),
)
