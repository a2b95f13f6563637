"""Which of the user's phones a caller seems to ring from. A number that is shown can be forged."""

from bridge.api.views import PhoneView
from bridge.calls.policy.block_list import same_address
from bridge.calls.ports.subscriber import SubscriberProfile
from bridge.terms import Party


def calling_from(rules: SubscriberProfile, caller: Party) -> PhoneView | None:
    """The verified phone with the caller's address."""
    return next(
        (
            phone
            for phone in rules.phones
            if phone.verified and same_address(phone.address, caller.address, rules.country)
        ),
        None,
    )
