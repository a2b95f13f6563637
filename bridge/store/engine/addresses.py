"""Web addresses as people type and publish them."""

from urllib.parse import SplitResult, urlsplit

from bridge.errors import BadInput

LONGEST = 2000
_OF_PODCAST_PROGRAMS = ("feed:", "itpc:", "pcast:", "podcast:")
_USUAL_PORTS = {"http": 80, "https": 443}


def web_address(typed: str, code: str) -> str:
    """The http or https address that is meant, spelled as everybody spells it (RFC 3986 section
    6.2): https:// may be left out, podcast programs' own schemes are understood. BadInput(code).
    """
    text = _without_program(typed.strip())
    if any(char.isspace() or not char.isprintable() for char in text):
        raise BadInput(code)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = _host(parts)
    except ValueError:  # a port that is no number, half an IPv6 address, a host that is no name
        raise BadInput(code) from None
    if parts.scheme not in _USUAL_PORTS or not host:
        raise BadInput(code)
    address = parts._replace(netloc=host, path=parts.path or "/", fragment="").geturl()
    if len(address) > LONGEST:
        raise BadInput(code)
    return address


def _without_program(text: str) -> str:
    """feed:https://x and feed://x are both in use."""
    for scheme in _OF_PODCAST_PROGRAMS:
        if text.lower().startswith(scheme):
            return text[len(scheme) :].removeprefix("//")
    return text


def _host(parts: SplitResult) -> str:
    """Host and port in small letters, the usual port left out; who signs in as whom stays."""
    name = parts.hostname or ""
    if not name.isascii():
        name = name.encode("idna").decode()
    if ":" in name:
        name = f"[{name}]"
    elif "." not in name and name != "localhost":
        return ""  # a word, not an address
    if parts.port not in (None, _USUAL_PORTS.get(parts.scheme)):
        name = f"{name}:{parts.port}"
    login, at, _ = parts.netloc.rpartition("@")
    return f"{login}{at}{name}"
