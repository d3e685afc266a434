"""The event tables of a workbook as they were read -> checked, counted in days, with the infusion filled in; and the
variables that Infusions and Therapies give (lib/cohort/at_infusion.py) beside the columns of Patients.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import pandas as pd

from lib.cohort.at_infusion import DERIVED, Derived, as_shown, dose_unit, given
from lib.cohort.check import check_across, is_numbered, usable_rows, without_duplicates
from lib.cohort.check_course import check_dates
from lib.cohort.check_endpoints import check_endpoints
from lib.cohort.finding import Finding, at_rows
from lib.cohort.model import Variable, empty_table
from lib.cohort.schema import (
    ADVERSE_EVENTS,
    ASSAYS,
    ENDPOINTS,
    EVENT_TABLES,
    INFUSIONS,
    KINETICS,
    LABS,
    STATE,
    STATES,
    TABLES,
    THERAPIES,
    Table,
)
from lib.cohort.time_unit import DAYS_PER, InfusionDates, days_between, infusion_dates, with_days
from lib.intake.apply.endpoints import (
    ALIVE_WITH_DATE,
    endpoint_table,
    endpoints_from_columns,
    endpoints_from_dates,
    endpoints_from_sheet,
    who_died,
)
from lib.intake.apply.rows import below_each_other, said_otherwise
from lib.intake.apply.study import StudySettings
from lib.intake.apply.table import EXTRA, UNREAD, ReadTable
from lib.intake.apply.variables import (
    PatientColumns,
    extra_findings,
    merged_findings,
    nearly_all_different,
    one_spelling,
    relabelled,
    typed_extra,
    variable_of,
)
from lib.intake.cells.meanings import says_no_event
from lib.intake.cells.units import with_limits, with_one_unit, without_logarithms
from lib.intake.mapping import VITAL_STATUS
from lib.intake.sheets.role import normalised

SHEETS = {table.name: table.sheet for table in TABLES}
OWN_COLUMN = (
    "Patients has a column {label} of its own that says otherwise; it counts, and {label} of {sheet} is neither in"
    " Table 1 nor a filter."
)
RENAME = "Rename the column of Patients if the other one is meant."
TOO_MANY = (
    "{label} of {sheet} has nearly as many different texts as patients, so it is neither shown in Table 1 nor offered"
    " as a filter."
)
ONE_NAME = "Write one name for one thing."
NOT_CELLS = "{n} {what}: no number of cells, so not in Dose of Table 1 or of the filters."
WRITE_UNIT = "Write for example 10^6 cells or 10^6 cells/kg."


def event_tables(
    reads: dict[str, ReadTable], patients: pd.DataFrame, read_patients: ReadTable, settings: StudySettings
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Every event table, without rows where the workbook has none, and what was found wrong in them."""
    usable, findings = _usable(reads, set(patients["patient_id"]))
    dates = infusion_dates(patients, usable["infusions"])
    endpoints, endpoint_findings = _endpoints(reads, usable["endpoints"], patients, read_patients, settings, dates)
    findings += endpoint_findings
    tables: dict[str, pd.DataFrame] = {}
    sheets = {table.name: reads[table.name].sheet if table.name in reads else table.sheet for table in EVENT_TABLES}
    for table in EVENT_TABLES:
        if table is ENDPOINTS:
            continue
        if table.name not in reads:
            tables[table.name] = _none(table).copy()
            continue
        tables[table.name], of_table = _counted(usable[table.name], table, sheets[table.name], dates)
        findings += of_table
    findings += check_across(tables, sheets, endpoints, settings.data_cutoff, dates, settings.study.disease)
    return {**tables, "endpoints": endpoints.drop(columns="column")}, findings


def _counted(
    usable: pd.DataFrame, table: Table, sheet: str, dates: InfusionDates
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows of one table in days, in one unit and with their limits."""
    frame, findings = _in_days(usable, table is INFUSIONS, sheet, dates)
    frame, twice = without_duplicates(frame, table.name, sheet) if table is KINETICS else (frame, [])
    as_counted = {LABS.name: with_one_unit, KINETICS.name: without_logarithms}.get(table.name)
    frame, converted = as_counted(frame, sheet) if as_counted else (frame, [])
    frame, of_limits = with_limits(frame, sheet) if "below" in frame.columns else (frame, [])
    return frame, findings + twice + converted + of_limits


@cache
def _none(table: Table) -> pd.DataFrame:
    """The table of a workbook that has none, which most lack several of."""
    return _counted(_unread(table), table, table.sheet, {})[0]


@cache
def _unread(table: Table) -> pd.DataFrame:
    return empty_table(table).assign(source_row=pd.Series(dtype="int64"))


def assays_table(read: ReadTable | None) -> tuple[pd.DataFrame, list[Finding]]:
    """The laboratory assays, which speak of no patient."""
    return _with_typed_extras(read.frame, read) if read else (empty_table(ASSAYS), [])


def _usable(reads: dict[str, ReadTable], known: set[str]) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    usable: dict[str, pd.DataFrame] = {}
    findings: list[Finding] = []
    for table in EVENT_TABLES:
        usable[table.name] = _unread(table)
        if read := reads.get(table.name):
            frame, none = _that_happened(read)
            findings += none
            frame, merged = _one_spelling_each(replace(read, frame=frame))
            rows, aside = usable_rows(frame, table.name, read.sheet, known)
            usable[table.name], unfit = _with_typed_extras(rows, read)
            findings += merged + aside + unfit + check_dates(rows, table, read.sheet, dt.date.today())
    return usable, findings


def _that_happened(read: ReadTable) -> tuple[pd.DataFrame, list[Finding]]:
    """The table without the rows of Adverse events that say there was none ("none", "keine", 0), told once."""
    if read.table is not ADVERSE_EVENTS or read.frame.empty:
        return read.frame, []
    terms = read.frame["term"]
    none = terms.isin([term for term in terms.unique() if isinstance(term, str) and says_no_event(term)])
    if not none.any():
        return read.frame, []
    graded = none & (read.frame["grade"] > 0)
    place = (read.sheet, "term")
    problem = '"{term}" is no adverse event, and a grade stands beside it; the row was not counted.'
    findings = at_rows(
        read.frame[graded], "error", place, problem, "Write the name of the event, or delete the grade.", "{term}"
    )
    words = ", ".join(f'"{word}"' for word in dict.fromkeys(read.frame.loc[none, "term"]))
    said = f"{int(none.sum()):,} rows say that there was no adverse event ({words}); they count no event."
    note = Finding(
        "note", read.sheet, None, read.letters.get("term", "term"), "", said, "Patients without events need no row."
    )
    return read.frame[~none].reset_index(drop=True), [*findings, note]


def _one_spelling_each(read: ReadTable) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with each word spelled in one way, endpoints as the schema writes them, and the infusion and the
    measure filled in."""
    frame, findings = read.frame, []
    if read.table is not INFUSIONS:
        frame = frame.assign(infusion=frame["infusion"].fillna(1.0))
    if read.table is ENDPOINTS:
        frame = frame.assign(endpoint=frame["endpoint"].map(normalised, na_action="ignore"))
    if read.table is STATES:
        frame = frame.assign(measure=frame["measure"].fillna(STATE))
    for column in read.table.columns:
        if column.kind == "category" and column.name in read.letters:
            words, merged = one_spelling(frame[column.name])
            frame = frame.assign(**{column.name: words})
            findings += merged_findings(merged, read.sheet, read.letters[column.name])
    return frame, findings


def _with_typed_extras(frame: pd.DataFrame, read: ReadTable) -> tuple[pd.DataFrame, list[Finding]]:
    """The table with its extra columns typed; names, dates and free text are left out.

    They get names that none of the program's own columns can have, whatever stands in the heading; of an assay they
    keep their own, since its conditions are named by them (lib/assay/series.py).
    """
    kept: list[pd.Series | pd.DataFrame] = [frame.drop(columns=list(read.extras))]
    findings = []
    for name in read.extras:
        typed = typed_extra(frame[name], name)
        findings += extra_findings(typed, frame["source_row"], read.sheet, read.letters[name])
        if not typed.why_not:
            as_it_is = read.table is ASSAYS or name.endswith(EXTRA)
            kept.append(typed.values.rename(name if as_it_is else name + EXTRA))
    return pd.concat(kept, axis=1), findings


def _endpoints(
    reads: dict[str, ReadTable],
    frame: pd.DataFrame,
    patients: pd.DataFrame,
    read_patients: ReadTable,
    settings: StudySettings,
    dates: InfusionDates,
) -> tuple[pd.DataFrame, list[Finding]]:
    sheet = reads["endpoints"].sheet if "endpoints" in reads else ENDPOINTS.sheet
    from_sheet = endpoints_from_sheet(frame, sheet, dates, settings.study.time_unit)
    from_columns, findings = endpoints_from_columns(
        patients, read_patients.extras, read_patients.sheet, read_patients.letters
    )
    findings += said_otherwise(from_columns, from_sheet, read_patients.sheet)
    is_status = from_sheet["endpoint"] == VITAL_STATUS
    status = who_died(from_sheet[is_status], VITAL_STATUS)
    from_sheet = from_sheet[~is_status] if status else from_sheet
    earlier = against_dates(combined([from_sheet, from_columns]), patients, dates, settings.data_cutoff)
    from_dates = endpoints_from_dates(patients, read_patients.sheet, dates, earlier, status, read_patients.letters)
    together = combined([earlier, from_dates])
    nameless = together["endpoint"] == ""
    unnamed = ("endpoint", "", "This row does not say which endpoint it is.", "Write os, pfs, ttp ...")
    rows = zip(together.loc[nameless, "sheet"], together.loc[nameless, "source_row"], strict=True)
    findings += [Finding("error", of_sheet, int(row), *unnamed) for of_sheet, row in rows]
    named = together[~nameless].reset_index(drop=True) if nameless.any() else together
    endpoints, problems = check_endpoints(named, settings.data_cutoff, dates)
    return endpoints, findings + problems


def _in_days(
    frame: pd.DataFrame, infusions: bool, sheet: str, dates: InfusionDates
) -> tuple[pd.DataFrame, list[Finding]]:
    if not infusions:
        return with_days(frame, sheet, dates)
    # days of every infusion count from the first
    counted, findings = with_days(frame.assign(infusion=1.0), sheet, dates)
    return counted.assign(infusion=frame["infusion"]), findings


def with_given(
    columns: PatientColumns, tables: Mapping[str, pd.DataFrame], settings: StudySettings
) -> tuple[PatientColumns, list[Finding]]:
    """The columns of Patients and, after them, what each patient was given with the first infusion and before it."""
    findings: list[Finding] = []
    if tables[INFUSIONS.name].empty and tables[THERAPIES.name].empty:
        return columns, findings
    ids = columns.patients["patient_id"]
    numbers = [1, *sorted(set(tables[INFUSIONS.name]["infusion"].dropna().astype(int)) - {1})]
    for each in (each for each in DERIVED if each.recorded(tables[each.sheet])):
        written = [given(each, ids, tables, number).values for number in numbers]
        if written[0].isna().all():
            continue
        if each.column.kind == "category" and nearly_all_different(Counter(pd.concat(written).dropna())):
            findings.append(_note(each, TOO_MANY, ONE_NAME))
            continue
        variable = _variable(each, pd.concat(written), settings)
        if own := _own(columns, variable):
            same = columns.patients[own].equals(as_shown(written[0], variable).rename(own))
            findings += [] if same else [_note(each, OWN_COLUMN, RENAME)]
            continue
        patients = columns.patients.assign(**{each.name: as_shown(written[0], variable)})
        columns = replace(columns, patients=patients, variables=(*columns.variables, variable))
    return columns, [*findings, *_not_cells(tables[INFUSIONS.name])]


def _own(columns: PatientColumns, variable: Variable) -> str:
    """The column of Patients that has this name, or is shown under this label; "" where there is none."""
    if variable.name in columns.patients.columns:
        return variable.name
    return next((each.name for each in columns.variables if each.label.casefold() == variable.label.casefold()), "")


def _variable(each: Derived, written: pd.Series, settings: StudySettings) -> Variable:
    """The variable with the levels of all infusions; `shown` says which word became which level."""
    shown, _ = one_spelling(relabelled(written, each.name, settings))
    words = {old: new for old, new in zip(written, shown, strict=True) if isinstance(old, str) and old != new}
    variable = variable_of(each.name, shown, settings, each.column)
    return replace(variable, sheet=SHEETS[each.sheet], shown=tuple(words.items()))


def _note(each: Derived, problem: str, fix: str) -> Finding:
    said = problem.format(name=each.name, label=each.column.label, sheet=SHEETS[each.sheet])
    return Finding("note", SHEETS[each.sheet], None, "", "", said, fix)


def _not_cells(infusions: pd.DataFrame) -> list[Finding]:
    """A note for each unit of a dose that says no number of cells, and for doses without a unit."""
    units = infusions.loc[infusions["dose"].notna(), "dose_unit"].fillna("").astype(str)
    found = {unit: n for unit, n in Counter(units).items() if dose_unit(unit) is None}
    findings = []
    for unit, n in found.items():
        what = f'in "{unit}"' if unit else "without a unit"
        problem = NOT_CELLS.format(n=f"{n:,} {'dose' if n == 1 else 'doses'}", what=what)
        findings.append(Finding("note", INFUSIONS.sheet, None, "dose_unit", unit, problem, WRITE_UNIT))
    return findings


def against_dates(
    endpoints: pd.DataFrame, patients: pd.DataFrame, dates: InfusionDates, cutoff: dt.date | None
) -> pd.DataFrame:
    """The endpoints with a problem where a patient is alive by the status and has a date of death, or one that cannot
    be read."""
    unread = patients.get(f"death_date{UNREAD}", pd.Series(index=patients.index, dtype="object")).eq(True)
    reported = patients[patients["death_date"].notna() | unread]
    if reported.empty:
        return endpoints
    problems = endpoints[["problem", "fix"]].astype("object").copy()
    died = dict(zip(reported["patient_id"], reported["death_date"], strict=True))
    alive = (endpoints["endpoint"] == "os") & (endpoints["event"] == 0) & (endpoints["problem"] == "")
    for place in endpoints.index[alive & endpoints["patient_id"].isin(list(died))]:
        row = endpoints.loc[place]
        death = died[row["patient_id"]]
        infused = dates.get((row["patient_id"], 1))
        later = death and infused and row["column"] != "end_date" and days_between(infused, death) > _days(row) + 1
        if not (later or (death and cutoff and death > cutoff)):
            problems.loc[place] = [ALIVE_WITH_DATE, "Correct one of the two."]
    return endpoints.assign(**problems)


def combined(sources: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All sources one under the other; an endpoint that a patient has in an earlier source is not taken from a later
    one."""
    there = [source for source in sources if len(source)]
    if len(there) < 2:
        return (there[0] if is_numbered(there[0]) else there[0].reset_index(drop=True)) if there else endpoint_table([])
    together = below_each_other(there)
    source_of = [number for number, source in enumerate(sources) for _ in range(len(source))]
    together = together.assign(source=source_of)
    first = together.groupby(["patient_id", "infusion", "endpoint"], dropna=False)["source"].transform("min")
    return together[together["source"] == first].drop(columns="source").reset_index(drop=True)


def _days(row: pd.Series) -> float:
    return float(row["time"]) * DAYS_PER.get(row["unit"], math.nan)
