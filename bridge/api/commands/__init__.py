"""Everything the front desk can be asked to do, with what it answers; one module a subject.

`class AddPhone(UserCommand[PhoneView])` reads: ask AddPhone, get a PhoneView. A refusal comes back
as the same HouseError on the other side. Each command is one route, POST /commands/<ClassName>.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from bridge.api.command import Command, every_command

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

COMMANDS: dict[str, type[Command[Any]]] = {kind.__name__: kind for kind in every_command(Command)}
