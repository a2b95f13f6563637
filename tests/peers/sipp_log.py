"""What sipp saw: its message log, cut into messages, and what it counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Message:
    """One SIP message, as sipp saw it."""

    direction: Literal["sent", "received"]
    at: datetime
    text: str

    @property
    def first_line(self) -> str:
        return self.text.split("\n", 1)[0].strip()

    @property
    def method(self) -> str:
        """INVITE, CANCEL ... for a request; for a response the method that it answers."""
        if self.first_line.startswith("SIP/2.0 "):
            return (self.header("CSeq") or " ?").split()[-1]
        return self.first_line.split(" ", 1)[0]

    @property
    def status(self) -> int | None:
        """200, 486 ... for a response, None for a request."""
        found = re.match(r"SIP/2\.0 (\d{3})", self.first_line)
        return int(found[1]) if found else None

    def header(self, name: str) -> str | None:
        found = re.search(rf"(?im)^{re.escape(name)}[ \t]*:[ \t]*(.*?)\r?$", self.text)
        return found[1] if found else None


@dataclass(frozen=True)
class Outcome:
    """What sipp counted."""

    successful: int
    failed: int
    messages: list[Message]

    @property
    def answers(self) -> Counter[int]:
        """How often each final status answered an INVITE of ours."""
        return Counter(
            message.status
            for message in self.messages
            if message.direction == "received" and message.method == "INVITE"
            if message.status is not None and message.status >= 200
        )

    def response_times(self, *statuses: int) -> list[float]:
        """Seconds from each call's first INVITE sent to its first answer with one of `statuses`
        (any but 100 when none is named), from sipp's own log, in microseconds."""
        began: dict[str | None, datetime] = {}
        times: dict[str | None, float] = {}
        for message in self.messages:
            call = message.header("Call-ID")
            if message.direction == "sent" and message.first_line.startswith("INVITE "):
                began.setdefault(call, message.at)
            elif (
                message.direction == "received"
                and message.method == "INVITE"
                and call in began
                and (message.status in statuses if statuses else message.status != 100)
            ):
                times.setdefault(call, (message.at - began[call]).total_seconds())
        return list(times.values())


def parse_messages(log: str) -> list[Message]:
    """sipp's message log, cut into messages."""
    found = []
    head = re.compile(
        r"^-{40,} (?P<at>[\d-]+[ \t][\d:.]+).*\n"
        r"(?:UDP|TCP|TLS) message (?P<way>sent|received).*\n\n",
        re.MULTILINE,
    )
    heads = list(head.finditer(log))
    ends = [*(following.start() for following in heads[1:]), len(log)]
    for this, end in zip(heads, ends, strict=False):  # of an empty log nothing but its end
        text = log[this.end() : end].rstrip("\n")
        at = datetime.fromisoformat(this["at"].replace("\t", " ")[:26])
        found.append(Message("sent" if this["way"] == "sent" else "received", at, text))
    return found
