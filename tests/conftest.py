"""For all tests."""

from hypothesis import settings

# the same examples every time, however busy the machine: a red test shows what its change broke;
# new examples are looked for with --hypothesis-profile=default
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
