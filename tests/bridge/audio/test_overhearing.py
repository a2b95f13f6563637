"""On a machine without the extra: nobody is understood, and nothing else is missing."""

import sys

import pytest

from bridge.audio import overhearing


def test_a_missing_extra_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "webrtcvad", None)
    overhearing._detector.cache_clear()
    try:
        assert overhearing._detector() is overhearing._detector() is None
    finally:
        overhearing._detector.cache_clear()
    assert caplog.text.count("make voice") == 1
