"""What a cohort amounts to, in lines: shown while its columns are still being sorted out, so that a wrong choice is
seen at once.

Median times are of Kaplan-Meier's estimate over all patients, in the unit in which the file gives the endpoint.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.kinetic_series import series_keys
from lib.cohort.model import Cohort
from lib.cohort.schema import EVENT_TABLES, endpoint_label, event_word
from lib.stats.kaplan_meier import kaplan_meier, quantile

OWN_LINES: Final = ("endpoints", "labs", "kinetics", "adverse_events", "responses")
MOST_NAMED: Final = 6


@dataclass(frozen=True)
class Line:
    """`subject` is the table ("endpoints.os": with the endpoint; "patients.arm": with the column) that the line speaks
    of."""

    subject: str
    label: str
    words: str


def contents(cohort: Cohort) -> tuple[Line, ...]:
    """Patients, groups, endpoints with events and median time, responses, adverse events, labs, kinetics, and further
    tables."""
    return (
        _patients(cohort),
        _groups(cohort),
        *_endpoints(cohort),
        *_responses(cohort),
        *_adverse_events(cohort),
        *_labs(cohort),
        *_kinetics(cohort),
        *_others(cohort),
    )


def _patients(cohort: Cohort) -> Line:
    left = len(cohort.patients) - cohort.n_opened
    return Line(
        "patients.patient_id",
        "Patients",
        counted(cohort.n_opened, "patient") + (f"; {left:,} more left out of the analysis" if left else ""),
    )


def _groups(cohort: Cohort) -> Line:
    included = cohort.patients[cohort.patients["analysis_set"] != "excluded"]
    counts = included["arm"].value_counts(sort=False) if "arm" in included else pd.Series(dtype=int)
    counts = counts[counts > 0]
    if counts.empty:
        return Line("patients.arm", "Groups", "none: no column holds an arm. Other columns can split the curves later")
    named = [f"{name} {n:,}" for name, n in list(counts.items())[:MOST_NAMED]]
    more = f" and {len(counts) - MOST_NAMED:,} more" if len(counts) > MOST_NAMED else ""
    return Line("patients.arm", "Groups", ", ".join(named) + more)


def _endpoints(cohort: Cohort) -> Iterator[Line]:
    """Counts are of the first infusion and the analysis set."""
    included = cohort.patients.loc[cohort.patients["analysis_set"] != "excluded", "patient_id"]
    rows = cohort.endpoints[cohort.endpoints["patient_id"].isin(included) & (cohort.endpoints["infusion"] == 1)]
    for name in cohort.endpoint_names:
        yield Line(f"endpoints.{name}", endpoint_label(name), _endpoint(name, rows[rows["endpoint"] == name]))


def _endpoint(name: str, rows: pd.DataFrame) -> str:
    usable = rows[(rows["problem"] == "") & rows["time"].notna() & rows["event"].notna()]
    events = usable[usable["event"] == 1]
    causes = events["cause"].dropna().value_counts()
    unknown = len(events) - int(causes.sum())
    named = [f"{n} {cause}" for cause, n in causes.items()]
    of = ", ".join(named + [f"{unknown} of unknown cause"] * bool(unknown)) if named else event_word(name)
    said = f"{counted(len(events), 'event')} ({of}) among {counted(usable['patient_id'].nunique(), 'patient')}"
    if len(usable):
        units = "/".join(sorted(set(usable["unit"].dropna())))
        said += f", {_short(usable['time'].min())} to {_short(usable['time'].max())} {units}; median {_median(usable)}"
    left = rows["patient_id"].nunique() - usable["patient_id"].nunique()
    return said.rstrip() + (f"; {left} not usable" if left else "")


def _median(usable: pd.DataFrame) -> str:
    if usable["unit"].nunique() > 1:
        return "not given: times are in several units"
    entry = usable["entry"].fillna(0.0).to_numpy(dtype=np.float64) if usable["entry"].notna().any() else None
    curve = kaplan_meier(usable["time"].to_numpy(dtype=float), usable["event"].to_numpy(dtype=np.int64), entry)
    found = quantile(curve)
    return found.reason if found.value is None else _short(found.value)


def _responses(cohort: Cohort) -> Iterator[Line]:
    rows = cohort.tables["responses"]
    if len(rows):
        said = ", ".join(f"{name} {n:,}" for name, n in rows["response"].value_counts().items() if n)
        yield Line("responses", "Responses", f"{_rows(rows)}: {said}")


def _adverse_events(cohort: Cohort) -> Iterator[Line]:
    rows = cohort.tables["adverse_events"]
    if len(rows):
        present = rows[rows["grade"].isna() | (rows["grade"] > 0)]
        of = present.groupby("term", sort=False)["patient_id"].nunique().sort_values(ascending=False, kind="stable")
        named = _named([(str(term), f"{n:,}") for term, n in of.items()])
        yield Line(
            "adverse_events",
            "Adverse events",
            f"{_rows(rows)}; patients with {named}" if named else f"{_rows(rows)}; none of grade 1 or above",
        )


def _labs(cohort: Cohort) -> Iterator[Line]:
    rows = cohort.tables["labs"]
    if len(rows):
        units = rows.assign(unit=rows["unit"].fillna("no unit")).groupby(["test", "unit"], sort=False).size()
        counts = units.sort_values(ascending=False, kind="stable")
        tests = _named(
            [(str(key[0]), f"({key[1]}) {n:,}") for key, n in zip(counts.index.tolist(), counts.tolist(), strict=True)]
        )
        yield Line("labs", "Labs", f"{_rows(rows)}: {tests}")


def _kinetics(cohort: Cohort) -> Iterator[Line]:
    rows = cohort.tables["kinetics"]
    for key in series_keys(cohort):
        mine = rows[
            (rows["specimen"] == key.specimen) & (rows["assay"] == key.assay) & (rows["unit"].fillna("") == key.unit)
        ]
        assay = f", {key.assay}" if key.assay else ""
        yield Line(
            "kinetics",
            "Kinetics",
            f"{key.specimen}{assay}, {key.unit or 'no unit'}: {counted(len(mine), 'value')} of"
            f" {counted(mine['patient_id'].nunique(), 'patient')}",
        )


def _others(cohort: Cohort) -> Iterator[Line]:
    for table in EVENT_TABLES:
        rows = cohort.tables[table.name]
        if len(rows) and table.name not in OWN_LINES:
            yield Line(table.name, table.sheet, _rows(rows))


def _rows(rows: pd.DataFrame) -> str:
    return f"{counted(len(rows), 'row')} of {counted(rows['patient_id'].nunique(), 'patient')}"


def _named(pairs: list[tuple[str, str]]) -> str:
    more = f" and {len(pairs) - MOST_NAMED:,} more" if len(pairs) > MOST_NAMED else ""
    return ", ".join(f"{name} {said}" for name, said in pairs[:MOST_NAMED]) + more


def _short(time: float) -> str:
    return f"{time:.0f}" if time >= 1000 else f"{time:.4g}"


def counted(n: int, word: str) -> str:
    """ "1 sample", "1,452 samples"."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"
