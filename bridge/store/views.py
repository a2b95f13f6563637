"""From the store's rows to what the chat may see of them."""

from collections.abc import Callable
from datetime import datetime

from bridge.api.contact_views import ContactAddressView, ContactView
from bridge.api.listening_views import EpisodeView, PodcastView, ProgrammeView, StationView, Times
from bridge.api.views import (
    AccountView,
    BlockedView,
    CallView,
    InviteView,
    PhoneView,
    QuietHoursView,
    UserView,
    VoicemailView,
)
from bridge.settings import Settings
from bridge.store import CallLimits
from bridge.store.calls import calls, voicemails
from bridge.store.contacts import contacts
from bridge.store.listening import episodes, podcasts, stations, subscriptions
from bridge.store.people import accounts, invites, phones, users
from bridge.store.preferences import rules
from bridge.terms import RingRule


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
        pin_waived=row.pin_waived,
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
        is_phone_in=row.is_phone_in,
        health=row.health,
        since=row.since,
        reason=row.reason,
        facts=row.facts,
    )


def call_view(row: calls.CallRecord) -> CallView:
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
        transcript=row.transcript,
    )


def closed_way(row: contacts.ContactAddress) -> ContactAddressView:
    """As it is while nobody serves the user's accounts."""
    return ContactAddressView(id=row.id, network=row.network, address=row.address)


def contact_view(
    known: contacts.Known, way: Callable[[contacts.ContactAddress], ContactAddressView] = closed_way
) -> ContactView:
    row = known.contact
    return ContactView(
        id=row.id,
        name=row.name,
        speed_dial=str(row.speed_dial),
        sounds_like=row.sounds_like,
        talked=row.talked,
        ways=tuple(map(way, known.ways)),
    )


def blocked_view(row: rules.Blocked) -> BlockedView:
    return BlockedView(address=row.address, name=row.name, since=row.since)


def quiet_hours_view(row: rules.QuietHours) -> QuietHoursView:
    return QuietHoursView(weekdays=row.weekdays, start=row.start, end=row.end)


def episode_view(entry: episodes.HeardEpisode) -> EpisodeView:
    row = entry.episode
    return EpisodeView(
        id=row.id,
        podcast=entry.subscription,
        podcast_title=entry.podcast,
        title=row.title,
        published=row.published,
        seconds=row.seconds,
        position=entry.position,
        heard=entry.heard,
        ready=row.stored is not None,
        size=row.size,
    )


def podcast_view(summary: podcasts.Summary) -> PodcastView:
    row, feed = summary.subscription, summary.feed
    return PodcastView(
        id=row.id,
        address=feed.address,
        title=feed.title,
        cover=feed.cover,
        link=feed.link,
        state=feed.state,
        reason=feed.reason,
        facts=feed.facts,
        latest=episode_view(summary.latest) if summary.latest else None,
        unheard=summary.unheard,
        rings=row.rings,
        times=tuple(map(times_view, summary.times)) if row.rings is RingRule.AT_TIMES else (),
        pick=row.pick,
        least_minutes=row.least_minutes,
        oldest_days=row.oldest_days,
    )


def times_view(row: subscriptions.RingTime) -> Times:
    return Times(weekdays=row.weekdays, at=row.at)


def station_view(row: stations.Station) -> StationView:
    return StationView(id=row.id, name=row.name, address=row.address)


def programme_view(
    row: stations.Programme, station: stations.Station, next: datetime | None
) -> ProgrammeView:
    """`next` as bridge.schedules finds it; its schedule is the row's."""
    weekly = row.at is not None
    return ProgrammeView(
        id=row.id,
        station=station_view(station),
        title=row.title,
        times=Times(weekdays=row.weekdays or frozenset(), at=row.at) if weekly else None,
        cron=row.cron,
        calendar=row.calendar is not None,
        calendar_address=row.calendar_address,
        minutes=row.minutes,
        enabled=row.enabled,
        next=next,
    )


def host_limits(settings: Settings) -> CallLimits:
    """What a user may spend who has no limits of his own."""
    return CallLimits(
        concurrent_calls=settings.concurrent_calls,
        minutes_a_day=settings.minutes_a_day,
        longest_call_minutes=settings.longest_call_minutes,
        house_minutes_a_day=settings.house_minutes_a_day,
    )
