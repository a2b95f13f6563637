"""What is said to the keeper of sessions, and what it answers.

One packet each, JSON. The house says first how everything is kept (KeeperOrder), then whose line a
descriptor is (ServeUser). A worker asks along its line, and sends the end on which it is answered
with each request; no request says whose it is. A worker may be broken: what it says is bounded,
and names nothing but a number, a recipe and answers.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bridge.connectors.desktop.sandbox.folder import UIDS
from bridge.errors import KINDS, HouseError

if TYPE_CHECKING:  # what else it loads, the keeper has no use for
    from bridge.settings import Settings

LONGEST = 48 << 10
"""Bytes of a packet."""

_Number = Annotated[int, Field(ge=0, lt=1 << 31)]
_Name = Annotated[str, Field(max_length=100)]
_Answer = Annotated[str, Field(max_length=2000)]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @property
    def packet(self) -> bytes:
        return self.model_dump_json().encode()


class KeeperOrder(_Message):
    """What of the settings concerns sessions. Whoever starts the keeper says it, and nobody else:
    with the keeper's rights these paths are written to, and shown to programs.
    """

    data_dir: Path
    recipes: Path | None = None
    authorities: Path | None = None
    private_hosts: tuple[str, ...] = ()
    uids: tuple[int, int] = (UIDS.start, UIDS.stop)

    @classmethod
    def configured(cls, settings: "Settings") -> Self:
        return cls(
            data_dir=settings.data_dir.absolute(),
            recipes=settings.recipes and settings.recipes.absolute(),
            authorities=settings.authorities and settings.authorities.absolute(),
            private_hosts=settings.private_hosts,
        )


class ServeUser(_Message):
    """Comes with the keeper's end of a worker's line. `profiles` are those of the user's accounts:
    of folders that were made before folders knew whose they are.
    """

    user: UUID
    profiles: frozenset[int] = frozenset()


class ClaimProfile(_Message):
    """A new, empty folder for an account's program."""

    kind: Literal["claim"] = "claim"


class HasProfile(_Message):
    """Whether this folder is there, and the user's."""

    kind: Literal["has"] = "has"
    number: _Number


class RemoveProfile(_Message):
    """A folder of the user's, with all that is in it."""

    kind: Literal["remove"] = "remove"
    number: _Number


class KeepProfiles(_Message):
    """All others of the user are removed: of a sign-in that was cut short, or of who is
    forgotten.
    """

    kind: Literal["keep"] = "keep"
    numbers: frozenset[_Number] = Field(max_length=1000)


class OpenSession(_Message):
    """Lasts until the end that came with it is closed. Its first answer brings the session's two
    descriptors, control and sound.
    """

    kind: Literal["open"] = "open"
    number: _Number
    recipe: _Name
    values: dict[_Name, _Answer] = Field(max_length=20)
    rate: int = Field(ge=8000, le=48000)


KeeperRequest = ClaimProfile | HasProfile | RemoveProfile | KeepProfiles | OpenSession
KEEPER_REQUEST: TypeAdapter[KeeperRequest] = TypeAdapter(
    Annotated[KeeperRequest, Field(discriminator="kind")]
)


class KeeperReply(_Message):
    """`kind`, `code` and `facts` are those of what went wrong; for a session that had begun they
    come as a second answer when it is over, with what its agent `said` last.
    """

    number: int = 0
    place: int = 0
    kind: str = ""
    code: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    said: str = ""

    @classmethod
    def fault(cls, why: HouseError, said: str = "") -> Self:
        return cls(kind=type(why).__name__, code=why.code, facts=why.facts, said=said)

    @property
    def why(self) -> HouseError | None:
        return KINDS[self.kind](self.code, **self.facts) if self.kind else None
