"""The rules and the history of one user, with the rules at hand."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bridge.calls.ports.subscriber import SubscriberProfile, SubscriberRecord
from bridge.terms import Party


class ProfiledSubscriber:
    """The port Subscriber, on a record."""

    def __init__(self, record: SubscriberRecord) -> None:
        self.open_leg, self.renew_leg = record.open_leg, record.renew_leg
        self.close_leg, self.write = record.close_leg, record.write
        self.keep_voicemail = record.keep_voicemail
        self.verification_tries_left = record.verification_tries_left
        self.verification_failed = record.verification_failed
        self.check_pin, self.pin_locked = record.check_pin, record.pin_locked
        self.accounts, self.profile = record.accounts, record.profile
        self._record = record
        self._rules: SubscriberProfile | None = None

    def rules(self) -> SubscriberProfile:
        if self._rules is None:
            raise RuntimeError("the rules must be refreshed before they are read")
        return self._rules

    async def refresh(self) -> None:
        self._rules = await self._record.profile()

    async def block(self, party: Party) -> None:
        await self._record.block(party)
        await self.refresh()

    async def verified(self, phone: UUID) -> None:
        await self._record.verified(phone)
        await self.refresh()

    async def prefer(self, patch: Mapping[str, Any]) -> None:
        await self._record.prefer(patch)
        await self.refresh()

    async def enable_phone(self, phone: UUID, on: bool) -> None:
        await self._record.enable_phone(phone, on)
        await self.refresh()
