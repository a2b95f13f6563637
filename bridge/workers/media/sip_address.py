"""Where this machine speaks SIP."""

import socket
from ipaddress import IPv4Address

from bridge.errors import SetupFault
from bridge.settings import Settings

_SOMEWHERE = ("192.0.2.1", 9)  # RFC 5737: nobody; a route is looked up, nothing is sent


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
