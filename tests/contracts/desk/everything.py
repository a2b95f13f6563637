"""The contract of the front desk, all subjects together."""

from typing import Any, get_args
from uuid import UUID, uuid4

from bridge.api.command import Command, UserCommand
from bridge.api.commands import COMMANDS
from bridge.errors import UnknownTarget
from tests.contracts.desk.access import AccessContract
from tests.contracts.desk.accounts import AccountsContract
from tests.contracts.desk.address_books import AddressBooksContract
from tests.contracts.desk.calls import CallsContract
from tests.contracts.desk.contacts import ContactsContract
from tests.contracts.desk.phones import PhonesContract
from tests.contracts.desk.podcasts import PodcastsContract
from tests.contracts.desk.preferences import PreferencesContract
from tests.contracts.desk.radio import RadioContract
from tests.contracts.desk.world import COVERED, DeskWorld


class FrontDeskContract(
    AccessContract,
    AccountsContract,
    AddressBooksContract,
    CallsContract,
    ContactsContract,
    PhonesContract,
    PodcastsContract,
    PreferencesContract,
    RadioContract,
):
    async def test_nothing_is_done_for_a_stranger(self, desk: DeskWorld) -> None:
        await desk.member("Ada")
        for kind in COVERED:
            if issubclass(kind, UserCommand):
                await desk.refuses(example(kind), UnknownTarget("no_such_user"))


def example(kind: type[Command[Any]]) -> Command[Any]:
    """One with whatever it must have."""
    needed = (name for name, field in kind.model_fields.items() if field.is_required())
    return kind(**{name: _any(kind.model_fields[name].annotation) for name in needed})


def _any(wanted: Any) -> Any:
    simple = {UUID: uuid4(), str: "x", int: 1, bool: True}
    if wanted in simple:
        return simple[wanted]
    return None if type(None) in get_args(wanted) else next(iter(wanted))


def uncovered(answered: set[str]) -> set[str]:
    """Of the commands of these names."""
    return {name for name in answered if COMMANDS[name] not in COVERED}


def hidden(contract: type) -> set[str]:
    """Tests that never run, since another subject has one of the same name."""
    named = [name for each in contract.__mro__ for name in vars(each) if name.startswith("test_")]
    return {name for name in named if named.count(name) > 1}
