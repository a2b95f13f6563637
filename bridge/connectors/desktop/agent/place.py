"""Where a session's files are, and what its programs are told of it."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SessionPaths:
    """`run` is emptied before each start, `home` is kept."""

    home: Path
    run: Path

    @classmethod
    def of_environment(cls) -> "SessionPaths":
        """KeyError where HOME or XDG_RUNTIME_DIR is missing."""
        return cls(Path(os.environ["HOME"]), Path(os.environ["XDG_RUNTIME_DIR"]))

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the agent's own: what it needs to find its libraries is none of theirs."""
        return {
            "HOME": str(self.home),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/games",
            "XDG_RUNTIME_DIR": str(self.run),
        }
