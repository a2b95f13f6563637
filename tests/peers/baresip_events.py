"""What happens at a baresip phone, in our words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "registering", "registered", "register_failed", "unregistered", "incoming", "ringing",
    "progress", "established", "closed", "digit", "transfer", "transfer_failed",
]  # fmt: skip

# baresip's event types (baresip 1.0, `uag_event_str`) in our words; the others are left out
KINDS: dict[str, Kind] = {
    "REGISTERING": "registering",
    "REGISTER_OK": "registered",
    "REGISTER_FAIL": "register_failed",
    "UNREGISTERING": "unregistered",
    "CALL_INCOMING": "incoming",
    "CALL_RINGING": "ringing",
    "CALL_PROGRESS": "progress",
    "CALL_ESTABLISHED": "established",
    "CALL_CLOSED": "closed",
    "CALL_DTMF_START": "digit",
    "CALL_TRANSFER": "transfer",
    "CALL_TRANSFER_FAILED": "transfer_failed",
}


@dataclass(frozen=True)
class PhoneEvent:
    """One thing that happened at the phone."""

    kind: Kind
    at: float  # time.monotonic(), seconds
    call: str  # baresip's id of the call: the SIP Call-ID's first part, or ""
    uri: str  # the other side, as shown: sip:+4930123@host:port
    display_name: str  # the other side's name, as shown
    said: str  # the digit, the reason, the registrar's answer

    @property
    def number(self) -> str:
        """The user part of the other side's address, as a phone's display shows it."""
        return self.uri.partition(":")[2].partition("@")[0].partition(";")[0]


def event_of(said: dict[str, Any]) -> PhoneEvent | None:
    """baresip's own event as one of ours; None for those that tests have no use for."""
    kind = KINDS.get(said["type"])
    if kind is None:
        return None
    return PhoneEvent(
        kind,
        time.monotonic(),
        said.get("id", ""),
        said.get("peeruri", ""),
        said.get("peerdisplayname", ""),
        str(said.get("param", "")),
    )
