"""The kinetics figure: every patient's series on a log axis, and the geometric mean of each group."""

from typing import Final

import pandas as pd

from lib.kinetics.chart import kinetics_chart
from lib.kinetics.result import KineticsResult
from lib.kinetics.words import alt_text, caption, notes, profile_numbers, tests
from lib.publication.exhibit import Figure
from lib.publication.key import group_names, with_key
from lib.publication.log_axis import decades
from lib.publication.number import plural, short
from lib.publication.palette import group_colours

LONGEST_GAP_DAYS: Final = 60.0  # a line is not drawn across a longer time without a sample
BESIDE: Final = 0.85  # below the limit, each group stands a little under the one before, so that none hides another


def kinetics_figure(result: KineticsResult, spread_early_days: bool = True) -> Figure:
    """The figure of one series."""
    colours = group_colours([group.colour for group in result.grouping.groups])
    by = f" by {result.grouping.label}" if result.grouping.compares else ""
    return Figure(
        id=result.key.id("profile"), title=f"CAR transgene in {result.key.specimen} ({result.key.assay}){by}",
        chart=with_key(kinetics_chart(colours, result.key.unit, spread_early_days), group_names(result.grouping.groups), colours, "both"), tables=_tables(result),
        data=result.table[["patient", "group", "infusion", "day", "value", "below", "lloq"]].assign(unit=result.key.unit),
        caption=caption(result), alt=alt_text(result), notes=notes(result), n=result.n,
        numbers=profile_numbers(result), tests=tests(result),
    )  # fmt: skip


def _tables(result: KineticsResult) -> dict[str, pd.DataFrame]:
    samples = drawn(result)
    means = result.profile.dropna(subset=["mean"]).rename(columns={"mean": "amount"})
    points = ["patient", "group", "slot", "day", "amount", "shown"]
    return {
        "line": samples.loc[~samples["below"], ["patient", "slot", "day", "amount", "piece"]].assign(piece=_numbered),
        "point": samples.loc[~samples["below"], points],
        "below": samples.loc[samples["below"], points].assign(
            amount=lambda rows: rows["amount"] * BESIDE ** rows["slot"]
        ),
        "mean": means[["group", "slot", "day", "amount", "n", "n_quantifiable"]],
        "limit": pd.DataFrame({"amount": result.lloqs, "words": [f"LLOQ {short(limit)}" for limit in result.lloqs]}),
        "decade": pd.DataFrame({"amount": decades(samples["amount"])}),
        "day": pd.DataFrame({"day": result.days or (0.0, 28.0)}),
        "count": result.profile.loc[result.profile["n"] > 0, ["slot", "day", "n"]],
        "group": _groups(result),
        "heading": pd.DataFrame({"text": [f"{plural(result.n, 'patient')} with samples"]}),
    }


def drawn(result: KineticsResult) -> pd.DataFrame:
    """Every sample that can stand on a log axis: below the limit at half of it.

    `piece` parts a patient's line at long gaps and at values below the limit, which are never joined.
    """
    slots = {name: slot for slot, name in enumerate(result.grouping.names)}
    table = result.table
    amount = table["value"].fillna(table["lloq"] / 2)
    shown = [
        f"< {short(lloq)}" if below else f"{'> ' if above else ''}{value:,.6g}"
        for value, below, lloq, above in zip(table["value"], table["below"], table["lloq"], table["above"], strict=True)
    ]
    table = table.assign(amount=amount, slot=table["group"].map(slots), shown=shown, below=table["below"].astype(bool))
    table = table[table["amount"] > 0].reset_index(drop=True)
    breaks = (table.groupby("patient", sort=False)["day"].diff() > LONGEST_GAP_DAYS) | table["below"]
    return table.assign(
        piece=table["patient"].astype(str) + "\t" + breaks.groupby(table["patient"]).cumsum().astype(str)
    )


def _numbered(lines: pd.DataFrame) -> pd.Series:
    """Each stretch of a line by a number, so that no patient's id stands in another column than "patient"."""
    return lines["piece"].map({piece: number for number, piece in enumerate(dict.fromkeys(lines["piece"]))})


def _groups(result: KineticsResult) -> pd.DataFrame:
    n = result.table.groupby("group")["patient"].nunique()
    rows = []
    for slot, group in enumerate(result.grouping.groups):
        count = int(n.get(group.name, 0))
        rows.append(
            (slot, f"{group.name} ({count})" if count >= group.size else f"{group.name} ({count} of {group.size})")
        )
    return pd.DataFrame(rows, columns=["slot", "label"])
