"""What a cohort amounts to, in sentences: shown while its columns are still being sorted out, so that a wrong choice is seen at once."""

from collections.abc import Iterator

import pandas as pd

from lib.cohort.model import Cohort
from lib.cohort.schema import EVENT_TABLES, endpoint_label, event_word


def endpoint_effects(cohort: Cohort) -> tuple[str, ...]:
    """One sentence an endpoint: "Overall survival: 31 events (death) among 52 patients, 1 to 60 months; 3 not usable."

    Counts are of the first infusion and the analysis set; times are given in the unit of the study's endpoints table (days).
    """
    included = cohort.patients.loc[cohort.patients["analysis_set"] != "excluded", "patient_id"]
    rows = cohort.endpoints[cohort.endpoints["patient_id"].isin(included) & (cohort.endpoints["infusion"] == 1)]
    return tuple(_endpoint(name, rows[rows["endpoint"] == name]) for name in cohort.endpoint_names)


def table_effects(cohort: Cohort) -> tuple[str, ...]:
    """How many patients there are, and how many rows of each further table."""
    return (_counted(cohort.n_opened, "patient"), *_tables(cohort))


def _endpoint(name: str, rows: pd.DataFrame) -> str:
    usable = rows[(rows["problem"] == "") & rows["time"].notna() & rows["event"].notna()]
    events = usable[usable["event"] == 1]
    causes = events["cause"].dropna().value_counts()
    unknown = len(events) - int(causes.sum())
    named = [f"{n} {cause}" for cause, n in causes.items()]
    of = ", ".join(named + [f"{unknown} of unknown cause"] * bool(unknown)) if named else event_word(name)
    said = f"{endpoint_label(name)}: {_counted(len(events), 'event')} ({of}) among {_counted(usable['patient_id'].nunique(), 'patient')}"
    if len(usable):
        units = "/".join(sorted(set(usable["unit"].dropna())))
        said += f", {_short(usable['time'].min())} to {_short(usable['time'].max())} {units}"
    left = rows["patient_id"].nunique() - usable["patient_id"].nunique()
    return said.rstrip() + (f"; {left} not usable." if left else ".")


def _short(time: float) -> str:
    return f"{time:.0f}" if time >= 1000 else f"{time:.4g}"


def _tables(cohort: Cohort) -> Iterator[str]:
    for table in EVENT_TABLES:
        rows = cohort.tables[table.name]
        if len(rows) and table.name != "endpoints":
            patients = _counted(rows["patient_id"].nunique(), "patient")
            yield f"{table.sheet}: {_counted(len(rows), 'row')} of {patients}"


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"
