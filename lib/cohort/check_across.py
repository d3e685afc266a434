"""Every doubt about the event tables that are kept: within each, and of one against another. Nothing is removed."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from lib.cohort.check_course import check_course
from lib.cohort.check_days import check_days, last_days
from lib.cohort.check_endpoints import days_to_cutoff
from lib.cohort.check_follow_up import check_follow_up
from lib.cohort.check_grades import check_grades
from lib.cohort.check_kinetics import check_kinetics, check_units
from lib.cohort.check_response import check_response
from lib.cohort.check_states import check_states
from lib.cohort.check_values import check_values
from lib.cohort.finding import Finding
from lib.cohort.study_day import InfusionDates


def check_across(
    tables: Mapping[str, pd.DataFrame],
    sheets: Mapping[str, str],
    endpoints: pd.DataFrame,
    cutoff: dt.date | None,
    dates: InfusionDates,
    disease: str = "",
) -> list[Finding]:
    """The findings about all event tables (in days, endpoints checked); `sheets` names the sheet of each table."""
    last = last_days(endpoints, tables["infusions"])
    findings = check_follow_up(endpoints, cutoff, dates)
    for name, table in tables.items():
        if table.empty:
            continue
        counted = table.assign(infusion=1.0) if name == "infusions" else table
        cutoff_days = days_to_cutoff(counted, cutoff, dates) if cutoff and dates else None
        findings += check_days(table, name, sheets[name], last, cutoff_days) + check_values(table, sheets[name])
    findings += check_kinetics(tables["kinetics"], sheets["kinetics"])
    findings += check_units(tables["labs"], ("patient_id", "test"), sheets["labs"])
    if not tables["states"].empty:
        findings += check_states(tables["states"], sheets["states"])
    if not tables["responses"].empty:
        findings += check_response(tables["responses"], sheets["responses"], disease)
    if not tables["labs"].empty:
        findings += check_grades(tables["adverse_events"], tables["labs"], sheets["adverse_events"])
    return findings + check_course(tables, sheets, endpoints)
