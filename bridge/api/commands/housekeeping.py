"""What the house's own programs ask for."""

from bridge.api.command import Command


class SweepHistory(Command[None]):
    """Delete the history older than the host wants it, and everything that has expired. Asked by
    the scheduler every night; doing it again changes nothing.
    """
