"""Views are made from rows, and no secret of a row is in one."""

from collections.abc import Iterator
from types import SimpleNamespace
from uuid import uuid4

import pytest

import bridge.api.commands  # noqa: F401  # imports all views
from bridge.api.commands.phones import RemovePhone
from bridge.api.view import View
from bridge.api.views import BlockedView, PhoneView
from bridge.desk.command_registry import reads
from bridge.store.people import phones
from bridge.store.tables import metadata


def views(kind: type[View] = View) -> Iterator[type[View]]:
    for one in kind.__subclasses__():
        yield one
        yield from views(one)


def test_no_view_has_a_field_that_is_a_secret_column() -> None:
    secret = {
        column.name
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info.get("secret")
    }
    assert {"sealed", "token_hash"} <= secret
    shown = {name for view in views() for name in view.model_fields}
    assert "address" in shown
    assert not secret & shown


def test_a_view_takes_only_its_own_fields() -> None:
    row = SimpleNamespace(id=uuid4(), label="Desk", address="sip:desk@x", position=0, sealed="****")
    view = PhoneView.of(row, position=3)
    assert view.position == 3
    assert set(view.model_dump()) == set(PhoneView.model_fields)
    assert "****" not in repr(view) and not hasattr(view, "sealed")
    assert PhoneView.model_validate(row) == view.model_copy(update={"position": 0})


def test_the_first_row_that_has_a_field_gives_it() -> None:
    first, second = SimpleNamespace(name="Ada"), SimpleNamespace(name="Bob", address="+49", since=0)
    assert BlockedView.of(first, second).name == "Ada"


def test_a_query_that_does_not_fit_its_command_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="phone"):
        reads(RemovePhone, phones.of_user)
