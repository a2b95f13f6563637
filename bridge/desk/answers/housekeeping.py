"""What the house's own programs ask for."""

from datetime import timedelta

from bridge.api.commands.housekeeping import SweepHistory
from bridge.desk.command_registry import CommandRegistry, answers
from bridge.store.listening import downloads
from bridge.store.upkeep import retention


@answers(SweepHistory)
async def sweep_history(desk: CommandRegistry, _: SweepHistory) -> None:
    kept = timedelta(days=desk.settings.history_days)
    await desk.store.run(retention.sweep, desk.now, kept)
    await desk.store.read(downloads.remove_orphans, desk.settings.data_dir)
