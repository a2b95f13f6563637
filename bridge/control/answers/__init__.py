"""The answers to all commands, one module a subject; importing this registers them."""

from bridge.control.answers import access, accounts, calls, housekeeping, phones, preferences

__all__ = ["access", "accounts", "calls", "housekeeping", "phones", "preferences"]
