"""What the house's own programs ask for."""

from datetime import timedelta

from bridge.control.commands import SweepHistory
from bridge.control.reception import Reception, answers
from bridge.store import retention


@answers(SweepHistory)
async def sweep_history(desk: Reception, _: SweepHistory) -> None:
    kept = timedelta(days=desk.settings.history_days)
    await desk.store.run(retention.sweep, desk.now, kept)
