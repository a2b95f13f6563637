"""From the store's rows to what the chat may see of them."""

from bridge.control.views import (
    AccountView,
    Blocked,
    CallView,
    InviteView,
    PhoneView,
    QuietHours,
    UserView,
    VoicemailView,
)
from bridge.settings import Settings
from bridge.store import Limits, accounts, calls, invites, phones, rules, users, voicemails


def user_view(row: users.User) -> UserView:
    return UserView(
        id=row.id,
        chat=row.chat,
        name=row.name,
        language=row.language,
        time_zone=row.time_zone,
        is_owner=row.is_owner,
    )


def invite_view(row: invites.Invite, token: str = "") -> InviteView:
    return InviteView(
        id=row.id,
        token=token,
        created=row.created,
        expires=row.expires,
        used_by=row.guest.name if row.guest else "",
        revoked=row.revoked_at is not None,
    )


def phone_view(row: phones.Phone) -> PhoneView:
    return PhoneView(
        id=row.id,
        label=row.label,
        address=row.address,
        position=row.position,
        ring_seconds=row.ring_seconds,
        enabled=row.enabled,
        verified=row.verified_at is not None,
        cooling_until=row.cooling_until,
    )


def account_view(row: accounts.Account) -> AccountView:
    return AccountView(
        id=row.id,
        network=row.network,
        address=row.address,
        label=row.label,
        enabled=row.enabled,
        is_trunk=row.is_trunk,
        health=row.health,
        since=row.since,
        reason=row.reason,
        facts=row.facts,
    )


def call_view(row: calls.Call) -> CallView:
    return CallView.model_validate({name: getattr(row, name) for name in CallView.model_fields})


def voicemail_view(row: voicemails.Voicemail) -> VoicemailView:
    return VoicemailView(
        id=row.id,
        call=row.call_id,
        caller_name=row.caller_name,
        caller_address=row.caller_address,
        created=row.created,
        seconds=row.seconds,
        heard=row.heard,
    )


def blocked_view(row: rules.Blocked) -> Blocked:
    return Blocked(address=row.address, name=row.name, since=row.since)


def quiet_hours_view(row: rules.QuietHours) -> QuietHours:
    return QuietHours(weekdays=row.weekdays, start=row.start, end=row.end)


def host_limits(settings: Settings) -> Limits:
    """What a user may spend who has no limits of his own."""
    return Limits(
        concurrent_calls=settings.concurrent_calls,
        minutes_a_day=settings.minutes_a_day,
        longest_call_minutes=settings.longest_call_minutes,
        house_minutes_a_day=settings.house_minutes_a_day,
    )
