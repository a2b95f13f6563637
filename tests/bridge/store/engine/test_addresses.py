"""One podcast has one address, however it was typed."""

import pytest

from bridge.errors import BadInput
from bridge.store.engine.addresses import web_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://pods.example/Daily.xml", "https://pods.example/Daily.xml"),
        ("  HTTPS://Pods.Example/x  ", "https://pods.example/x"),
        ("pods.example", "https://pods.example/"),
        ("pods.example:8443/x", "https://pods.example:8443/x"),
        ("feed://pods.example/x", "https://pods.example/x"),
        ("feed:https://pods.example/x", "https://pods.example/x"),
        ("feed:http://pods.example/x", "http://pods.example/x"),
        ("itpc://pods.example/x", "https://pods.example/x"),
        ("https://pods.example:443/x", "https://pods.example/x"),
        ("http://pods.example:80/x", "http://pods.example/x"),
        ("http://pods.example:443/x", "http://pods.example:443/x"),
        ("https://pods.example/x?a=B#part", "https://pods.example/x?a=B"),
        ("https://Ada:Secret@pods.example/x", "https://Ada:Secret@pods.example/x"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("http://127.0.0.1:8000/feed", "http://127.0.0.1:8000/feed"),
        ("http://[::1]:8000/feed", "http://[::1]:8000/feed"),
        ("http://localhost/feed", "http://localhost/feed"),
    ],
)
def test_an_address_has_one_spelling(typed: str, meant: str) -> None:
    assert web_address(typed, "bad") == meant
    assert web_address(meant, "bad") == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://",
        "daily",
        "the daily podcast",
        "ftp://pods.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://pods.example:99999/x",
        "https://pods.example:port/x",
        "https://[::1/x",
        "https://pods.example/a b",
        "https://pods.example/\x00",
        f"https://{'ü' * 80}.example/",
        f"https://pods.example/{'x' * 2000}",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="bad_feed_address"):
        web_address(typed, "bad_feed_address")
