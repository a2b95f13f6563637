"""The user's own phones."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from bridge.api.commands.phones import (
    AddPhone,
    ChangePhone,
    ListPhones,
    RemovePhone,
    TestCall,
    VerifyPhone,
)
from bridge.errors import BadInput, HouseError, NotAllowed, UnknownTarget
from tests.contracts.desk.world import DeskContract, DeskWorld, covers

NO_PHONE = UnknownTarget("no_such_phone")
BOUNDS = BadInput("bad_ring_seconds", least="5", most="120")


class PhonesContract(DeskContract):
    async def phone(self, desk: DeskWorld, user: UUID, number: int = 0) -> UUID:
        added = await desk.ask(AddPhone(user=user, label="", address=f"030 12345{number}0"))
        return added.id

    async def labels(self, desk: DeskWorld, user: UUID) -> list[str]:
        listed = await desk.ask(ListPhones(user=user))
        assert [one.position for one in listed] == list(range(len(listed)))
        return [one.label for one in listed]

    @covers(AddPhone, ListPhones)
    async def test_a_phone_is_added_as_people_write_it(self, desk: DeskWorld, ada: UUID) -> None:
        added = await desk.ask(AddPhone(user=ada, label="Desk\nphone", address=" (030) 123 456 "))
        assert (added.label, added.address, added.position) == ("Desk phone", "+4930123456", 0)
        assert (added.enabled, added.verified, added.pin_waived) == (True, False, False)
        assert added.ring_seconds == 25
        bare = await desk.ask(AddPhone(user=ada, label="", address="Ada@PBX.example"))
        assert (bare.address, bare.label) == ("sip:Ada@pbx.example", "sip:Ada@pbx.example")
        assert await desk.ask(ListPhones(user=ada)) == [added, bare]

    @pytest.mark.parametrize(
        ("address", "why"),
        [
            ("what", BadInput("invalid_number")),
            ("", BadInput("invalid_number")),
            ("+49301", BadInput("invalid_number")),
            ("sip:nobody", BadInput("bad_sip_address")),
            ("112", NotAllowed("emergency_number")),
            ("+43 1 2345678", NotAllowed("country_not_allowed", country="AT")),
            ("0900 1234567", NotAllowed("number_type_not_allowed", type="premium_rate")),
        ],
    )
    @covers(AddPhone)
    async def test_what_may_not_be_dialled_is_no_phone(
        self, desk: DeskWorld, ada: UUID, address: str, why: HouseError
    ) -> None:
        await desk.refuses(AddPhone(user=ada, label="", address=address), why)
        assert await desk.ask(ListPhones(user=ada)) == []

    @covers(AddPhone)
    async def test_one_phone_is_there_once_and_eight_are_enough(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        for number in range(8):
            await self.phone(desk, ada, number)
        again = AddPhone(user=ada, label="Other", address="+49 30 1234500")
        await desk.refuses(again, BadInput("phone_exists"))
        ninth = AddPhone(user=ada, label="Other", address="030 1234580")
        await desk.refuses(ninth, BadInput("too_many_phones", limit="8"))
        await desk.ask(again.model_copy(update={"user": ben}))

    @covers(ChangePhone)
    async def test_only_what_is_given_changes_of_a_phone(self, desk: DeskWorld, ada: UUID) -> None:
        phone = await self.phone(desk, ada)
        [before] = await desk.ask(ListPhones(user=ada))
        for given in (
            {"label": "Kitchen"},
            {"ring_seconds": 5},
            {"ring_seconds": 120},
            {"enabled": False},
            {"pin_waived": True},
        ):
            after = await desk.ask(ChangePhone(user=ada, phone=phone, **given))
            assert after == before.model_copy(update=given)
            before = after
        assert await desk.ask(ChangePhone(user=ada, phone=phone, label="")) == before
        assert await desk.ask(ListPhones(user=ada)) == [before]

    @pytest.mark.parametrize("seconds", [-1, 0, 4, 121, 10**6])
    @covers(ChangePhone)
    async def test_it_rings_neither_for_a_blink_nor_for_ever(
        self, desk: DeskWorld, ada: UUID, seconds: int
    ) -> None:
        phone = await self.phone(desk, ada)
        await desk.refuses(
            ChangePhone(user=ada, phone=phone, label="X", ring_seconds=seconds), BOUNDS
        )
        [kept] = await desk.ask(ListPhones(user=ada))
        assert (kept.label, kept.ring_seconds) == ("+4930123450" + "0", 25)

    @covers(ChangePhone, AddPhone)
    async def test_a_long_label_is_cut(self, desk: DeskWorld, ada: UUID) -> None:
        long = AddPhone(user=ada, label="x" * 300, address="030 123456")
        added = await desk.ask(long)
        assert added.label == "x" * 200
        changed = await desk.ask(ChangePhone(user=ada, phone=added.id, label=" y\t" + "z" * 300))
        assert changed.label == "y " + "z" * 198

    @pytest.mark.parametrize(
        ("place", "order"), [(0, "BAC"), (1, "ABC"), (2, "ACB"), (99, "ACB"), (-3, "BAC")]
    )
    @covers(ChangePhone)
    async def test_the_order(self, desk: DeskWorld, ada: UUID, place: int, order: str) -> None:
        ids = {}
        for number, label in enumerate("ABC"):
            ids[label] = await self.phone(desk, ada, number)
            await desk.ask(ChangePhone(user=ada, phone=ids[label], label=label))
        moved = await desk.ask(ChangePhone(user=ada, phone=ids["B"], position=place))
        assert moved.position == order.index("B")
        assert "".join(await self.labels(desk, ada)) == order

    @covers(RemovePhone)
    async def test_one_is_removed_and_the_others_move_up(self, desk: DeskWorld, ada: UUID) -> None:
        first, second = await self.phone(desk, ada, 1), await self.phone(desk, ada, 2)
        await desk.ask(RemovePhone(user=ada, phone=first))
        [left] = await desk.ask(ListPhones(user=ada))
        assert (left.id, left.position) == (second, 0)
        await desk.refuses(RemovePhone(user=ada, phone=first), NO_PHONE)

    @covers(VerifyPhone, TestCall)
    async def test_a_phone_is_called_to_try_it(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.serves(ada)
        phone = await self.phone(desk, ada)
        shown = await desk.ask(VerifyPhone(user=ada, phone=phone))
        assert shown.digits.isdecimal() and shown.tries_left == 3
        assert await desk.ask(TestCall(user=ada, phone=phone)) is None

    @covers(ChangePhone, RemovePhone, VerifyPhone, TestCall)
    async def test_nobody_touches_anothers_phone(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        await desk.serves(ben)
        his: dict[str, Any] = {"user": ben, "phone": await self.phone(desk, ada)}
        for one in (ChangePhone(**his), RemovePhone(**his), VerifyPhone(**his), TestCall(**his)):
            await desk.refuses(one, NO_PHONE)
            await desk.refuses(one.model_copy(update={"phone": uuid4()}), NO_PHONE)
        await desk.refuses(ChangePhone(**his, ring_seconds=1), NO_PHONE)
