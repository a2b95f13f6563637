"""What all tables have in common: UUIDs made by us, instants in UTC, clean text."""

import enum
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    DateTime,
    Enum,
    ForeignKey,
    LargeBinary,
    MetaData,
    SmallInteger,
    Uuid,
    event,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, mapped_column
from sqlalchemy.types import TypeDecorator

from bridge.store.engine.text import CleanText
from bridge.text import clean_text


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant; comes back aware and in UTC from SQLite too, which knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Weekdays(TypeDecorator[frozenset[int]]):
    """A set of 0 (Monday) to 6, as a number with one bit a day."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> int | None:
        return None if value is None else sum(1 << day for day in value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> frozenset[int] | None:
        return None if value is None else frozenset(day for day in range(7) if value >> day & 1)


def _values(words: type[enum.Enum]) -> list[str]:
    return [word.value for word in words]


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: UtcDateTime(),
        str: CleanText(),
        bytes: LargeBinary(),
        dict[str, str]: JSON(),
        dict[str, Any]: JSON(),
        # as text, not as a type of the database: a new word then needs no migration
        enum.Enum: Enum(enum.Enum, native_enum=False, length=20, values_callable=_values),
    }


OwnId = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
OfUser = Annotated[UUID, mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)]
"""Whose row it is. With its user the row goes."""


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _clean_when_set(kind: type[Base], name: str, attribute: InstrumentedAttribute[Any]) -> None:
    """A row in memory shows the same clean text as the database will."""
    columns = getattr(attribute.property, "columns", None)
    if not columns or not isinstance(columns[0].type, CleanText):
        return
    longest = columns[0].type.longest

    @event.listens_for(attribute, "set", retval=True)
    def _clean(_row: Base, value: str | None, _was: object, _by: object) -> str | None:
        return clean_text(value, longest) if isinstance(value, str) else value
