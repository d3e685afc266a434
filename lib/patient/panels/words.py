"""What the panels say in words, and their numbers for results.json."""

import math
from typing import Final

from lib.patient.facts import course_facts
from lib.patient.panels.result import PanelResult
from lib.publication.exhibit import Numbers
from lib.publication.number import above_limit_notes, plural

TITLES: Final = {
    "patient.course": "Course of the patient",
    "patient.infusions": "Infusions over each other, each from its own day 0",
    "patient.in_cohort": "The patient among the selected patients",
}


def title(name: str) -> str:
    """What the figure is."""
    return TITLES[name]


def heading(result: PanelResult) -> str:
    """How the patient fared, in a line."""
    if result.others is not None:
        return f"The patient in colour; {plural(result.others['patient'].nunique(), 'other patient')} in grey"
    return "; ".join(f"{fact.label}: {fact.value}" for fact in course_facts(result.seen)[:3])


def caption(result: PanelResult, name: str) -> str:
    """How it is drawn."""
    time = "each infusion on its own day 0" if result.origin is None else f"days since infusion {result.origin}"
    said = f"Time: {time}, day {result.period[0]:g} to {result.period[1]:g}."
    if name == "patient.in_cohort":
        said += " Grey: other selected patients after the chosen infusion, quantifiable values."
    said += " Open symbols: below the limit of quantification or detection, drawn at the limit (dashed). Lines are not drawn across such values or more than 60 days."
    if result.table[["lower_limit", "upper_limit"]].notna().any(axis=None):
        said += " Green band or dotted lines: reference range."
    if result.events.n:
        said += (
            " Bars: adverse events with their grade (? not stated), last day included; one day where no end is stated."
        )
    if "derived" in set(result.table["origin"]):
        said += " Derived: calculated from other printed numbers, not measured."
    origins = set(result.table["origin"])
    return said + (
        " Rings: printed in the source; all other values are invented." if {"printed", "invented"} <= origins else ""
    )


def notes(result: PanelResult, name: str) -> tuple[str, ...]:
    """What is not drawn, and why."""
    said = []
    if result.n_outside and name != "patient.in_cohort":
        said.append(f"{plural(result.n_outside, 'value')} outside the days shown.")
    if result.n_unplaced:
        said.append(f"{plural(result.n_unplaced, 'value')} without a day: not drawn.")
    unknown = int((result.table["below"] & result.table["limit"].isna()).sum())
    if unknown:
        said.append(f"{plural(unknown, 'value')} below a limit that is not stated: at the foot of the panel.")
    said += above_limit_notes(int(result.table["above"].sum()))
    hidden = sum(int((rows["value"] <= 0).sum()) for number, rows in result.table.groupby("panel") if result.logs[int(str(number).removesuffix('.0'))])  # fmt: skip
    if hidden:
        said.append(f"{plural(hidden, 'value')} of 0 or less: not drawn on a log axis.")
    if result.events.without_day:
        said.append(f"Adverse events without a day, not drawn: {', '.join(result.events.without_day)}.")
    if left := (*result.events.without_lane, *result.therapies.without_lane):
        said.append(f"No room for: {', '.join(left)}.")
    return tuple(said)


def alt_text(result: PanelResult) -> str:
    """The figure for whoever cannot see it."""
    parts = []
    for number, panel in enumerate(result.panels):
        rows = result.table[(result.table["panel"] == number) & result.table["value"].notna()]
        if len(rows):
            top = rows.loc[rows["value"].idxmax()]
            parts.append(
                f"{panel.label}: {plural(len(rows), 'value')}, the highest {top['value']:,.6g} on day {top['at']:g}"
            )
    said = "; ".join(parts) or "no values"
    events = f" Adverse events: {'; '.join(bar.told for bar in result.events.bars)}." if result.events.bars else ""
    return (
        f"{plural(len(result.panels), 'panel')} over days {result.period[0]:g} to {result.period[1]:g}. {said}.{events}"
    )


def amount_words(value: float, limit: float, unit: str, origin: str, above: bool = False) -> str:
    """One value as it was measured ("> 2,000" above the upper limit of the assay), with its unit and where it comes from."""
    said = (
        f"{'> ' if above else ''}{value:,.6g}"
        if not math.isnan(value)
        else "below limit"
        if math.isnan(limit)
        else f"< {limit:g}"
    )
    return f"{said} {unit}".rstrip() + (f" ({origin})" if origin else "")


def panel_numbers(result: PanelResult) -> Numbers:
    """One row a value."""
    columns = (
        ("patient", ""), ("panel", ""), ("series", ""), ("unit", ""), ("infusion", ""), ("day", "days"), ("day_on_axis", "days"), ("value", ""),
        ("limit", ""), ("origin", ""), ("reason", ""),
    )  # fmt: skip
    rows = []
    for row in result.table.to_dict("records"):
        panel = result.panels[int(row["panel"])]
        missing = math.isnan(row["value"])
        rows.append(
            (
                result.seen.patient, panel.name, panel.lines[int(row["line"])].name, panel.unit or None, int(row["infusion"]), row["day"], row["at"],
                None if missing else row["value"], None if math.isnan(row["limit"]) else row["limit"], row["origin"] or None,
                "below the limit" if missing else "above the upper limit" if row["above"] else None,
            )
        )  # fmt: skip
    return Numbers(columns, tuple(rows))
