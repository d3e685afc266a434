"""The table of best responses: n (%) at each level, then the rates with exact intervals in every denominator that differs."""

from lib.publication.exhibit import Table
from lib.publication.number import p_value, plural
from lib.response.best.result import BestResponse
from lib.response.best.words import (
    DENOMINATORS,
    TOTAL,
    counted,
    definition,
    difference_cells,
    difference_headings,
    notes,
    numbers,
    of_whom,
    rate_words,
    test_lines,
)
from lib.response.rate import Rate, RateRow
from lib.response.state import STATE_WORDS


def best_table(result: BestResponse) -> Table:
    """One row a level, then one row an outcome and denominator."""
    compares = result.grouping.compares
    n_of = {name: int((result.table["group"] == name).sum()) for name in result.grouping.names}
    header = ("Best response", *((f"{TOTAL} (n = {result.n})",) if compares else ()))
    header += tuple(f"{name} (n = {n})" for name, n in n_of.items())
    beside = difference_headings(result.grouping)
    levels = [
        (_level(row.outcome), *map(counted, _cells(row, compares)), *("",) * len(beside), *(("",) if compares else ()))
        for row in result.levels
    ]
    rates = [
        (
            f"{row.outcome}, {of_whom(row.denominator)}",
            *map(rate_words, _cells(row, compares)),
            *difference_cells(row, result.grouping),
            *((p_value(row.test.p),) if compares else ()),
        )
        for row in result.printed
    ]
    return Table(
        id="response.best", title=("Best confirmed response" if result.confirmed else "Best overall response") + (f" by {result.grouping.label}" if compares else ""),
        header=(*header, *beside, *(("p",) if compares else ())), rows=(*levels, *rates), caption=_caption(result), notes=(*_tests_done(result), *notes(result)),
        n=result.n, numbers=numbers(result), tests=test_lines(result.rates, result.grouping),
    )  # fmt: skip


def _level(level: str) -> str:
    words = STATE_WORDS.get(level, level)
    return words[:1].upper() + words[1:] if level in STATE_WORDS else words


def _cells(row: RateRow, compares: bool) -> tuple[Rate, ...]:
    return (*((row.total,) if compares else ()), *row.groups)


def _caption(result: BestResponse) -> str:
    said = f"Best response: {definition(result)} Rates: n/N, % (exact 95 % CI, Clopper-Pearson). {DENOMINATORS}"
    names = dict.fromkeys(row.test.name for row in result.printed if row.test.p is not None)
    return (
        f"{said} Differences: Newcombe's interval. p: {' or '.join(names) or 'no test could be done'}."
        if result.grouping.compares
        else said
    )


def _tests_done(result: BestResponse) -> tuple[str, ...]:
    n = sum(row.test.p is not None for row in result.printed)
    return (
        (f"{plural(n, 'comparison')} looked at, p not adjusted for their number.",)
        if n and result.grouping.compares
        else ()
    )
