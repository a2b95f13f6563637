"""SIP addresses as they stand in headers (RFC 3261 section 20.10), in both directions.

pjsip has parsed the message before we see these strings; here they are only taken apart for people.
"""

import re
from urllib.parse import quote, unquote

from bridge.terms import Party
from bridge.text import clean_text

# every part can match in one way only: a header of four kilobytes must not cost a second
_NAME_ADDR = re.compile(
    r'(?:"(?P<quoted>(?:\\.|[^"\\])*)"[ \t]*|(?P<plain>[^<"]*))<(?P<uri>[^>]*)>', re.DOTALL
)
_URI = re.compile(r"^(?P<scheme>sips?|tel):(?:(?P<user>[^@;?]*)@)?(?P<host>[^;?]*)", re.IGNORECASE)
_ANONYMOUS = {"anonymous", "unknown", "restricted", ""}
_LONGEST = 100
_USER_SAFE = "+-_.!~*'()&=$,"


def party(header: str) -> Party:
    """The person behind a From, To or P-Asserted-Identity value.

    The address is a bare number when the user part is one, `sip:user@host` otherwise, "" when
    anonymous.
    """
    found = _NAME_ADDR.match(header.strip())
    uri = found["uri"] if found else header.partition(";")[0].strip()
    name = ""
    if found:
        name = re.sub(r"\\(.)", r"\1", found["quoted"]) if found["quoted"] else found["plain"] or ""
    parts = _URI.match(uri)
    if not parts:
        return Party("", _tidy(name), "sip")
    escaped = parts["user"] or ""
    if parts["scheme"].lower() == "tel":
        escaped = parts["host"]
    user = unquote(escaped)
    if user.lower() in _ANONYMOUS:
        return Party("", "" if name.strip().lower() in _ANONYMOUS else _tidy(name), "sip")
    # who is no number keeps the escapes: the address may be dialled
    address = user if _is_number(user) else f"sip:{escaped}@{parts['host']}"
    shown = _tidy(name)
    return Party(_tidy(address), "" if shown == user else shown, "sip")


def number_of(user: str) -> str:
    """A telephone number without the marks people put into it; "" for what is no number."""
    return re.sub(r"[^\d+*#]", "", user) if _is_number(user) else ""


def name_addr(name: str, uri: str) -> str:
    """`"name" <uri>` with the name quoted so that nothing in it can become a header."""
    quoted = _tidy(name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{uri}>' if quoted else f"<{uri}>"


def uri(user: str, host: str, transport: str = "udp") -> str:
    """A SIP URI; characters that RFC 3261 does not allow in the user part are escaped."""
    escaped = quote(user, safe=_USER_SAFE)
    at = f"{escaped}@" if escaped else ""
    return f"sip:{at}{host}" + ("" if transport == "udp" else f";transport={transport}")


def host_port(address: str) -> tuple[str, int]:
    """Host and port of `host`, `host:port` or a sip: URI; the port is 5060 (5061 for sips) by
    default.
    """
    found = _URI.match(address)
    place = found["host"] if found else address
    host, _, port = place.partition(":")
    return host, int(port) if port.isdigit() else (
        5061 if address.lower().startswith("sips:") else 5060
    )


def _is_number(user: str) -> bool:
    return bool(re.fullmatch(r"\+?[\d\s().*#/-]+", user)) and any(one.isdigit() for one in user)


def _tidy(text: str) -> str:
    return clean_text(_decoded(text), _LONGEST)


def _decoded(text: str) -> str:
    """pjsua2 hands bytes that are no UTF-8 over as lone surrogates (PEP 383), which no database and
    no JSON takes; old telephone systems mean Latin-1 by them.
    """
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte: from a chat, not from SIP
        raw = text.encode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
