"""Who belongs to the house, and by which door they came in."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bridge.api.preferences import Preferences
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.store import CallLimits, Store
from bridge.store.people import invites, users
from bridge.store.upkeep import personal_records
from bridge.terms import RingMode
from tests.bridge.store.conftest import NOW

HOST = CallLimits(
    concurrent_calls=2, minutes_a_day=120, longest_call_minutes=240, house_minutes_a_day=600
)


@pytest.fixture
def owner(store: Store) -> UUID:
    with store.begin() as db:
        return users.claim(db, 1, "Olga", language="de", time_zone="Europe/Berlin", now=NOW).id


def come_in(store: Store, token: str, chat: int, now=NOW) -> users.User:
    with store.begin() as db:
        return invites.join(
            db, token, chat, "Guest", language="de", time_zone="Europe/Berlin", now=now
        )


def invitation(store: Store, owner: UUID) -> tuple[UUID, str]:
    with store.begin() as db:
        invite, token = invites.make(db, owner, NOW)
        return invite.id, token


def test_a_new_member_has_sensible_settings(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        row = users.get(db, ada)
    kept = row.preferences
    assert (row.name, kept.ring_mode, kept.announce) == ("Ada", RingMode.TOGETHER, True)
    assert kept.forwarding and kept.keeps_quiet and kept.voice and not kept.barge_in
    assert not row.is_owner and not row.language_is_chosen and not row.has_greeting
    assert row.created == NOW and row.created.tzinfo is not None


def test_only_the_first_one_becomes_the_owner(store: Store, owner: UUID) -> None:
    with store.begin() as db:
        assert users.owner(db).id == owner
        assert users.owning(db, owner).is_owner
    with pytest.raises(NotAllowed, match="wrong_code"), store.begin() as db:
        users.claim(db, 2, "Eve", language="en", time_zone="UTC", now=NOW)
    with store.begin() as db:
        assert [user.id for user in users.everyone(db)] == [owner]


def test_a_member_who_claims_a_house_without_owner_becomes_it(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        chat = users.get(db, ada).chat
        row = users.claim(db, chat, "Ada", language="en", time_zone="UTC", now=NOW)
        assert row.id == ada and users.owning(db, ada).is_owner


def test_an_invitation_lets_one_person_in(store: Store, owner: UUID) -> None:
    _, token = invitation(store, owner)
    guest = come_in(store, token, 5)
    assert guest.chat == 5 and not guest.is_owner
    assert come_in(store, token, 5).id == guest.id  # pressed twice
    with pytest.raises(NotAllowed, match="invite_used"):
        come_in(store, token, 6)
    with store.begin() as db:
        [invite] = invites.of_user(db, owner)
    assert invite.guest.name == "Guest" and invite.used == NOW


def test_it_stays_used_when_its_guest_is_forgotten(store: Store, owner: UUID) -> None:
    _, token = invitation(store, owner)
    guest = come_in(store, token, 5)
    with store.begin() as db:
        personal_records.forget(db, guest.id)
    with pytest.raises(NotAllowed, match="invite_used"):
        come_in(store, token, 5)


def test_an_invitation_ends_after_a_week_or_when_withdrawn(store: Store, owner: UUID) -> None:
    invite, token = invitation(store, owner)
    week = timedelta(days=7)
    with pytest.raises(NotAllowed, match="invite_expired"):
        come_in(store, token, 5, NOW + week)
    with store.begin() as db:
        invites.revoke(db, owner, invite, NOW)
    with pytest.raises(NotAllowed, match="invite_revoked"):
        come_in(store, token, 5)
    _, fresh = invitation(store, owner)
    assert come_in(store, fresh, 5, NOW + week - timedelta(seconds=1))


@pytest.mark.parametrize("token", ["", "x" * 32, "\ud800\x00", "' OR 1=1 --"])
def test_a_guessed_token_lets_nobody_in(store: Store, owner: UUID, token: str) -> None:
    invitation(store, owner)
    with pytest.raises(UnknownTarget, match="no_such_invite"):
        come_in(store, token, 5)


def test_only_the_owner_invites(store: Store, owner: UUID, ada: UUID) -> None:
    invite, token = invitation(store, owner)
    for refused in (
        lambda db: invites.make(db, ada, NOW),
        lambda db: invites.of_user(db, ada),
        lambda db: invites.revoke(db, ada, invite, NOW),
    ):
        with pytest.raises(NotAllowed, match="not_owner"), store.begin() as db:
            refused(db)
    assert come_in(store, token, 5)


def test_the_token_is_nowhere_in_the_database(store: Store, owner: UUID) -> None:
    _, token = invitation(store, owner)
    with store.begin() as db:
        [invite] = invites.of_user(db, owner)
        assert token not in repr(vars(invite))
        assert token not in repr(personal_records.export(db, owner))


@pytest.mark.parametrize(
    "field, value",
    [("is_owner", True), ("voice", None), ("ring_mode", "at random"), ("announce", {})],
)
def test_what_is_no_preference_is_refused_and_changes_nothing(
    store: Store, ada: UUID, field: str, value: object
) -> None:
    with pytest.raises(BadInput, match="bad_preference") as why, store.begin() as db:
        users.prefer(db, ada, {"forwarding": False, field: value})
    assert why.value.facts == {"field": field}
    with store.begin() as db:
        assert users.get(db, ada).preferences == Preferences()


def test_what_a_newer_program_wrote_is_passed_over_and_kept(store: Store, ada: UUID) -> None:
    newer = {"ring_mode": "at random", "robot": {"voice": 3}, "announce": False}
    with store.begin() as db:
        users.get(db, ada).stored_preferences = newer
    with store.begin() as db:
        assert users.get(db, ada).preferences == Preferences(announce=False)
        users.prefer(db, ada, {"voice": False})
    with store.begin() as db:
        row = users.get(db, ada)
        assert row.stored_preferences == {**newer, "voice": False}
        assert row.preferences == Preferences(announce=False, voice=False)


def test_settings_change_one_by_one(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        users.prefer(db, ada, {"announce": False, "barge_in": True})
        users.prefer(db, ada, {"ring_mode": RingMode.IN_ORDER})
        users.change(db, ada, language="de")
        users.set_greeting(db, ada, b"OggS")
    with store.begin() as db:
        row = users.get(db, ada)
        kept = row.preferences
        assert kept.barge_in and kept.forwarding and kept.keeps_quiet
        assert (kept.announce, kept.ring_mode, row.language) == (False, RingMode.IN_ORDER, "de")
        assert row.language_is_chosen and row.has_greeting and row.time_zone == "Europe/Berlin"
        assert users.greeting(db, ada) == b"OggS"
        users.set_greeting(db, ada, None)
        assert users.greeting(db, ada) is None and not users.get(db, ada).has_greeting


@pytest.mark.parametrize(
    "zone", ["", "Europe", "../../etc/passwd", "/etc/passwd", "Mars/Base", "\x00"]
)
def test_a_zone_that_does_not_exist_is_refused(store: Store, ada: UUID, zone: str) -> None:
    with pytest.raises(BadInput, match="bad_time_zone"), store.begin() as db:
        users.change(db, ada, time_zone=zone)
    with pytest.raises(BadInput, match="bad_time_zone"), store.begin() as db:
        users.add(db, 5, "New", language="en", time_zone=zone, now=NOW)


def test_own_limits_go_before_those_of_the_host(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        assert users.limits(users.get(db, ada), HOST) == HOST
        row = users.set_limits(db, ada, minutes_a_day=5)
        assert users.limits(row, HOST) == CallLimits(2, 5, 240, 600)
        assert users.limits(users.set_limits(db, ada, minutes_a_day=None), HOST) == HOST
        with pytest.raises(TypeError):
            users.set_limits(db, ada, house_minutes_a_day=9)


def test_nobody_is_found_who_is_not_there(store: Store) -> None:
    for asked in (users.get, users.locked, users.owning, users.greeting):
        with pytest.raises(UnknownTarget, match="no_such_user"), store.begin() as db:
            asked(db, uuid4())
    with store.begin() as db:
        assert users.by_chat(db, 12345) is None
