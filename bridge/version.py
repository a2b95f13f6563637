"""Which version this is, for reports of faults."""

from pathlib import Path

WRITTEN = Path(__file__).with_name("version.txt")
"""By `make setup` in a checkout, by setuptools-scm in a package."""


def version() -> str:
    """As the last tag says, with the commits since: 0.2.0, or 0.2.0.post3+g1a2b3c4."""
    try:
        return WRITTEN.read_text().strip()
    except OSError:
        return "unknown"
