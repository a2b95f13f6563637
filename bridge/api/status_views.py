"""How things stand: the user's accounts, phones, calls and worker."""

from datetime import datetime

from bridge.api.view import View
from bridge.api.views import AccountView


class WorkerView(View):
    """How the user's worker is."""

    running: bool
    since: datetime | None
    restarts: int


class StatusView(View):
    """How things stand."""

    accounts: tuple[AccountView, ...]
    phones_ready: int
    calls_running: int
    new_voicemails: int
    worker: WorkerView
    trunk: AccountView | None = None
