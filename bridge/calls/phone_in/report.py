"""How things are: what rings, what waits, which accounts are well."""

from bridge.api.views import AccountView
from bridge.calls import spoken
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.spoken import N_
from bridge.scope import promptly
from bridge.terms import Health

_FORWARDED = N_("Calls ring your phones.")
_NOT_FORWARDED = N_("Calls go to the voicemail.")
_MESSAGES = N_("New messages: {count}.")
_NO_MESSAGES = N_("No new messages.")
_ALL_WELL = N_("All your accounts are ready.")
_SIGN_IN = N_("Your account {name} needs you to sign in again: see the chat.")
_AWAY = N_("Your account {name} is not connected.")
_NO_ACCOUNTS = N_("You have no accounts yet. Add them in the chat.")


async def enter(guest: PhonedIn) -> None:
    services, language = guest.services, guest.rules.language
    new = sum(not one.heard for one in await promptly(services.mailbox.messages()))
    accounts = [one for one in await promptly(services.subscriber.accounts()) if one.enabled]
    ill = [one for one in accounts if one.health is not Health.READY]
    forwarding = services.subscriber.rules().preferences.forwarding
    told = [
        spoken.spoken(language, _FORWARDED if forwarding else _NOT_FORWARDED),
        spoken.spoken(language, _MESSAGES if new else _NO_MESSAGES, count=str(new)),
        *(_ill(language, one) for one in ill),
    ]
    if not ill:
        told.append(spoken.spoken(language, _ALL_WELL if accounts else _NO_ACCOUNTS))
    await guest.ivr.read_out(" ".join(told))


def _ill(language: str, account: AccountView) -> str:
    sentence = _SIGN_IN if account.health is Health.NEEDS_SIGN_IN else _AWAY
    return spoken.spoken(language, sentence, name=spoken.name(language, account.label))
