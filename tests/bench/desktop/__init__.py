"""Client programs in private sessions: how late their sound is, how even, and what they cost.

Every room has a bench of its own: `sound` (any program), `call` (Chromium in a call), `cost` (one
session), `crowd` (twenty at once).
"""
