"""Certificates as a server in somebody's own network has them: of an authority that only those know
who were told.
"""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from tests.peers.programs import program_path

_NEW = (
    *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
    *("-days", "30"),
)


@dataclass(frozen=True)
class Certificates:
    """Files in PEM."""

    directory: Path

    @property
    def authority(self) -> Path:
        """The certificate of who made the server's."""
        return self.directory / "authority.pem"

    @property
    def certificate(self) -> Path:
        """The server's."""
        return self.directory / "certificate.pem"

    @property
    def key(self) -> Path:
        return self.directory / "key.pem"

    def served(self) -> ssl.SSLContext:
        """For a server."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def issued(directory: Path, server: str) -> Certificates:
    """For a name or an IP address; made once, and then found again in `directory`."""
    made = Certificates(directory)
    if made.certificate.exists():
        return made
    authority = directory / "authority.key"
    _openssl("-subj", "/CN=An authority", "-keyout", authority, "-out", made.authority)
    _openssl(
        *("-subj", f"/CN={server}", "-addext", f"subjectAltName={_alternative(server)}"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-CA", made.authority, "-CAkey", authority),
        *("-keyout", made.key, "-out", made.certificate),
    )
    return made


def _alternative(server: str) -> str:
    try:
        return f"IP:{ip_address(server)}"
    except ValueError:
        return f"DNS:{server}"


def _openssl(*words: str | Path) -> None:
    subprocess.run([program_path("openssl"), *_NEW, *words], check=True, capture_output=True)
