"""`python -m bridge.children KIND PARENT DESCRIPTOR ARGUMENTS`: a child, from its first line.

Its libraries are loaded, then the walls go up, and only then its `main` gets to see what a stranger
wrote. KIND is packed, PARENT a process id, DESCRIPTOR our end of the pair.
"""

import socket
import sys
from importlib import import_module

from bridge.children import confine
from bridge.children.kinds import ChildKind


def main() -> None:
    packed, parent, descriptor, *arguments = sys.argv[1:]
    kind = ChildKind.unpacked(packed)
    module = import_module(kind.module)
    confine.enter(kind, int(parent))
    with socket.socket(fileno=int(descriptor)) as end:
        module.main(end, *arguments)


if __name__ == "__main__":
    main()
