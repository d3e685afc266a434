"""What an endpoint counts and whom it censors when, in words: one sentence on the event, one on who is censored."""

from typing import Final

from lib.survival.outcome import TimeToEvent

GIVEN: Final = {
    "os": ("death of any cause", "the living are censored at their last contact ({n})"),
    "pfs": ("progression or death, whichever comes first", "without either censored at the last assessment ({n})"),
    "ttp": ("progression", "others without progression are censored at their last assessment ({n})"),
    "dor": ("progression or death after a response", "without either censored at the last assessment ({n})"),
    "ttnt": ("next therapy", "others without one are censored at their last contact ({n})"),
}
OWN: Final = ("as the workbook counts it", "the others are censored at the end of their time ({n})")


def censoring(outcome: TimeToEvent) -> tuple[str, ...]:
    """The rules behind the endpoint; of a given one as it is defined where the workbook keeps to the usual definition."""
    rows = outcome.rows
    table, deaths = outcome.table, outcome.deaths_censored
    others = int((table["event"] == 0).sum()) - deaths
    event, rule = (rows.event, rows.rule) if rows.source else GIVEN.get(outcome.endpoint, OWN)
    origin = f", counted from the {rows.origin}" if rows.origin != "infusion" else ""
    said = [f"{outcome.label}: event = {event}{origin}; {rule.format(n=_patients(others))}."]
    if deaths:
        said.append(_deaths(outcome))
    if outcome.pfs_events is not None:
        said.append(f"Progression-free survival of the same patients counts {_events(outcome.pfs_events)}, time to progression {_events(int(table['event'].sum()))}.")  # fmt: skip
    if rows.source:
        said.append(f"Derived from {rows.source}: the workbook gives no {outcome.label.lower()}.")
    if rows.origin == "apheresis":
        said.append(
            "Counted from apheresis: patients enter at their infusion, before which nobody in this cohort could fail."
        )
    return tuple(said)


def _deaths(outcome: TimeToEvent) -> str:
    """How many were censored at death, and that the curve is then no probability among patients who may die."""
    without = {"ttp": "without progression", "ttnt": "without next therapy"}.get(outcome.endpoint, "without event")
    words = f"{outcome.deaths_censored} death{'s' * (outcome.deaths_censored != 1)} {without} censored at death"
    return f"{words}: the curve treats them as if they could still have it; see the cumulative incidence."


def _patients(n: int) -> str:
    return f"{n:,} patient{'s' * (n != 1)}"


def _events(n: int) -> str:
    return f"{n:,} event{'s' * (n != 1)}"
