"""The user's own phones."""

from bridge.api.commands.phones import (
    AddPhone,
    ChangePhone,
    ListPhones,
    RemovePhone,
    TestCall,
    VerifyPhone,
)
from bridge.desk.command_registry import CommandRegistry, answers, passes_on, reads, writes
from bridge.store.people import phones


@answers(AddPhone)
async def add_phone(desk: CommandRegistry, asked: AddPhone) -> phones.Phone:
    address = desk.dialable(asked.address)
    row = await desk.store.run(phones.add, asked.user, asked.label, address)
    desk.workers.refresh(asked.user)
    return row


reads(ListPhones, phones.of_user)
writes(ChangePhone, phones.change, refreshes=True)
writes(RemovePhone, phones.remove, refreshes=True)
passes_on(VerifyPhone, having=phones.get)
passes_on(TestCall, having=phones.get)
