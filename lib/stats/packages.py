"""The packages of statistics, loaded before a test asks for one: together they take some seconds, which no click should
wait for."""

from importlib import import_module
from typing import Final

PACKAGES: Final = (
    "scipy.special",
    "scipy.stats",
    "scipy.optimize",
    "scipy.sparse.csgraph",
    "lifelines.statistics",
    "statsmodels.stats.proportion",
    "scikit_posthocs",
)


def load() -> None:
    """Import each of them; a function that imports one has it at once from then on."""
    for name in PACKAGES:
        import_module(name)
