"""Which of the user's phones a caller seems to ring from. A number that is shown can be forged."""

from bridge.calls.policy.block_list import same_address
from bridge.calls.ports.subscriber import Phone, SubscriberProfile
from bridge.terms import Party


def calling_from(rules: SubscriberProfile, caller: Party) -> Phone | None:
    """The verified phone with the caller's address."""
    return next(
        (
            phone
            for phone in rules.phones
            if phone.verified and same_address(phone.address, caller.address, rules.country)
        ),
        None,
    )
