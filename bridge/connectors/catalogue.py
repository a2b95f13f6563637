"""The networks there are. A connector's module is imported on first use: some are heavy."""

from importlib import import_module

from bridge.connectors.base import Connector
from bridge.errors import UnknownTarget

TITLES = {"sip": "SIP", "desktop": "Program or web app", "loopback": "Loopback"}
"""By network, as people call them; a connector's own `title` says the same."""

_PLACES = {
    "sip": ("bridge.connectors.sip.connector", "Sip"),
    "desktop": ("bridge.connectors.desktop.connector", "Desktop"),
    "loopback": ("bridge.connectors.loopback.connector", "Loopback"),
}


def connector_of(network: str) -> type[Connector]:
    """The connector of a network; UnknownTarget("no_such_network")."""
    place = _PLACES.get(network)
    if place is None:
        raise UnknownTarget("no_such_network", network=network)
    module, name = place
    found: type[Connector] = getattr(import_module(module), name)
    return found
