"""States that contradict each other: two of one measure (disease, B cells, arm) at the same time in one patient.

Nothing is removed. A state that ends before it begins is reported by check_days.py.
"""

from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows

COURSE: Final = ("patient_id", "infusion", "measure")
TOUCHING_DAYS: Final = 0.5  # one state may end on the day on which the next begins; fractions come of times in months


def check_states(states: pd.DataFrame, sheet: str) -> list[Finding]:
    """Every state that begins before another of the same patient, infusion and measure has ended, and goes on from
    there.

    Only states with both days are compared; one that only repeats another (same state) is a note.
    """
    timed = states[states["stop_day"] > states["start_day"]].assign(place=lambda rows: range(len(rows)))
    if not timed.duplicated(list(COURSE)).any():
        return []
    reported = timed[[*COURSE, "state", "start_day", "stop_day", "place"]]
    pairs = timed.merge(reported, on=list(COURSE), suffixes=("", "_other"))
    later = (pairs["start_day"] > pairs["start_day_other"]) | (
        (pairs["start_day"] == pairs["start_day_other"]) & (pairs["place"] > pairs["place_other"])
    )
    within = pairs["start_day"] < pairs["stop_day_other"] - TOUCHING_DAYS
    again = pairs[later & within].drop_duplicates("place")
    problem = 'This begins before "{state_other}" of day {start_day_other:g} has ended; both are "{measure}".'
    mend = "Correct one of the days. Where two states overlap, the one that began later is drawn."
    place, same = (sheet, "start_day"), again["state"] == again["state_other"]
    found = at_rows(again[~same], "warning", place, problem, mend, "{start_day:g}")
    return found + at_rows(again[same], "note", place, problem, mend, "{start_day:g}")
