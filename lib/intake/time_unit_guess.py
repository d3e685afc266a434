"""In which unit a time is written: as its heading says, else as its range suggests."""

from typing import Final

from lib.intake.sheet_view import ColumnView

CHOICES: Final = (("days", "Days"), ("weeks", "Weeks"), ("months", "Months"), ("years", "Years"), ("hours", "Hours"))
SURELY_DAYS: Final = 600  # whole numbers beyond this many are no months: nobody is followed for 50 years
RATHER_DAYS: Final = 120


def time_unit(column: ColumnView) -> tuple[str, bool, str]:
    """The unit, whether it is beyond doubt, and why."""
    if column.heading.unit:
        return column.heading.unit, True, "the unit stands in the header"
    values = column.profile
    range_words = f"{values.low:g} to {values.high:g}"
    if values.whole == 1 and values.high > SURELY_DAYS:
        return "days", True, f"whole numbers {range_words} are days"
    if values.whole == 1 and values.high > RATHER_DAYS:
        return "days", False, f"whole numbers {range_words} look like days"
    if values.high <= RATHER_DAYS and values.whole < 1:
        return "months", False, f"{range_words} could be months"
    return "months" if values.high <= RATHER_DAYS else "days", False, f"{range_words} without a unit"
