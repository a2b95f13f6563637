"""How columns, keys and indexes are written in a chapter, named as the models name them."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def text(name: str, length: int = 200) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def identity(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def personal(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table with an id of its own whose rows go with their user."""
    op.create_table(table, identity("id"), identity("user_id"), *parts, key(table), of_user(table))


def big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=f"pk_{table}")


def of_user(table: str) -> sa.ForeignKeyConstraint:
    return refers(table, "user_id", "users.id", "CASCADE")


def refers(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def added(table: str, *columns: sa.Column[Any]) -> None:
    """New columns for a table that has rows, which get each one's `server_default`; rows to come
    get theirs from the model.
    """
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.alter_column(column.name, existing_type=column.type, server_default=None)


def switch(name: str, on: bool) -> sa.Column[bool]:
    """For `added`."""
    default = sa.true() if on else sa.false()
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=default)
