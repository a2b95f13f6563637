"""What the user may switch on and off by phone."""

from collections.abc import Awaitable, Callable
from functools import partial

from bridge.api.views import PhoneView
from bridge.calls import spoken
from bridge.calls.ivr.menu import Menu, MenuEntry, numbered
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.ports.subscriber import Subscriber, SubscriberProfile
from bridge.calls.spoken import N_, Phrase
from bridge.scope import promptly, uninterrupted

Change = Callable[[], Awaitable[None]]

_TITLE = Phrase(N_("Settings."))
_FORWARDED = Phrase(N_("Calls ring your phones. To stop that, press 1."))
_NOT_FORWARDED = Phrase(N_("Calls go to the voicemail. To let them ring, press 1."))
_QUIET = Phrase(N_("Your quiet hours are kept. To suspend them, press 2."))
_NOT_QUIET = Phrase(N_("Your quiet hours are suspended. To keep them, press 2."))
_PHONES = Phrase(N_("To choose which phones ring, press 3."))
_WHICH_PHONES = Phrase(N_("Your phones."))
_RINGS = N_("{name} rings. To switch it off, press {key}.")
_SILENT = N_("{name} does not ring. To switch it on, press {key}.")


async def enter(guest: PhonedIn) -> None:
    """Each change is read out anew, as it is then."""
    subscriber = guest.services.subscriber
    while (
        change := await guest.ivr.choose(_settings(guest, subscriber, subscriber.rules()))
    ) is not None:
        await change()


async def _choose_phones(guest: PhonedIn) -> None:
    subscriber = guest.services.subscriber
    while (change := await guest.ivr.choose(_phones(guest, subscriber))) is not None:
        await change()


async def _kept(change: Change) -> None:
    """As a whole, though he hangs up meanwhile: the calls go by it, not only the store."""
    await uninterrupted(promptly(change()))


def _settings(guest: PhonedIn, subscriber: Subscriber, rules: SubscriberProfile) -> Menu[Change]:
    forwarding, quiet = rules.preferences.forwarding, rules.preferences.keeps_quiet
    entries: list[MenuEntry[Change]] = [
        MenuEntry(
            "1",
            _FORWARDED if forwarding else _NOT_FORWARDED,
            partial(_kept, partial(subscriber.prefer, {"forwarding": not forwarding})),
        )
    ]
    if rules.quiet_hours:
        entries.append(
            MenuEntry(
                "2",
                _QUIET if quiet else _NOT_QUIET,
                partial(_kept, partial(subscriber.prefer, {"keeps_quiet": not quiet})),
            )
        )
    if any(phone.verified for phone in rules.phones):
        entries.append(MenuEntry("3", _PHONES, partial(_choose_phones, guest)))
    return Menu(_TITLE, tuple(entries))


def _phones(guest: PhonedIn, subscriber: Subscriber) -> Menu[Change]:
    rules = subscriber.rules()
    verified = [phone for phone in rules.phones if phone.verified]
    entries = (
        MenuEntry(
            numbered(place),
            _state(rules, phone, numbered(place)),
            partial(_kept, partial(subscriber.enable_phone, phone.id, not phone.enabled)),
        )
        for place, phone in enumerate(verified, 1)
    )
    return Menu(_WHICH_PHONES, tuple(entries))


def _state(rules: SubscriberProfile, phone: PhoneView, key: str) -> Phrase:
    facts = {"name": spoken.name(rules.language, phone.label), "key": key}
    return Phrase(_RINGS if phone.enabled else _SILENT, facts)
