"""Making an exhibit of data that nobody foresaw: where one fails, the others stand, and it is said which failed."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from lib.publication.exhibit import Exhibit
from lib.publication.masking import NotShown

T = TypeVar("T")


@dataclass(frozen=True)
class Failed:
    """An exhibit, or (where its id is the beginning of several) all of a kind, that could not be made, and the
    error."""

    id: str
    error: Exception = field(repr=False)

    @property
    def reason(self) -> str:
        """One sentence: the kind of error and its place in the program. The error's own words may hold values of cells,
        those of NotShown do not."""
        if isinstance(self.error, NotShown):
            return str(self.error)
        return f"Could not be made of these data ({where(self.error)})."


Attempts = Iterator[Exhibit | Failed]


def where(error: Exception) -> str:
    """ "KeyError in figure.py, line 41": what a report of the fault needs; never a value."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return type(error).__name__ + "".join(f" in {Path(frame.filename).name}, line {frame.lineno}" for frame in last)


def made(draw: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What `draw` makes of the arguments; an argument that is a function without arguments is computed first."""
    return draw(*(argument() if callable(argument) else argument for argument in arguments), **options)


def later(compute: Callable[..., T], *arguments: Any, **options: Any) -> Callable[[], T]:
    """A result that is computed when the first exhibit needs it, once for all of them."""
    return cache(partial(compute, *arguments, **options))


def one(exhibit_id: str, draw: Callable[..., Exhibit], *arguments: Any) -> Iterator[Exhibit | Failed]:
    """The exhibit `made` so, which has this id."""
    try:
        exhibit: Exhibit = made(draw, *arguments)
    except Exception as error:
        yield Failed(exhibit_id, error)
    else:
        yield exhibit


def several(beginning: str, exhibits: Iterable[Exhibit | Failed]) -> Iterator[Exhibit | Failed]:
    """Exhibits whose ids begin so; where finding out which there are fails, those that came before it stand."""
    try:
        yield from exhibits
    except Exception as error:
        yield Failed(beginning, error)
