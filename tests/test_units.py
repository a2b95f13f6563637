"""The systemd units: what systemd itself says about them, and that they fit the program."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.settings import Settings

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def test_there_are_three() -> None:
    assert {unit.stem for unit in UNITS} == {"skype2sip", "skype2sip-bot", "skype2sip-scheduler"}


@pytest.mark.real
def test_systemd_understands_them(tmp_path: Path) -> None:
    for unit in UNITS:
        # the program is not installed where the unit looks for it
        text = re.sub(r"/opt/skype2sip/.venv/bin/python", sys.executable, unit.read_text())
        (tmp_path / unit.name).write_text(text)
    added = tmp_path / "skype2sip.service.d"
    added.mkdir()
    shutil.copy(DEPLOY / "desktop.conf", added)
    program = shutil.which("systemd-analyze")
    assert program, "systemd is on every Debian; install the package systemd"
    checked = subprocess.run(
        [program, "verify", *sorted(map(str, tmp_path.glob("*.service")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_sessions_are_allowed_what_they_are_made_of() -> None:
    """What hides a part of /proc, names, or devices from the service, it hides from them."""
    unit, added = ((DEPLOY / name).read_text() for name in ("skype2sip.service", "desktop.conf"))
    for wall in ("ProtectKernelTunables", "ProtectKernelLogs", "ProtectHostname", "PrivateDevices"):
        assert f"{wall}=yes" in unit
        assert f"{wall}=no" in added
    assert "RestrictNamespaces" not in unit


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_wrong_setting_is_not_tried_for_ever(unit: Path) -> None:
    assert "RestartPreventExitStatus=2" in unit.read_text()


def test_the_house_has_time_to_drain() -> None:
    patience = re.search(r"^TimeoutStopSec=(\d+)", (DEPLOY / "skype2sip.service").read_text(), re.M)
    assert patience
    default = Settings.model_fields["drain_seconds"].default
    assert int(patience[1]) >= default + 15
