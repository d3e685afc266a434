"""A column of a patient sheet that holds a worst grade ("CRS grade", "ICANS max"): read as adverse events of that name, too."""

import re
from typing import Final

from lib.intake.coding import ROMAN_GRADES
from lib.intake.mapping import Reading
from lib.intake.sheet_guess import SheetGuess
from lib.intake.sheet_view import ColumnView

TERMS: Final = (
    ("CRS", re.compile(r"(max_?|worst_?)?crs_?(gr|grade?|grad|max|worst|max_grade?|worst_grade|等级|分级)?")),
    ("ICANS", re.compile(r"(max_?|worst_?)?(icans|crs_?icans|neurotox\w*)_?(gr|grade?|grad|max|worst|max_grade?|worst_grade|等级|分级)?")),
    ("IEC-HS", re.compile(r"(max_?)?iec_?hs_?(gr|grade?|grad|max)?")),
)  # fmt: skip
GRADE: Final = re.compile(rf"(grade|grad|gr\.?|g)?\s*([0-5](\.0)?|{'|'.join(ROMAN_GRADES)})", re.I)


def worst_grade_readings(guess: SheetGuess) -> list[Reading]:
    """One reading a column; 0 means looked for and absent, an empty cell is no event. Not where yes/no or words stand."""
    if guess.table != "patients" or not guess.view.patient or guess.view.repeated:
        return []
    found = [(term, column) for column in guess.view.columns if (term := _term(column))]
    return [
        Reading("adverse_events", {"patient_id": guess.view.patient, "grade": column.name}, {"term": term}, extras=())
        for term, column in found
    ]


def _term(column: ColumnView) -> str:
    words = column.profile.words
    if column.private or not words or not all(GRADE.fullmatch(word) for word in words):
        return ""
    if set(words) <= {"0", "1", "0.0", "1.0"} and "gr" not in column.key:
        return ""  # 0 and 1 without the word grade are no and yes
    return next((term for term, pattern in TERMS if pattern.fullmatch(column.key)), "")
