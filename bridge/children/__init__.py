"""What strangers wrote is read by children that can do nothing else.

`launch` is our side: how each of them is started, heard and ended. `confine` is theirs: what they
give up before they read a byte.
"""
