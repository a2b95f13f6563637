"""How pjsua2 is touched safely from Python: callbacks that never raise, errors that can be read."""

import functools
import logging
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

log = logging.getLogger(__name__)


def guarded(callback: Callable[..., Any]) -> Callable[..., Any]:
    """For overrides that C calls: an exception is logged and dropped, never printed into
    sys.last_traceback.

    A pinned traceback would keep a Call object alive past libDestroy, which aborts the process.
    """

    @functools.wraps(callback)
    def quiet(*arguments: Any) -> Any:
        try:
            return callback(*arguments)
        except BaseException as why:
            log.error("pjsua2 callback %s failed: %s", callback.__qualname__, reason_of(why))
            return None

    return quiet


def reason_of(why: BaseException) -> str:
    """One line; a pj.Error prints empty, its reason does not."""
    return (
        f"{why.title}: {why.reason}"
        if isinstance(why, pj.Error)
        else f"{type(why).__name__}: {why}"
    )


def retire(account: pj.Account) -> None:
    """On the pjsua2 thread: shut `account` for good, and never run its destructor.

    The library gives a free number to the next account, and the destructor of the old one, run
    whenever the last traceback that knows it is collected, would shut the new one: the next
    REGISTER of that one then aborts the process. Leaving the old object be costs a kilobyte.
    """
    account.shutdown()
    account.__disown__()
