"""The user's own phones."""

from bridge.api.commands import phones as commands
from bridge.desk.command_registry import CommandRegistry, answers, passes_on, reads, writes
from bridge.store.people import phones


@answers(commands.AddPhone)
async def add_phone(desk: CommandRegistry, asked: commands.AddPhone) -> phones.Phone:
    address = desk.dialable(asked.address)
    row = await desk.store.run(phones.add, asked.user, asked.label, address)
    desk.workers.refresh(asked.user)
    return row


reads(commands.ListPhones, phones.of_user)
writes(commands.ChangePhone, phones.change, refreshes=True)
writes(commands.RemovePhone, phones.remove, refreshes=True)
passes_on(commands.VerifyPhone, having=phones.get)
passes_on(commands.TestCall, having=phones.get)
