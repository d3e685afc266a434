"""One exhibit as an entry of the list: what it is called, which data it needs, its options, and how it is made of an
analysis.

Where one fails on data that nobody foresaw, the others stand, and it is said which failed.
"""

import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.publication.exhibit import Exhibit
from lib.publication.masking import NotShown, masked
from lib.publication.options import NoOptions, offers, settled
from lib.publication.who import Who


@dataclass(frozen=True)
class RScript:
    """A script in R, and the table that it reads."""

    text: str
    data: pd.DataFrame


@dataclass(frozen=True)
class ExhibitSpec:
    """`id` has a part in braces where the exhibit comes in several variants: one for each endpoint, series or term.

    `needs` names the table of the cohort without which there is nothing to show. `variants` gives the variants of an
    analysis (hashable), `names` the id of one (by default its text in the place of the braces). `build(analysis,
    options)` makes it, of a variant `build(analysis, variant, options)`; `when`, of the same arguments, says whether
    there is something to show. `more` gives variants that a reader can choose and reports leave out. `in_r`, of the
    same arguments and the name of its file of data, gives the main numbers again in R. `who`, of the same arguments as
    `build`, gives the patients behind its counts: of the cells of a table, or of a figure's data.
    """

    id: str
    title: str
    needs: str
    build: Callable[..., Exhibit]
    options: type = NoOptions
    variants: Callable[[Analysis], Iterable[Any]] | None = None
    names: Callable[[Any], str] | None = None
    when: Callable[..., bool] | None = None
    more: Callable[[Analysis], Iterable[Any]] | None = None
    in_r: Callable[..., RScript] | None = None
    who: Callable[..., Who] | None = None

    @property
    def of_one_patient(self) -> bool:
        """Whether its variants are patients, whom its id does not name."""
        return self.variants is not None and self.names is None and "{" not in self.id

    def id_of(self, variant: Any = None) -> str:
        """The id of the exhibit, or of this variant of it."""
        if self.variants is None:
            return self.id
        return self.names(variant) if self.names else re.sub(r"\{\w+\}", str(variant), self.id)

    def is_listed(self, analysis: Analysis, variant: Any = None) -> bool:
        """Whether this variant is one of those of the analysis; a page may show others, for example of any event."""
        return self.variants is None or bool(analysis.result(_lists, self.variants, variant))

    def settled(self, analysis: Analysis, variant: Any = None, values: Mapping[str, Any] | None = None) -> Any:
        """The options with these values; whatever is not among them, or not allowed here, is as usual."""
        return settled(self.options, analysis, variant, values or {})

    def unusual(self, analysis: Analysis, variant: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of these values of its options that are allowed here and not the usual ones, by name."""
        chosen = vars(self.settled(analysis, variant, values))
        found = offers(self.options, analysis, variant)
        return {each.name: chosen[each.name] for each in found if chosen[each.name] != each.usual}

    def is_offered(self, analysis: Analysis, variant: Any = None, values: Mapping[str, Any] | None = None) -> bool:
        """Whether there is something to show with these values of its options."""
        return self.when is None or self.when(*self._arguments(analysis, variant, values))

    def make(self, analysis: Analysis, variant: Any = None, values: Mapping[str, Any] | None = None) -> Exhibit:
        """The exhibit with these values of its options; whatever is not among them, or not allowed here, is as usual.

        Small cells are masked where the analysis says so. Raises NotShown where it then cannot be shown.
        """
        return masked(self.build(*self._arguments(analysis, variant, values)), analysis.mask_below)

    def kept(self, analysis: Analysis, variant: Any = None, values: Mapping[str, Any] | None = None) -> Exhibit:
        """The same as `make`, made once and kept among the results of the analysis."""
        found: Exhibit = analysis.result(_made, self, variant, self.settled(analysis, variant, values))
        return found

    def r_script(self, analysis: Analysis, variant: Any, values: Mapping[str, Any], file: str) -> RScript | None:
        """Its main numbers again in R, from a file of this name; None where it has no such script, or where its data, a
        row a patient, are masked."""
        if self.in_r is None or analysis.mask_below:
            return None
        return self.in_r(*self._arguments(analysis, variant, values), file)

    def offers_who(self, analysis: Analysis) -> bool:
        """Whether the patients behind its counts can be seen; never where small cells are masked."""
        return self.who is not None and not analysis.mask_below

    def behind(self, analysis: Analysis, variant: Any = None, values: Mapping[str, Any] | None = None) -> Who:
        """The patients behind its counts, for the screen alone."""
        found: Who = (
            self.who(*self._arguments(analysis, variant, values)) if self.who and not analysis.mask_below else {}
        )
        return found

    def _arguments(self, analysis: Analysis, variant: Any, values: Mapping[str, Any] | None) -> tuple[Any, ...]:
        options = self.settled(analysis, variant, values)
        return (analysis, options) if self.variants is None else (analysis, variant, options)


def _made(analysis: Analysis, spec: ExhibitSpec, variant: Any, options: Any) -> Exhibit:
    return spec.make(analysis, variant, vars(options))


def _lists(analysis: Analysis, variants: Callable[[Analysis], Iterable[Any]], variant: Any) -> bool:
    """Looks no further than the variant: others may have to be computed."""
    return variant in variants(analysis)


def variants_of(analysis: Analysis, variants: Callable[[Analysis], Iterable[Any]]) -> tuple[Any, ...]:
    """The variants of an analysis, to be kept among its results."""
    return tuple(variants(analysis))


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
