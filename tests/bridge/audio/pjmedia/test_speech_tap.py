"""On a machine without the extra: nobody is understood, and nothing else is missing."""

import sys

import pytest

from bridge.audio.pjmedia import speech_tap


def test_a_missing_extra_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "webrtcvad", None)
    speech_tap._detector.cache_clear()
    try:
        assert speech_tap._detector() is speech_tap._detector() is None
    finally:
        speech_tap._detector.cache_clear()
    assert caplog.text.count("make voice") == 1
