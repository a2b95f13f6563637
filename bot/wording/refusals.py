"""What each code of the house means, and what to do. A test finds codes without a sentence."""

from datetime import datetime

from markupsafe import Markup

from bot.wording import desktops, listening, phoning
from bot.wording.texts import N_, Words
from bridge.errors import HouseError

REFUSALS = {
    # the house itself
    "house_unreachable": N_(
        "The telephone bridge does not answer at the moment. Please try again in a minute."
    ),
    "store_unreachable": N_(
        "The telephone bridge cannot reach its memory at the moment. Please try again in a minute."
    ),
    "house_failed": N_(
        "Something went wrong in the telephone bridge. Please try again. If it happens again, "
        "tell your host."
    ),
    "worker_restarting": N_(
        "Your part of the bridge is just restarting. Please try again in a minute."
    ),
    **dict.fromkeys(
        ("no_such_command", "bad_request", "bad_preference"),
        N_(
            "The chat and the telephone bridge are different versions. Please ask your host to "
            "restart both."
        ),
    ),
    "wrong_control_token": N_(
        "The chat may not speak to the telephone bridge. "
        "Please ask your host to check CONTROL_TOKEN."
    ),
    "too_long": N_("That is too long. Please shorten it."),
    "not_owner": N_("Only the owner of this bridge can do that."),
    # coming in
    "wrong_code": N_("This code is not right. The current one is in the log of the bridge."),
    "owner_stays": N_("The owner cannot be removed."),
    "more_than_one_user": N_("Several members are called so."),
    "no_such_user": N_("This person is not a member any more."),
    "no_such_invite": N_("This invitation does not exist. Please ask for a new one."),
    "invite_expired": N_("This invitation has expired. Please ask for a new one."),
    "invite_used": N_("This invitation has been used already. Please ask for a new one."),
    "invite_revoked": N_("This invitation was withdrawn. Please ask for a new one."),
    # phones
    "no_such_phone": N_("This phone is no longer in your list."),
    "phone_exists": N_("This phone is in your list already."),
    "too_many_phones": N_("You have as many phones as this bridge allows. Remove one first."),
    "not_verified": N_("This phone is not verified yet. Please verify it first, under /phones."),
    "invalid_number": N_(
        "I cannot read this as a telephone number. Please type it with its area code, "
        "such as 030 123456, or with the country code, such as +43 1 234567."
    ),
    "country_not_allowed": N_(
        "This bridge does not call numbers in {country}. Your host can allow the country."
    ),
    "number_type_not_allowed": N_(
        "This bridge does not call numbers of this kind ({type}). "
        "Please use an ordinary landline or mobile number."
    ),
    "emergency_number": N_(
        "This bridge never calls emergency numbers. "
        "In an emergency, please dial on the phone itself."
    ),
    "short_number": N_("This bridge does not call short numbers. Please type a complete number."),
    "bad_sip_address": N_(
        "I cannot use this as a SIP address. Please type it like sip:ada@example.org."
    ),
    "cooling": N_("Too many tries. You can verify this phone again from {until}."),
    "no_trunk": N_(
        "There is no line yet for calling telephone numbers. Ask your host to set up a trunk, or "
        "choose one of your SIP accounts for it, under /accounts."
    ),
    "phone_is_trunk": N_(
        "This address belongs to the telephone provider of the bridge. Please add the phone by "
        "its telephone number."
    ),
    "bad_ring_seconds": N_("A phone can ring for {least} to {most} seconds. Please choose again."),
    "cannot_dial": N_(
        "I cannot call this phone: its number or address makes no sense to me. Please remove it "
        "and add it again."
    ),
    # calls and their limits
    "lines_busy": N_(
        "All {limit} lines of your bridge are in use. Please try again when a call is over."
    ),
    "no_such_leg": N_("This call is over already."),
    "already_calling": N_("I am calling this phone already. Please wait until that call is over."),
    "concurrent_calls": N_(
        "You have as many calls at once as you may ({limit}). Please end one of them first."
    ),
    "minutes_today": N_("Your {limit} minutes for today are used up. You get new ones tomorrow."),
    "house_minutes_today": N_(
        "All minutes of this bridge for today are used up. There are new ones tomorrow."
    ),
    "longest_call": N_("A call may last {limit} minutes at most. You can call again at once."),
    "no_phone": N_("No phone of yours rings. Please add one and verify it, or switch one on."),
    "call_over": N_("This call is over already."),
    "no_such_call": N_("This call is no longer known."),
    "no_such_voicemail": N_("This message is no longer there."),
    # accounts
    "no_such_account": N_("This account is no longer there."),
    "no_such_network": N_("This bridge does not know that network."),
    "no_such_sign_in": N_("This sign-in is over. Please begin again, under /accounts."),
    "question_over": N_("This sign-in is over. Please begin again, under /accounts."),
    "sign_in_timeout": N_("It took too long. Please begin again, under /accounts."),
    "too_many_accounts": N_("You have as many accounts as this bridge allows. Remove one first."),
    "account_exists": N_("You have this account already, under /accounts."),
    "wrong_password": N_(
        "The provider does not accept this user name and password. Please check both and sign in "
        "again."
    ),
    "unknown_account": N_(
        "{host} does not know this user name. Please sign in again and check how it is spelled."
    ),
    "bad_server": N_(
        "I cannot use this as the name of a server. Please type it like sip.provider.de."
    ),
    "bad_sip_user": N_(
        "I cannot use this as a user name. Please type it as your provider gave it to you, "
        "without @."
    ),
    "not_registered_timeout": N_(
        "{host} does not answer. I keep trying. If it goes on, please check the server's name."
    ),
    "tls_not_trusted": N_(
        "{host} shows a certificate that this bridge does not trust. "
        "Please check the provider's address, or choose UDP or TCP."
    ),
    "registrar_unreachable": N_(
        "{host} cannot be reached. I keep trying. If it goes on, please check the server's name."
    ),
    "server_error": N_(
        "The provider's server reports a fault of its own ({why}). I keep trying. If it goes on, "
        "please ask the provider."
    ),
    "throttled": N_("{host} wants a pause of {seconds} seconds. I try again by myself then."),
    "lease_lost": N_(
        "Another part of the bridge serves this account just now. Please try again in a minute."
    ),
    # settings
    "bad_pattern": N_("I cannot block this. Please type a number or an address."),
    "too_many_blocked": N_("Your block list is full ({limit}). Take a caller off it first."),
    "bad_quiet_hours": N_(
        "I cannot use these hours. Please type them like 22-7 or Mon-Fri 22:30-07:00."
    ),
    "bad_hours": N_(
        "I cannot read these hours. Please type them like 22-7 or Mon-Fri 22:30-07:00."
    ),
    "bad_audio": N_("I cannot use this as a greeting. Please send a voice message."),
    "bad_time_zone": N_("I do not know this time zone. Please type a large city, such as Vienna."),
    **listening.SENTENCES,
    **desktops.SENTENCES,
    **phoning.SENTENCES,
}

NUMBER_TYPES = {
    "premium_rate": N_("premium rate"),
    "shared_cost": N_("shared cost"),
    "toll_free": N_("toll free"),
    "personal_number": N_("personal number"),
    "pager": N_("pager"),
    "uan": N_("company number"),
    "voicemail": N_("voicemail"),
    "unknown": N_("unknown"),
}


def refusal(words: Words, why: HouseError) -> Markup:
    return sentence_of(words, why.code, why.facts)


def sentence_of(words: Words, code: str, facts: dict[str, str]) -> Markup:
    """The sentence for a code. One that the chat does not know is named, so it can be told on."""
    known = REFUSALS.get(code)
    if known is None:
        return words(N_("That did not work ({code}). Please tell your host."), code=code)
    return words(known, **_readable(words, facts))


def _readable(words: Words, facts: dict[str, str]) -> dict[str, str]:
    """Facts as people read them: a country by its name, an instant by the user's clock."""
    told = dict(facts)
    if "country" in told:
        told["country"] = words.country(told["country"]) or "–"
    if "until" in told:
        told["until"] = _instant(words, told["until"])
    if "type" in told:
        told["type"] = words.label(NUMBER_TYPES.get(told["type"].lower(), told["type"]))
    return told


def _instant(words: Words, text: str) -> str:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return words.when(instant) if instant.tzinfo else text
