"""The peers' own tests use their fixtures."""

from tests.peers.fixtures import (
    baresip_factory,
    kamailio,
    postgres,
    postgres_database,
    postgres_url,
    sipp_factory,
)

__all__ = [
    "baresip_factory",
    "kamailio",
    "postgres",
    "postgres_database",
    "postgres_url",
    "sipp_factory",
]
