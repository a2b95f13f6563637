"""What a user may switch and choose, declared once: the store keeps it, calls go by it, the chat
and the menu on the phone offer it.

A new one is a field of `Preferences`, its sentences in bot/locale (those that are spoken in
bridge/locale), and the place that goes by it. Language and time zone are none: they are part of
who somebody is (`UserView`), known before there is anything to prefer.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import ValidationError

from bridge.api.preference import N_, S_, Confirmation, Preference, PreferenceScreen
from bridge.api.view import View
from bridge.errors import BadInput
from bridge.terms import RingMode


class Preferences(View):
    """Bounds are those of the fields' types; `checked` holds a change to them."""

    forwarding: Annotated[
        bool,
        Preference(
            PreferenceScreen.SETTINGS,
            label={True: N_("Let my phones ring again"), False: N_("Do not let my phones ring")},
            help={
                True: N_("Calls ring your phones."),
                False: N_(
                    "⚠ <b>Your phones do not ring.</b> "
                    "Calls are not put through; callers can leave a message."
                ),
            },
            by_phone={
                True: S_("Calls ring your phones. To stop that, press {key}."),
                False: S_("Calls go to the voicemail. To let them ring, press {key}."),
            },
        ),
    ] = True
    """Whether calls ring the phones at all; if not, callers leave messages."""

    announce: Annotated[
        bool,
        Preference(
            PreferenceScreen.SETTINGS,
            label={True: N_("Announce callers"), False: N_("Accept calls without pressing 1")},
            help={
                True: N_("Callers are announced, and you accept the call with key 1."),
                False: N_("Callers are put through as soon as you pick up."),
            },
            confirm={
                False: Confirmation(
                    N_(
                        "Without the announcement a call counts as answered as soon as anything "
                        "picks up, even your mobile's voicemail. "
                        "Really accept calls without pressing 1?"
                    ),
                    yes=N_("Yes, without pressing 1"),
                    no=N_("No, keep announcing"),
                )
            },
        ),
    ] = True
    """Whether the caller is announced and must be accepted with 1 (screening)."""

    transcripts: Annotated[
        bool,
        Preference(
            PreferenceScreen.SETTINGS,
            label={True: N_("Write messages down too"), False: N_("Do not write messages down")},
            help={
                True: N_("Messages that callers leave are written down too, if I can."),
                False: N_("Messages that callers leave are not written down."),
            },
        ),
    ] = True
    """Whether what callers leave is written down, where an engine can."""

    ring_mode: Annotated[
        RingMode,
        Preference(
            PreferenceScreen.PHONES,
            label={
                RingMode.TOGETHER: N_("Ring all at the same time"),
                RingMode.IN_ORDER: N_("Ring one after the other"),
            },
            help={
                RingMode.TOGETHER: N_("All phones ring at the same time."),
                RingMode.IN_ORDER: N_("The phones ring one after the other, in this order."),
            },
        ),
    ] = RingMode.TOGETHER

    keeps_quiet: Annotated[
        bool,
        Preference(
            PreferenceScreen.QUIET_HOURS,
            label={True: N_("Keep them again"), False: N_("Do not keep them for now")},
            help={
                True: N_("No phone rings then; callers can leave a message."),
                False: N_("⚠ They are not kept at the moment: your phones ring at any time."),
            },
            by_phone={
                True: S_("Your quiet hours are kept. To suspend them, press {key}."),
                False: S_("Your quiet hours are suspended. To keep them, press {key}."),
            },
        ),
    ] = True
    """Whether the quiet hours are kept."""

    voice: Annotated[
        bool,
        Preference(
            PreferenceScreen.PHONE_IN,
            label={True: N_("Listen to my voice too"), False: N_("Listen to keys only")},
            help={
                True: N_("I listen to the keys and to your voice, in {language}."),
                False: N_("I listen to the keys only."),
            },
        ),
    ] = True
    """Whether the menu on the phone listens to what is said."""

    barge_in: Annotated[
        bool,
        Preference(
            PreferenceScreen.PHONE_IN,
            needs="voice",
            label={True: N_("Interrupt by voice too"), False: N_("Interrupt with keys only")},
            help={
                True: N_("You can interrupt me by speaking."),
                False: N_("You can interrupt me with any key."),
            },
        ),
    ] = False
    """Whether speech interrupts the menu, as keys always do."""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """As they were stored. What this program does not know or understand was written by a
        newer one: it is passed over, and the default holds.
        """
        try:
            return cls.model_validate(stored)
        except ValidationError as why:
            odd = {error["loc"][0] for error in why.errors()}
            return cls.model_validate({name: stored[name] for name in stored if name not in odd})

    def patched(self, patch: Mapping[str, Any]) -> Self:
        """BadInput as `checked` says."""
        return self.model_validate({**self.model_dump(), **checked(patch)})


DECLARED: Mapping[str, Preference] = {
    name: each
    for name, declared in Preferences.model_fields.items()
    for each in declared.metadata
    if isinstance(each, Preference)
}
"""Every field with how it is offered, in the order in which they are."""


def checked(patch: Mapping[str, Any]) -> dict[str, Any]:
    """A change of some fields, as JSON; BadInput("bad_preference", field=) names one whose value
    it may not have, or that there is not.
    """
    try:
        fields = Preferences.model_validate(patch, extra="forbid")
    except ValidationError as why:
        raise BadInput("bad_preference", field=str(why.errors()[0]["loc"][0])) from None
    return fields.model_dump(mode="json", include=set(patch))
