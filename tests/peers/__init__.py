"""Peers: programs that nobody here wrote, driven from tests, from the demo and from the bench.

A bridge that only ever talks to itself proves nothing.  So the provider is Kamailio, the phones and
the callers are baresip and sipp, the other database is PostgreSQL, and what was heard is judged by
PESQ.  Each module starts one of them in a directory of the caller's choosing, on free ports of the
loopback range, and ends only what it started.
"""
