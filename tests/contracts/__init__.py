"""What stands for something real in the tests keeps the promises of what it stands for.

A contract speaks to the port only, and to a small world that each side provides: what is in the
house before, and what becomes of it. Whoever implements the port inherits the contract and gives it
a world; a third side is a subclass of a few lines.
"""

from pkgutil import iter_modules

import pytest

for _module in iter_modules(__path__, f"{__name__}."):
    pytest.register_assert_rewrite(_module.name)  # a contract fails as telling as a test
