"""Who runs what, where several processes share the files (pytest-xdist)."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

DEPARTMENTS = (
    "tests/scheduler/kills/",
    "tests/real/",
    "tests/bridge/connectors/desktop/",
    "tests/bridge/connectors/sip/",
)
"""Folders that take minutes, the longest first; all others are one department more."""
_UNCOUNTED = (*DEPARTMENTS, "tests/bridge/audio/")
"""There sound goes by the clock, which counting would hold up, or the product runs in children."""


def is_counted(nodeid: str) -> bool:
    """Whether pytest-cov watches it."""
    return not nodeid.startswith(_UNCOUNTED)


def turn(scope: str) -> int:
    """The department of a test or a file: by that they are sorted, and keep their order in it."""
    found = (n for n, folder in enumerate(DEPARTMENTS) if scope.startswith(folder))
    return next(found, len(DEPARTMENTS))


class DepartmentScheduling(LoadFileScheduling):  # type: ignore[misc]
    """A file a time, in the order of `turn`. A process stays in its department, where files share
    what takes long to build up, and prefers one in which no other works: those that wait and those
    that compute run side by side.
    """

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(self._chosen(node), last=False)
        super()._assign_work_unit(node)

    def _chosen(self, node: WorkerController) -> str:
        mine = self._latest(node)
        taken = {self._latest(other) for other in self.nodes if other is not node}
        waiting = list(self.workqueue)
        for wanted in (lambda one: one == mine, lambda one: one not in taken):
            for scope in waiting:
                if wanted(turn(scope)):
                    return scope
        return waiting[0]

    def _latest(self, node: WorkerController) -> int | None:
        """The department of the file that it was given last."""
        given = self.assigned_work.get(node)
        return turn(next(reversed(given))) if given else None
