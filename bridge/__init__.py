import sys

# httpx brings a command line along, and with it click, rich and pygments, where they are installed:
# 4 MB of every program, for nothing. It does without when it cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
