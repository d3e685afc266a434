"""For all tests: hypothesis without a time limit an example, which a busy machine would break."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
