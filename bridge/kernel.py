"""What a process asks of the kernel for itself (prctl(2))."""

import ctypes
import signal

_PARENT_DEATH_SIGNAL, _DUMPABLE = 1, 4
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(by: signal.Signals) -> None:
    """Even if that is killed. A change of user takes it back."""
    _libc.prctl(_PARENT_DEATH_SIGNAL, by)


def keep_memory_private() -> None:
    """No other process of the same user looks into ours, and no core is left."""
    _libc.prctl(_DUMPABLE, 0, 0, 0, 0)
