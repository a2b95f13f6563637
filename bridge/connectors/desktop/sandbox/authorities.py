"""Authorities whose certificates programs in sessions trust, beside those of the system: a host's
own, for servers in his network.
"""

import base64
import ssl
from pathlib import Path

from bridge.errors import SetupFault

BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
"""The system's, as Debian keeps them in one file, where GnuTLS and OpenSSL find them."""
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def certificates(file: Path | None) -> list[str]:
    """In PEM, one each; none without a file. SetupFault("bad_authorities")."""
    if file is None:
        return []
    try:
        parts = file.read_text().split(_BEGIN)[1:]
        found = [f"{_BEGIN}{part.partition(_END)[0]}{_END}\n" for part in parts]
        for one in found:
            ssl.PEM_cert_to_DER_cert(one)
    except (OSError, ValueError):
        found = []
    if not found:
        raise SetupFault(
            "bad_authorities",
            why=f"There are no certificates (PEM) in {file}.",
            remedy="Correct AUTHORITIES in .env; .env.example explains it.",
        )
    return found


def bundle(own: list[str]) -> str:
    system = BUNDLE.read_text() if BUNDLE.is_file() else ""
    return "".join([system, *own])


def for_chromium(own: list[str]) -> list[str]:
    """As its policy CACertificates takes them: it reads no bundle."""
    return [base64.b64encode(ssl.PEM_cert_to_DER_cert(one)).decode() for one in own]
