"""The sheets of small panels: who stands on which, and where each panel lies. Of many patients there is one sheet after
another.
"""

from dataclasses import dataclass
from typing import Final

from lib.cohort.grouping import analysis_set
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.model import Cohort
from lib.kinetics.series import KineticsResult, samples_of
from lib.publication.text_width import SCREEN

MOST_PANELS: Final = 60
ABOVE: Final = 18  # for the patient's name
BELOW: Final = 10
UNDER: Final = 26  # under the last row, for the days
COLUMNS: Final = (4, 5, 6)
NARROW: Final = 600  # pixels, below which as many panels stand beside each other as have room
LEAST_WIDTH: Final = 120  # pixels of a panel of a narrow sheet, with what is beside it
GUTTER: Final = 70  # pixels of the sheet's width that are no panel
FEW, MEDIUM = 12, 24  # panels; of more than MEDIUM always six beside each other
BESIDE: Final = 0.2  # of a panel's width, between panels
HEIGHT: Final = 0.75  # of a panel, in its widths


def places(opened: Cohort, key: SeriesKey) -> int:
    """How many panels the sheet has room for: the patients of the opened cohort's analysis set with samples of the
    series, at most 60.
    """
    included = set(opened.patients.loc[analysis_set(opened), "patient_id"])
    return max(1, min(MOST_PANELS, len(included & set(samples_of(opened, key)["patient"]))))


def sheets(result: KineticsResult) -> tuple[tuple[str, ...], ...]:
    """The patients with samples by group, and in the order of the file within each, in sheets of at most 60."""
    first = result.table.drop_duplicates("patient")
    in_order = (
        first.assign(slot=first["group"].map(result.slots)).sort_values("slot", kind="stable")["patient"].tolist()
    )
    starts = range(0, max(1, len(in_order)), MOST_PANELS)
    return tuple(tuple(in_order[start : start + MOST_PANELS]) for start in starts)


@dataclass(frozen=True)
class Sheet:
    """Where each panel lies: x counts in panel widths from the left, y in pixels from the top. `pixels`: width of the
    figure."""

    panels: int
    pixels: int = SCREEN

    @property
    def columns(self) -> int:
        """Four for up to 12 panels, else what fills the last row best, at most six; of a narrow sheet what has room."""
        if self.pixels < NARROW:
            return max(2, self.pixels // LEAST_WIDTH)
        if self.panels <= FEW:
            return min(COLUMNS)
        return min(
            COLUMNS,
            key=lambda columns: (self.panels > MEDIUM and columns < max(COLUMNS), -self.panels % columns, -columns),
        )

    @property
    def panel(self) -> float:
        """Pixels of width of a panel, about."""
        return (self.pixels - GUTTER) / self.width

    @property
    def rows(self) -> int:
        """How many rows of panels there are."""
        return -(-self.panels // self.columns)

    @property
    def plot(self) -> int:
        """Pixels of height of a panel without its name."""
        return round(HEIGHT * self.panel)

    @property
    def width(self) -> float:
        """Of the sheet, in panel widths."""
        return self.columns + BESIDE * (self.columns - 1)

    @property
    def height(self) -> int:
        """Of the sheet, in pixels."""
        return self.rows * (ABOVE + self.plot + BELOW) + UNDER

    def left(self, panel: int) -> float:
        """Where a panel begins, in panel widths."""
        return (panel % self.columns) * (1 + BESIDE)

    def top(self, panel: int) -> int:
        """Where the plot of a panel begins, under the name."""
        return (panel // self.columns) * (ABOVE + self.plot + BELOW) + ABOVE
