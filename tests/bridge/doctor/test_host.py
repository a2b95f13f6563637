"""What the doctor sees of the machine and of .env."""

from pathlib import Path

import pytest

from bridge.doctor import host, memory
from bridge.doctor.finding import Verdict, fault, fine, table
from bridge.errors import SetupFault
from bridge.service import alone, prepare
from bridge.store import key_ring
from bridge.store.migrate import migrate
from tests.bridge.doctor.conftest import SettingsFactory


def test_a_misspelt_setting_is_found(settings_with: SettingsFactory) -> None:
    settings_with()
    Path(".env").write_text("TRUNK_REGISTAR=sip.example.org\nNONSENSE=1\nTIME_ZONE=Europe/Berlin\n")
    found = host.spelling()
    assert found.verdict is Verdict.FAULT
    assert found.told == "not a setting: TRUNK_REGISTAR, NONSENSE"
    assert "Write TRUNK_REGISTRAR instead of TRUNK_REGISTAR." in found.remedy
    assert "Remove NONSENSE" in found.remedy


def test_a_well_spelt_env_is_fine(settings_with: SettingsFactory) -> None:
    settings_with()
    Path(".env").write_text("TIME_ZONE=Europe/Berlin\nALLOWED_COUNTRIES=de,at\nCONTROL_TOKEN=\n")
    assert host.spelling().verdict is Verdict.FINE


def test_a_directory_that_cannot_be_made_is_a_fault(
    settings_with: SettingsFactory, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    found = host.room(settings_with(data_dir=tmp_path / "file" / "var"))
    assert found.verdict is Verdict.FAULT
    assert "DATA_DIR" in found.remedy


def test_the_doctor_changes_nothing(settings_with: SettingsFactory, tmp_path: Path) -> None:
    settings = settings_with()
    for check in (
        host.room,
        host.service,
        host.front_desk,
        memory.database,
        memory.seal_key,
    ):
        assert check(settings).verdict is not Verdict.FAULT
    assert not (tmp_path / "var").exists()


def test_a_running_service_is_seen_and_left_alone(settings_with: SettingsFactory) -> None:
    settings = settings_with()
    prepare(settings.data_dir)
    assert host.service(settings).told == "not running"
    settings.control_socket.touch()
    with alone(settings.data_dir):
        assert host.service(settings).told == "running"
        assert host.front_desk(settings).verdict is Verdict.FINE
    assert settings.control_socket.exists()


def test_a_weak_token_for_the_front_desk_is_a_fault(settings_with: SettingsFactory) -> None:
    settings = settings_with(control_tcp="127.0.0.1:0", control_token="short")
    prepare(settings.data_dir)
    with pytest.raises(SetupFault) as refused:
        host.front_desk(settings)
    assert "CONTROL_TOKEN" in refused.value.facts["remedy"]


def test_the_age_of_the_database_is_told(settings_with: SettingsFactory) -> None:
    settings = settings_with()
    prepare(settings.data_dir)
    Path(settings.data_dir, "skype2sip.db").touch()
    assert "python -m bridge migrate" in memory.database(settings).remedy
    migrate(settings.database)
    assert memory.database(settings).verdict is Verdict.FINE


def test_a_database_that_is_not_there_is_a_fault(settings_with: SettingsFactory) -> None:
    settings = settings_with(database_url="postgresql+psycopg://ada:hush@127.0.0.1:1/house")
    with pytest.raises(SetupFault) as refused:
        memory.database(settings)
    assert "hush" not in str(refused.value)
    assert refused.value.facts["remedy"]


def test_a_key_that_others_can_read_is_a_fault(settings_with: SettingsFactory) -> None:
    settings = settings_with()
    prepare(settings.data_dir)
    key_ring(settings)
    assert memory.seal_key(settings).verdict is Verdict.FINE
    (settings.data_dir / "seal.key").chmod(0o444)
    with pytest.raises(SetupFault, match="seal_key_open"):
        memory.seal_key(settings)


def test_the_table_keeps_to_its_columns() -> None:
    drawn = table([fine("Python", "3.11"), fault("trunk", "word " * 40, "Do this.")])
    lines = drawn.splitlines()
    assert lines[0] == "Python  ok     3.11"
    assert all(line.startswith(" " * 15) for line in lines[2:-2])
    assert max(map(len, lines)) <= 100
    assert lines[-1] == "To be mended: 1."
