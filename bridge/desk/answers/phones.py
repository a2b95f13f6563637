"""The user's own phones."""

from typing import Any

from bridge.api.commands.phones import (
    AddPhone,
    ChangePhone,
    ListPhones,
    RemovePhone,
    TestCall,
    VerifyPhone,
)
from bridge.api.views import PhoneView
from bridge.desk.command_registry import CommandRegistry, answers
from bridge.store.people import phones
from bridge.store.views import phone_view


@answers(ListPhones)
async def list_phones(desk: CommandRegistry, asked: ListPhones) -> list[PhoneView]:
    return [phone_view(row) for row in await desk.store.read(phones.of_user, asked.user)]


@answers(AddPhone)
async def add_phone(desk: CommandRegistry, asked: AddPhone) -> PhoneView:
    address = desk.dialable(asked.address)
    row = await desk.store.run(phones.add, asked.user, asked.label, address)
    desk.workers.refresh(asked.user)
    return phone_view(row)


@answers(ChangePhone)
async def change_phone(desk: CommandRegistry, asked: ChangePhone) -> PhoneView:
    row = await desk.store.run(
        phones.change,
        asked.user,
        asked.phone,
        label=asked.label,
        ring_seconds=asked.ring_seconds,
        enabled=asked.enabled,
        pin_waived=asked.pin_waived,
        position=asked.position,
    )
    desk.workers.refresh(asked.user)
    return phone_view(row)


@answers(RemovePhone)
async def remove_phone(desk: CommandRegistry, asked: RemovePhone) -> None:
    await desk.store.run(phones.remove, asked.user, asked.phone, desk.now)
    desk.workers.refresh(asked.user)


@answers(VerifyPhone, TestCall)
async def call_phone(desk: CommandRegistry, asked: VerifyPhone | TestCall) -> Any:
    await desk.store.read(phones.get, asked.user, asked.phone)
    return await desk.workers.send(asked.user, asked)
