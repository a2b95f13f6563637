"""One file is one screen of the chat."""
