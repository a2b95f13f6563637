"""Who stayed registered."""

from tests.bench.crowd import Registrations


def test_it_is_complete_when_everybody_has_renewed() -> None:
    seen = Registrations({"ada", "ben"})
    seen.look({"ada": ("sip:a@1", 40), "ben": ("sip:b@1", 20)})
    seen.look({"ada": ("sip:a@1", 38), "ben": ("sip:b@1", 60)})
    assert not seen.complete
    seen.look({"ada": ("sip:a@1", 60), "ben": ("sip:b@1", 58)})
    assert seen.complete
    assert not seen.missing | seen.changed


def test_who_was_away_or_got_another_contact_is_known() -> None:
    seen = Registrations({"ada", "ben"})
    seen.look({"ada": ("sip:a@1", 40), "ben": ("sip:b@1", 20)})
    seen.look({"ada": ("sip:a@2", 60)})
    assert seen.missing == {"ben"}
    assert seen.changed == {"ada"}
