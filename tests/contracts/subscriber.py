"""What a Subscriber promises (bridge.calls.ports.subscriber).

That legs are closed and calls are written once is the caller's duty; no side has to bear more.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from bridge.api.preferences import Preferences
from bridge.calls.ports.subscriber import Subscriber
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.terms import Party
from tests.bot import things

PIN = "8305"
CALLER = Party("+4930999", "Grace", "sip")


class SubscriberWorld(ABC):
    subscriber: Subscriber

    @abstractmethod
    async def phone(self, label: str, address: str) -> UUID:
        """He has one more, which nobody has verified."""

    @abstractmethod
    async def account(self, label: str) -> UUID:
        """He has signed in."""

    @abstractmethod
    async def chooses_pin(self, pin: str) -> None: ...

    @abstractmethod
    async def written(self) -> list[UUID]:
        """The calls in his history."""

    @abstractmethod
    async def messages(self) -> Mapping[UUID, bytes]:
        """What was left for him."""


class SubscriberContract:
    @pytest.fixture
    async def world(self) -> SubscriberWorld:
        raise NotImplementedError("each side gives its world")

    async def test_the_rules_are_those_of_the_last_refresh(self, world: SubscriberWorld) -> None:
        await world.subscriber.refresh()
        assert world.subscriber.rules().phones == ()
        phone = await world.phone("Desk", "sip:desk@box")
        await world.subscriber.refresh()
        rules = world.subscriber.rules()
        [known] = rules.phones
        assert known == rules.phone(phone)
        assert (known.label, known.address, known.verified) == ("Desk", "sip:desk@box", False)
        assert (rules.country, rules.preferences) == ("DE", Preferences())
        assert rules.preferences.forwarding and rules.preferences.keeps_quiet
        assert rules.phone(uuid4()) is None and not rules.has_pin

    async def test_a_leg_is_opened_renewed_and_closed(self, world: SubscriberWorld) -> None:
        phone, call = await world.phone("Desk", "sip:desk@box"), uuid4()
        await world.subscriber.refresh()
        for to in (phone, None):
            ticket = await world.subscriber.open_leg(call, to, counted=False)
            assert ticket.seconds_left == pytest.approx(4 * 3600, abs=60)
            assert (ticket.rule.code, ticket.rule.facts) == ("longest_call", {"limit": "240"})
            renewed = await world.subscriber.renew_leg(ticket.id)
            assert renewed.id == ticket.id and renewed.seconds_left <= ticket.seconds_left
            await world.subscriber.close_leg(ticket.id, 12.5)

    async def test_legs_that_there_are_not(self, world: SubscriberWorld) -> None:
        await world.subscriber.refresh()
        with pytest.raises(UnknownTarget, match="no_such_phone"):
            await world.subscriber.open_leg(uuid4(), uuid4(), counted=False)
        with pytest.raises(UnknownTarget, match="no_such_leg"):
            await world.subscriber.renew_leg(uuid4())
        with pytest.raises(UnknownTarget, match="no_such_leg"):
            await world.subscriber.close_leg(uuid4(), 1.0)

    async def test_calls_and_messages_are_kept(self, world: SubscriberWorld) -> None:
        call = things.call()
        kept = await world.subscriber.keep_voicemail(call.id, CALLER, 6.5, b"OggS")
        assert (kept.call, kept.seconds, kept.heard) == (call.id, 6.5, False)
        assert (kept.caller_name, kept.caller_address) == (CALLER.name, CALLER.address)
        await world.subscriber.write(call)
        assert await world.written() == [call.id]
        assert dict(await world.messages()) == {kept.id: b"OggS"}

    @pytest.mark.parametrize(
        ("caller", "entry"),
        [
            (CALLER, CALLER.address),
            (Party(""), "anonymous"),
            (Party("anonymous@anonymous.invalid"), "anonymous"),
            (Party("unknown"), "anonymous"),
        ],
    )
    async def test_a_caller_is_blocked_once(
        self, world: SubscriberWorld, caller: Party, entry: str
    ) -> None:
        for _ in range(2):
            await world.subscriber.block(caller)
        assert world.subscriber.rules().blocked == (entry,)

    async def test_a_phone_is_verified(self, world: SubscriberWorld) -> None:
        phone = await world.phone("Desk", "sip:desk@box")
        assert await world.subscriber.verification_tries_left(phone) == 3
        assert await world.subscriber.verification_failed(phone) == 2
        assert await world.subscriber.verification_tries_left(phone) == 2
        await world.subscriber.verified(phone)
        known = world.subscriber.rules().phone(phone)
        assert known is not None and known.verified
        assert await world.subscriber.verification_tries_left(phone) == 3

    async def test_after_three_wrong_tries_it_rests(self, world: SubscriberWorld) -> None:
        phone = await world.phone("Desk", "sip:desk@box")
        left = [await world.subscriber.verification_failed(phone) for _ in range(4)]
        assert left == [2, 1, 0, 0]
        with pytest.raises(NotAllowed, match="cooling") as refused:
            await world.subscriber.verification_tries_left(phone)
        assert is_later(refused.value)

    async def test_a_phone_that_there_is_not(self, world: SubscriberWorld) -> None:
        await world.subscriber.refresh()
        for asked in (
            world.subscriber.verification_tries_left,
            world.subscriber.verification_failed,
            world.subscriber.verified,
        ):
            with pytest.raises(UnknownTarget, match="no_such_phone"):
                await asked(uuid4())
        with pytest.raises(UnknownTarget, match="no_such_phone"):
            await world.subscriber.enable_phone(uuid4(), False)

    async def test_without_a_pin_nobody_is_let_in(self, world: SubscriberWorld) -> None:
        with pytest.raises(NotAllowed, match="no_pin"):
            await world.subscriber.check_pin(PIN, CALLER)
        assert not await world.subscriber.pin_locked()

    async def test_a_right_pin_makes_wrong_ones_forgotten(self, world: SubscriberWorld) -> None:
        await world.chooses_pin(PIN)
        for _ in range(2):
            for digits in ("1", ""):
                assert not await world.subscriber.check_pin(digits, CALLER)
            assert await world.subscriber.check_pin(PIN, CALLER)
        assert not await world.subscriber.pin_locked()

    async def test_the_third_wrong_pin_locks(self, world: SubscriberWorld) -> None:
        await world.chooses_pin(PIN)
        for digits in ("1", "2"):
            assert not await world.subscriber.check_pin(digits, CALLER)
        for digits in ("3", "4", PIN):
            with pytest.raises(NotAllowed, match="pin_locked") as refused:
                await world.subscriber.check_pin(digits, CALLER)
            assert is_later(refused.value)
        assert await world.subscriber.pin_locked()

    async def test_switches_take_effect_at_once(self, world: SubscriberWorld) -> None:
        phone = await world.phone("Desk", "sip:desk@box")
        for on in (False, True):
            await world.subscriber.prefer({"forwarding": on})
            await world.subscriber.prefer({"keeps_quiet": not on})
            await world.subscriber.enable_phone(phone, on)
            rules = world.subscriber.rules()
            assert rules.preferences == Preferences(forwarding=on, keeps_quiet=not on)
            assert [one.enabled for one in rules.phones] == [on]

    @pytest.mark.parametrize(
        ("patch", "field"), [({"forwarding": "what"}, "forwarding"), ({"x": 1}, "x")]
    )
    async def test_preferences_that_there_are_not(
        self, world: SubscriberWorld, patch: dict[str, object], field: str
    ) -> None:
        await world.subscriber.refresh()
        with pytest.raises(BadInput, match="bad_preference") as refused:
            await world.subscriber.prefer({"keeps_quiet": False, **patch})
        assert refused.value.facts == {"field": field}
        await world.subscriber.refresh()
        assert world.subscriber.rules().preferences == Preferences()

    async def test_accounts(self, world: SubscriberWorld) -> None:
        accounts = [await world.account("Work"), await world.account("Home")]
        assert [one.id for one in await world.subscriber.accounts()] == accounts


def is_later(refused: NotAllowed) -> bool:
    return datetime.fromisoformat(refused.facts["until"]) > datetime.now(UTC)
