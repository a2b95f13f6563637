"""What each code of the house about contacts and phoning in means, and what to do."""

from bot.wording.texts import N_

SENTENCES = {
    # contacts
    "no_such_contact": N_("This contact is no longer in your list. Look under /contacts."),
    "no_such_way": N_("This number or address is no longer there. Look under /contacts."),
    "too_many_contacts": N_(
        "You have as many contacts as this bridge keeps ({limit}). Remove some first, under "
        "/contacts."
    ),
    "too_many_ways": N_(
        "This person has as many numbers and addresses as I keep ({limit}). Remove one first."
    ),
    "no_way": N_(
        "There is no way to reach this person just now. Look under /status whether your accounts "
        "are ready, or add another number under /contacts."
    ),
    "on_the_phone": N_("You are on the phone already. Call again when that call is over."),
    "bad_speed_dial": N_(
        "This cannot be a speed dial. Please type digits from 1 to 8 only, such as 5 or 12."
    ),
    "speed_dial_taken": N_(
        "This is the speed dial of {name}. Type another one, or give {name} another one first."
    ),
    "bad_vcard": N_(
        "I cannot read this as contacts. Please send a vCard file (.vcf) of 15 MB at most."
    ),
    # phoning in
    "bad_pin": N_("A PIN has four to eight digits. Please type only digits."),
    "easy_pin": N_(
        "This PIN is too easy to guess. Please choose another one: not 1234, not 2222, "
        "and nothing of your telephone number."
    ),
    "no_pin": N_("There is no PIN yet, so nobody can phone in. Set one under /phonein."),
    "pin_locked": N_(
        "Phoning in is locked until {until}: a wrong PIN was typed three times. "
        "Set the PIN anew under /phonein, and it works again."
    ),
}
