from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from bridge.settings import Settings
from tests.peers.fixtures import kamailio

__all__ = ["kamailio"]

SettingsFactory = Callable[..., Settings]


@pytest.fixture
def settings_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SettingsFactory:
    """Settings on loopback, and whatever is added; the machine's own are not seen."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def make(**settings: Any) -> Settings:
        return Settings(
            **{"data_dir": tmp_path / "var", "sip_address": IPv4Address("127.0.0.1"), **settings}
        )

    return make
