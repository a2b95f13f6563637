"""Long sound decoded in a child process: `python -m bridge.audio.decoder`.

Sound from the internet is a stranger's input to large C libraries. Here it can cost a playback, and
nothing else: the child has little memory and processor time, no network when it plays files, starts
no programs, and dies with its worker. `wire` is all that the two sides share.
"""
