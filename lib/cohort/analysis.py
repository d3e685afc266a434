"""All that an exhibit may know: the opened cohort, who of it is looked at, how they are compared, in which unit of
time.

Patients can be P01, P02 ... from the start: a cohort in which no id of the workbook is left.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from lib.cohort.finding import Finding
from lib.cohort.grouping import Grouping
from lib.cohort.model import Cohort
from lib.cohort.selection import everybody_at

MOST_RESULTS: Final = 512  # kept of one analysis; all exhibits together ask for some 170
MOST_ANALYSES: Final = 24  # kept of one session,
MOST_CELLS: Final = 400_000  # with tables of so many cells together; two are kept however large they are
Result = TypeVar("Result")
QUOTED: Final = re.compile('"[^"]*"')


@dataclass(frozen=True)
class Analysis:
    """`opened` gives levels, cut-points, colours and axes; `selected` the patients. Exhibits share results through
    `result`."""

    opened: Cohort
    selected: Cohort
    grouping: Grouping
    unit: str
    mask_below: int = 0  # counts of patients below it are masked (0: none)
    _results: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict, compare=False, repr=False)

    @property
    def cells(self) -> float:
        """About how many cells the tables of the selected patients have: a measure of what is kept with them."""
        return float(self.opened.fact(_cells) * self.selected.n / max(len(self.opened.patients), 1))

    def result(self, function: Callable[..., Result], *arguments: Hashable) -> Result:
        """What `function(analysis, *arguments)` gives, computed once; the results used last are kept, at most
        MOST_RESULTS."""
        key = (function, arguments)
        if key not in self._results:
            self._results[key] = function(self, *arguments)
            while len(self._results) > MOST_RESULTS:
                self._results.popitem(last=False)
        self._results.move_to_end(key)
        found: Result = self._results[key]
        return found

    @property
    def everybody(self) -> Cohort:
        """All patients of the opened cohort, the excluded too, with days from the infusion that is looked at."""
        return everybody_at(self.opened, self.selected.infusion)

    def of_everybody(self, function: Callable[..., Any], *arguments: Hashable) -> Any:
        """What `function(everybody, *arguments)` gives, computed once for the opened cohort: facts of single patients,
        of which a selection takes its own."""
        return self.everybody.fact(function, *arguments)


def _cells(cohort: Cohort) -> int:
    return sum(table.size for table in (cohort.patients, *cohort.tables.values()))


def recent(analyses: Sequence[tuple[Hashable, Analysis]]) -> list[tuple[Hashable, Analysis]]:
    """The last of these that a session may keep: a reader goes back and forth between a few selections."""
    cells = 0.0
    for n, (_, analysis) in enumerate(reversed(analyses)):
        cells += analysis.cells
        if n >= MOST_ANALYSES or (n >= 2 and cells > MOST_CELLS):
            return list(analyses[-n:])
    return list(analyses)


def study_codes(patient_ids: Sequence[str]) -> dict[str, str]:
    """P01, P02 ... in the order given; as many digits as needed."""
    width = max(2, len(str(len(patient_ids))))
    return {patient: f"P{number:0{width}}" for number, patient in enumerate(patient_ids, start=1)}


def coded(analysis: Analysis) -> Analysis:
    """The same analysis of the cohort under study codes; nothing that was computed before is kept."""
    codes = study_codes(list(analysis.opened.patients["patient_id"]))
    opened, selected = (with_study_codes(cohort, codes) for cohort in (analysis.opened, analysis.selected))
    return Analysis(opened, selected, analysis.grouping, analysis.unit, analysis.mask_below)


def with_study_codes(cohort: Cohort, codes: Mapping[str, str] | None = None) -> Cohort:
    """The cohort under study codes (by default in the order of its table of patients). Findings lose the words that
    they quote."""
    codes = study_codes(list(cohort.patients["patient_id"])) if codes is None else codes
    patients = cohort.patients.assign(patient_id=cohort.patients["patient_id"].map(codes))
    tables = {
        name: table.assign(patient_id=table["patient_id"].map(codes)) if "patient_id" in table.columns else table
        for name, table in cohort.tables.items()
    }
    findings = tuple(map(without_words, cohort.findings))
    return replace(cohort.with_tables(patients, tables), findings=findings, coded=True)


def without_words(finding: Finding) -> Finding:
    """The finding without the words that it quotes, an id may be among them; its row and column still say where to
    look."""
    return replace(
        finding, value="", problem=QUOTED.sub('"..."', finding.problem), fix=QUOTED.sub('"..."', finding.fix)
    )
