"""What the user may switch on and off by phone."""

from collections.abc import Awaitable, Callable
from functools import partial

from bridge.api.preferences import DECLARED
from bridge.api.views import PhoneView
from bridge.calls import spoken
from bridge.calls.ivr.menu import Menu, MenuEntry, numbered
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.ports.subscriber import Subscriber, SubscriberProfile
from bridge.calls.spoken import N_, Phrase
from bridge.scope import promptly, uninterrupted

Change = Callable[[], Awaitable[None]]

_TITLE = Phrase(N_("Settings."))
_PHONES = N_("To choose which phones ring, press {key}.")
_WHICH_PHONES = Phrase(N_("Your phones."))
_RINGS = N_("{name} rings. To switch it off, press {key}.")
_SILENT = N_("{name} does not ring. To switch it on, press {key}.")

_OFFERED = {name: each for name, each in DECLARED.items() if each.by_phone}


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
    """A key stays with its preference, whether that means something just now or not."""
    entries: list[MenuEntry[Change]] = []
    for place, (name, offered) in enumerate(_OFFERED.items(), 1):
        key, value = numbered(place), getattr(rules.preferences, name)
        change = partial(_kept, partial(subscriber.prefer, {name: offered.after(value)}))
        if name != "keeps_quiet" or rules.quiet_hours:
            entries.append(MenuEntry(key, Phrase(offered.by_phone[value], {"key": key}), change))
    if any(phone.verified for phone in rules.phones):
        key = numbered(len(_OFFERED) + 1)
        entries.append(
            MenuEntry(key, Phrase(_PHONES, {"key": key}), partial(_choose_phones, guest))
        )
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
