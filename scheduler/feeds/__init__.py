"""Podcast feeds: asked as seldom as they allow, read where they can do no harm, kept in the store.

`poller` is the loop, `visit` one feed's turn, `pace` when the next one is. `parser` reads what
came, in a process of its own; `document` is what it understands of it.
"""
