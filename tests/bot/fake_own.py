"""The part of the house in memory that knows a user's preferences, phones and accounts."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from bridge.api.check_views import VerificationView
from bridge.api.commands.accounts import (
    Answer,
    BeginSignIn,
    CancelSignIn,
    ChangeAccount,
    ListAccounts,
    ListNetworks,
    RemoveAccount,
)
from bridge.api.commands.phones import (
    AddPhone,
    ChangePhone,
    ListPhones,
    RemovePhone,
    TestCall,
    VerifyPhone,
)
from bridge.api.commands.preferences import ChangeSettings, GetSettings, SetGreeting, SetPin
from bridge.api.views import (
    AccountView,
    NetworkView,
    PhoneView,
    QuietHoursView,
    SettingsView,
)
from bridge.errors import BadInput, UnknownTarget
from bridge.store.people import phones, pins
from bridge.store.preferences.quiet_hours import MOST_QUIET_HOURS
from bridge.terms import Health
from bridge.text import clean_text
from tests.bot.fake_home import FakeRoom, Home, found, given, now


class FakeOwnThings(FakeRoom):
    digits = "4287"
    networks = {"sip": "SIP", "loop": "Loop"}  # noqa: RUF012  # nobody changes it

    def phone(self, home: Home, label: str = "Mobile", address: str = "+4915112345678",
              verified: bool = True) -> PhoneView:  # fmt: skip
        phone = PhoneView(
            id=uuid4(), label=label, address=address, position=len(home.phones),
            ring_seconds=25, enabled=True, verified=verified,
        )  # fmt: skip
        home.phones.append(phone)
        return phone

    def account(self, home: Home, label: str = "Work", health: Health = Health.READY,
                **more: Any) -> AccountView:  # fmt: skip
        usual = {
            "id": uuid4(), "network": "sip", "address": "ada@sip.example", "label": label,
            "enabled": True, "health": health, "since": now() - timedelta(hours=2),
        }  # fmt: skip
        account = AccountView(**{**usual, **more})
        home.accounts.append(account)
        return account

    # --- settings

    def _GetSettings(self, q: GetSettings) -> SettingsView:
        return self.home_of(q).settings

    def _ChangeSettings(self, q: ChangeSettings) -> SettingsView:
        if q.time_zone is not None and q.time_zone not in available_timezones():
            raise BadInput("bad_time_zone")
        home, changes = self.home_of(q), given(q, "patch")
        changes["preferences"] = home.settings.preferences.patched(q.patch)
        if q.quiet_hours is not None:
            if len(q.quiet_hours) > MOST_QUIET_HOURS or not all(map(_sensible, q.quiet_hours)):
                raise BadInput("bad_quiet_hours")
            changes["quiet_hours"] = tuple(sorted(q.quiet_hours, key=lambda one: one.start))
        known = {name: changes[name] for name in ("language", "time_zone") if name in changes}
        home.user = home.user.model_copy(update=known)
        if q.language is not None:
            changes["language_is_chosen"] = True
        home.settings = home.settings.model_copy(update=changes)
        return home.settings

    def _SetPin(self, q: SetPin) -> SettingsView:
        home = self.home_of(q)
        if q.pin is not None:
            pins.check(q.pin)
            if any(phone.address.endswith(q.pin) for phone in home.phones):
                raise BadInput("easy_pin")
        home.pin = q.pin
        changes = {"has_pin": q.pin is not None, "pin_locked_until": None}
        home.settings = home.settings.model_copy(update=changes)
        return home.settings

    def _SetGreeting(self, q: SetGreeting) -> None:
        home = self.home_of(q)
        home.greeting = None if q.audio is None else _sound(q.audio)
        home.settings = home.settings.model_copy(update={"has_greeting": q.audio is not None})

    # --- phones

    def _ListPhones(self, q: ListPhones) -> list[PhoneView]:
        return sorted(self.home_of(q).phones, key=lambda phone: phone.position)

    def _AddPhone(self, q: AddPhone) -> PhoneView:
        home, address = self.home_of(q), self.dialable(q.address)
        if any(phone.address == address for phone in home.phones):
            raise BadInput("phone_exists")
        if len(home.phones) >= phones.MOST:
            raise BadInput("too_many_phones", limit=str(phones.MOST))
        return self.phone(home, clean_text(q.label or address), address, verified=False)

    def _ChangePhone(self, q: ChangePhone) -> PhoneView:
        home, bounds = self.home_of(q), phones.RING_SECONDS
        phone = found(home.phones, q.phone, "no_such_phone")
        if q.ring_seconds is not None and q.ring_seconds not in bounds:
            raise BadInput("bad_ring_seconds", least=str(bounds[0]), most=str(bounds[-1]))
        changes = given(q, "phone")
        place = max(0, changes.pop("position", phone.position))
        changes["label"] = clean_text(q.label or phone.label)
        ordered = self._ListPhones(ListPhones(user=q.user))
        ordered.remove(phone)
        ordered.insert(place, phone.model_copy(update=changes))
        _number(home, ordered)
        changed: PhoneView = found(home.phones, q.phone, "no_such_phone")
        return changed

    def _RemovePhone(self, q: RemovePhone) -> None:
        home = self.home_of(q)
        home.phones.remove(found(home.phones, q.phone, "no_such_phone"))
        _number(home, self._ListPhones(ListPhones(user=q.user)))

    def _VerifyPhone(self, q: VerifyPhone) -> VerificationView:
        found(self.home_of(q).phones, q.phone, "no_such_phone")
        return VerificationView(digits=self.digits, tries_left=3)

    def _TestCall(self, q: TestCall) -> None:
        found(self.home_of(q).phones, q.phone, "no_such_phone")

    # --- accounts

    def _ListNetworks(self, q: ListNetworks) -> list[NetworkView]:
        return [NetworkView(network=name, title=title) for name, title in self.networks.items()]

    def _ListAccounts(self, q: ListAccounts) -> list[AccountView]:
        return self.home_of(q).accounts

    def _BeginSignIn(self, q: BeginSignIn) -> UUID:
        if q.network not in self.networks:
            raise UnknownTarget("no_such_network", network=q.network)
        if q.account is not None:
            known = found(self.home_of(q).accounts, q.account, "no_such_account")
            if known.network != q.network:
                raise UnknownTarget("no_such_account")
        return uuid4()

    def _Answer(self, q: Answer) -> None:
        return None

    def _CancelSignIn(self, q: CancelSignIn) -> None:
        return None

    def _ChangeAccount(self, q: ChangeAccount) -> AccountView:
        home = self.home_of(q)
        account = found(home.accounts, q.account, "no_such_account")
        changes = given(q, "account") | {"label": clean_text(q.label or account.label)}
        if q.enabled is not None and q.enabled != account.enabled:
            changes["health"] = Health.CONNECTING if q.enabled else Health.OFF
            changes |= {"since": datetime.now(UTC), "reason": "", "facts": {}}
        if q.is_trunk:
            others = [each.model_copy(update={"is_trunk": False}) for each in home.accounts]
            home.accounts = [account if each.id == q.account else each for each in others]
        changed: AccountView = account.model_copy(update=changes)
        home.accounts[home.accounts.index(account)] = changed
        return changed

    def _RemoveAccount(self, q: RemoveAccount) -> None:
        home = self.home_of(q)
        home.accounts.remove(found(home.accounts, q.account, "no_such_account"))


def _sound(audio: str) -> bytes:
    """By its first bytes."""
    try:
        sound = base64.b64decode(audio, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("bad_audio") from None
    if not sound.startswith((b"OggS", b"RIFF", b"ID3")):
        raise BadInput("bad_audio")
    return sound


def _sensible(hours: QuietHoursView) -> bool:
    local = hours.start.tzinfo is None and hours.end.tzinfo is None
    days = bool(hours.weekdays) and hours.weekdays <= set(range(7))
    return local and days and hours.start != hours.end


def _number(home: Home, ordered: list[PhoneView]) -> None:
    home.phones = [
        each.model_copy(update={"position": number}) for number, each in enumerate(ordered)
    ]
