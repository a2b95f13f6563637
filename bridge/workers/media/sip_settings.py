"""What the host's settings mean for SIP."""

import socket
from ipaddress import IPv4Address

from bridge.audio.pjmedia.engine import EngineSettings
from bridge.connectors.sip.provider import Provider
from bridge.errors import SetupFault
from bridge.settings import Settings

_SOMEWHERE = ("192.0.2.1", 9)  # RFC 5737: nobody; a route is looked up, nothing is sent


def engine_settings(settings: Settings) -> EngineSettings:
    return EngineSettings(
        sip_address(settings),
        settings.rtp_range,
        stun_server=settings.stun_server,
        wideband=settings.wideband,
    )


def trunk_of(settings: Settings) -> Provider | None:
    """The host's trunk; it only places calls, so it is not registered."""
    if not settings.trunk_registrar:
        return None
    return Provider(
        registrar=settings.trunk_registrar,
        user=settings.trunk_user,
        password=settings.trunk_password.get_secret_value(),
        auth_name=settings.trunk_auth_name,
        proxy=settings.trunk_proxy,
        transport=settings.trunk_transport,
        registers=False,
        shows_caller=settings.trunk_shows_caller,
    )


def sip_address(settings: Settings) -> IPv4Address:
    """SIP_ADDRESS, else the address that this machine has towards other ones.

    SetupFault("public_address") when that is a public one: nothing is opened there unless the
    host says so.
    """
    if settings.sip_address is not None:
        return settings.sip_address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:  # no network at all
            return IPv4Address("127.0.0.1")
        address = IPv4Address(probe.getsockname()[0])
    if address.is_global:
        raise SetupFault(
            "public_address",
            address=str(address),
            remedy=f"This machine has a public address. Set SIP_ADDRESS={address} to speak SIP "
            "there, or SIP_ADDRESS=127.0.0.1 behind a proxy of your own.",
        )
    return address
