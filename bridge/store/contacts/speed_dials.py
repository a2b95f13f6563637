"""The numbers that contacts have on the phone: digits from 1 to 8, because 9, 0, * and # mean
something in every menu.

They are given in their order, 1 to 8, 11 to 18, up to 88, 111 and so on, and a number that somebody
had is given to nobody else, unless the user does it himself. They are kept as numbers, read with
ten digits as they are typed: so they sort in their order.
"""

import re
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import BadInput
from bridge.store.engine.base import Base
from bridge.store.people.users import User

FIRST = 1
_BY_HAND = re.compile(r"[1-8]{1,6}")


class SpentSpeedDial(Base):
    """A number that a contact had, and that its user's turn (User.next_speed_dial) has not come to
    yet.
    """

    __tablename__ = "spent_speed_dials"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def read(typed: str) -> int:
    """As the user has chosen it; BadInput("bad_speed_dial")."""
    digits = "".join(typed.split())
    if not _BY_HAND.fullmatch(digits):
        raise BadInput("bad_speed_dial")
    return int(digits)


def after(number: int) -> int:
    """The next one in the order."""
    before, last = divmod(number, 10)
    if last < 8:
        return number + 1
    return (after(before) if before else 1) * 10 + 1


def draw(db: Session, user: User, taken: Collection[int], count: int) -> list[int]:
    """The next `count` numbers, besides those `taken` now. `user` is locked."""
    spent = select(SpentSpeedDial.number).where(SpentSpeedDial.user_id == user.id)
    used = {*taken, *db.scalars(spent)}
    drawn: list[int] = []
    number = user.next_speed_dial
    while len(drawn) < count:
        if number not in used:
            drawn.append(number)
        number = after(number)
    user.next_speed_dial = number
    passed = SpentSpeedDial.user_id == user.id, SpentSpeedDial.number < number
    db.execute(delete(SpentSpeedDial).where(*passed))
    return drawn


def spend(db: Session, user: User, number: int) -> None:
    """A contact has it no more. `user` is locked."""
    if number >= user.next_speed_dial:
        db.merge(SpentSpeedDial(user_id=user.id, number=number))
