"""Long sound decoded in a child process.

Sound from the internet is a stranger's input to large C libraries. Here it can cost a playback, and
nothing else: its worker opens the files for it, and connects it to stations. `wire` is all that the
two sides share.
"""
