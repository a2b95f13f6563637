"""Marks that the chat carries and that both its ends must know."""

SECRET = "••••••"
"""The input placeholder of a question whose answer is a secret: the terminal does not echo it."""

KEY = "🔑"
"""Begins every question for a secret, so that its answer is recognised even after a restart."""

TOKEN = "1:embedded"
"""The bot token of a chat that is not on Telegram."""
