"""Episodes are on this machine before a phone rings for them.

`downloader` is the loop, `episode` what is done for each. `transfer` brings a file here, however
often the line breaks, and `segments` one that comes as HLS; `inspection` finds out whether there is
sound in it; `room` makes place.
"""
