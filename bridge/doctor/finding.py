"""What one check found, and how all of them are shown."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bridge.errors import HouseError

_WIDTH = 100


class Verdict(StrEnum):
    """How bad a finding is."""

    FINE = "ok"
    NOTE = "note"
    """It works so, but not everything does."""
    FAULT = "FAULT"
    """The service cannot start, or not do its main job."""


@dataclass(frozen=True)
class Finding:
    """`told` is what was seen, `remedy` what to do about it."""

    what: str
    verdict: Verdict
    told: str
    remedy: str = ""


def fine(what: str, told: str) -> Finding:
    return Finding(what, Verdict.FINE, told)


def note(what: str, told: str, remedy: str = "") -> Finding:
    return Finding(what, Verdict.NOTE, told, remedy)


def fault(what: str, told: str, remedy: str = "") -> Finding:
    return Finding(what, Verdict.FAULT, told, remedy)


def refused(what: str, why: HouseError) -> Finding:
    return fault(what, why.facts.get("why", why.code), why.facts.get("remedy", ""))


def table(findings: Sequence[Finding]) -> str:
    """Three columns: what, verdict, and what was seen with its remedy below."""
    first = max(len(one.what) for one in findings)
    second = max(len(verdict) for verdict in Verdict)
    indent = " " * (first + second + 4)
    lines = []
    for one in findings:
        head = f"{one.what:{first}}  {one.verdict:{second}}  "
        lines += _wrapped(one.told, head, indent)
        if one.remedy:
            lines += _wrapped(one.remedy, f"{indent}→ ", f"{indent}  ")
    faults = sum(one.verdict is Verdict.FAULT for one in findings)
    lines += ["", f"To be mended: {faults}." if faults else "All is well."]
    return "\n".join(lines)


def _wrapped(text: str, head: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
