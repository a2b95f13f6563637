"""What is believed of what a caller's network tells."""

from bridge.terms import Party

LONGEST_NAME = 200


def legible(stranger: Party) -> Party:
    """Names come from strangers: no surrogates (they cannot be sent on), no line breaks, no
    novels.
    """
    address, name = (
        " ".join(text.encode("utf-8", "replace").decode().split())[:LONGEST_NAME]
        for text in (stranger.address, stranger.name)
    )
    return Party(address, name, stranger.network)
