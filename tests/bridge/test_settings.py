from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from bridge import settings
from bridge.errors import SetupFault


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_nothing_has_to_be_set() -> None:
    found = settings.load()
    assert found.telegram_bot_token is None
    assert found.database == "sqlite:///var/skype2sip.db"
    assert found.countries == {"DE"}


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_COUNTRIES", "de, at,ch")
    monkeypatch.setenv("SIP_TRUSTED", "192.168.178.0/24, 10.0.0.7")
    monkeypatch.setenv("PRIVATE_HOSTS", "nas.home, 192.168.178.5")
    found = settings.load()
    assert found.private_hosts == ("nas.home", "192.168.178.5")
    assert found.countries == {"DE", "AT", "CH"}
    assert found.sip_trusted == (IPv4Network("192.168.178.0/24"), IPv4Network("10.0.0.7/32"))


def test_dotenv_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SIP_ADDRESS=192.168.178.2\nTIME_ZONE=America/Lima\n")
    monkeypatch.setenv("TIME_ZONE", "Asia/Kathmandu")
    found = settings.load()
    assert (found.sip_address, found.time_zone) == (IPv4Address("192.168.178.2"), "Asia/Kathmandu")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIME_ZONE", "Berlin"),
        ("COUNTRY", "Germany"),
        ("ALLOWED_COUNTRIES", "DE,XX"),
        ("RTP_PORTS", "20000"),
        ("RTP_PORTS", "20000-20050"),
        ("SIP_ADDRESS", "home"),
        ("MINUTES_A_DAY", "0"),
        ("CONCURRENT_CALLS", "5"),
        ("TRUNK_TRANSPORT", "smoke"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_setting_is_one_sentence_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SetupFault) as fault:
        settings.load()
    assert fault.value.facts["setting"] == name
    assert name in fault.value.sentence
    assert ".env" in fault.value.facts["remedy"]


def test_a_worker_does_not_get_what_opens_the_bot_or_the_house(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "of-the-bot")
    monkeypatch.setenv("CONTROL_TOKEN", "of-the-desk")
    monkeypatch.setenv("TRUNK_PASSWORD", "of-the-trunk")
    found = settings.load().of_worker()
    assert (found.telegram_bot_token, found.control_token) == (None, None)
    assert found.trunk_password.get_secret_value() == "of-the-trunk"


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "TRUNK_PASSWORD", "DATABASE_URL", "CONTROL_TOKEN"):
        monkeypatch.setenv(name, "sesame")
    found = settings.load()
    assert "sesame" not in repr(found) and "sesame" not in str(found.model_dump())
