"""docs/validation.md as text."""

import numpy as np
from golden.reference import HERE

from validation.curves import two_groups
from validation.general import general
from validation.line import Line
from validation.models import late_entry, models, reconstruction, several_groups, toys
from validation.public import public
from validation.second_oracle import KNOWN, VERSION, second_oracle
from validation.small_groups import small_groups
from validation.time_zero import competing, formed_anew, time_zero

PAGE = HERE.parents[1] / "docs" / "validation.md"
HEAD = """# Validation

Made by `tests/validation/`; do not edit it by hand. Every line is one statistic of one data set: what this program computes, and what R
gives for the same rows (R 4.2.2, survival 3.5.3, cmprsk 2.2-11, coin 1.4.2; Firth's model: firthmodels 0.8.2, and
the penalised likelihood maximised in R by optim). A curve counts once,
with its largest relative difference over all compared times. Numbers agree to six significant digits, or to as many as the reference
keeps; where a line allows more (Monte Carlo, or R's number comes from a numerical search), it says so. The data sets and how R's numbers were
made: `tests/golden/README.md`, and for all that is not of survival `tests/validation/statistics.R` with the data beside it. Every statistic that
an exhibit can show, by the columns of its numbers and the names of its tests, has a line here; `tests/validation/shown.py` says which. lifelines is a second witness: the last column, and the end of the page.
"""


def validation() -> tuple[Line, ...]:
    """All lines, in the order of the page."""
    return (
        *two_groups(),
        *several_groups(),
        *late_entry(),
        *models(),
        *toys(),
        *reconstruction(),
        *competing(),
        *time_zero(),
        *formed_anew(),
        *small_groups(),
        *public(),
        *general(),
    )


def page(lines: tuple[Line, ...]) -> str:
    """The whole page."""
    second = second_oracle()
    rows = [
        f"| {line.data} | {line.statistic} | `{line.call}` | {_shown(line.ours)} | {_shown(line.theirs)} |"
        f" {_agreement(line)} | {_second(line, second)} |"
        for line in lines
    ]
    table = ["| Data | Statistic | R | ours | R's | agree to | lifelines |", "|---|---|---|---:|---:|---|---:|", *rows]
    return "\n".join(
        [
            HEAD,
            f"{sum(line.count for line in lines):,} comparisons on {len({line.data for line in lines})} data sets.",
            "",
            *table,
            "",
            NOT_COMPARED,
            LIFELINES,
        ]
    )


NOT_COMPARED = """## Where this program departs from R on purpose

- Before the first event R's `survfit` has limits of 1 to 1 (or none); here the lower one is exact, of the patients then at risk. Likewise of a cumulative
  incidence that is still 0: of the patients at risk or gone by another cause.
- A difference or ratio of restricted means is withheld below 5 events of the two groups and where a group has no spread of events before tau
  (R's formulas then count the variance of that group as 0); the limits of a mean are cut at 0 and tau.
- Limits of a difference of two curves are MOVER's, not Greenwood's on the plain scale (docs/simulation.md shows why).

## Where R's packages differ from each other

- Fine-Gray: this program equals `cmprsk::crr` (lines above). `survival::finegray` with `coxph` moves censoring behind tied events and handles ties of
  the cause as Efron: for mgus2 its ratio is 0.7952908, that of `crr` 0.7951400. Its robust p over the split rows, 0.2065790, takes the rows of a
  patient for independent; over patients it is 0.2175998, that of `crr` 0.2172297.
- Median of a curve that ends flat at exactly one half: R prints the first time, its `quantile()` a midpoint with the last time. This program
  gives the first time with a note.
- The permutation test of `coin` with the standardised statistic differs from |O-E| (0.0256 against 0.0127 for TTP); the statistic is named.
"""


LIFELINES = f"""## Where lifelines {VERSION} differs from R

Its numbers stand beside R's where it has the statistic, with * where they differ:

{chr(10).join(f"- {statistic} ...: {why}." for statistic, why in KNOWN.items())}
"""


def _second(line: Line, numbers: dict[tuple[str, str], float | None]) -> str:
    """lifelines' number, with a star where it is not R's; nothing where it has none of this statistic."""
    if (line.data, line.statistic) not in numbers:
        return ""
    value = numbers[line.data, line.statistic]
    beside = Line(line.data, line.statistic, line.call, value, line.theirs)
    return _shown(value) + ("" if beside.agrees else " *")


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.9g}"


def _agreement(line: Line) -> str:
    if line.theirs is None:
        return "both none"
    if line.within > 1e-4:
        return f"{line.difference:.1g} relative (Monte Carlo or numerical search)"
    return "9 digits or more" if line.difference < 5e-10 else f"{int(np.floor(-np.log10(2 * line.difference)))} digits"
