"""The same work from a script or a notebook: a cohort is opened, an analysis says who is looked at and how, and it makes exhibits.

from lib import open_cohort, analysis
view = analysis(open_cohort("cohort.xlsx"), by="arm", where=["emd=yes"])
view.make("survival.os", ci_scale="log").save("figure.pdf", width_mm=85)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import Grouping, parse_grouping
from lib.cohort.model import Cohort
from lib.cohort.selection import Selection
from lib.cohort.study_code import study_codes
from lib.cohort.time_unit import UNITS
from lib.cohort.view import first_view, infusion_numbers
from lib.cohort.where import parse_where
from lib.derived.course_answer import selected as selected_by
from lib.exhibits import Entry, attempts, entries, of_id
from lib.export.figure_file import caption_text, figure_file
from lib.export.print_form import FORMATS, SCREEN_SIZE, PrintForm
from lib.export.provenance import Provenance
from lib.export.report import KINDS, Part, Report, pseudonymised_report, report_file
from lib.export.table_file import csv_file
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.options import SCREEN, WIDTH, NotAllowed


class Refused(ValueError):
    """Something that was asked and that this cohort cannot follow; its text is the sentence for the reader."""


def open_cohort(*paths: str | Path, mapping: str | Path | None = None) -> Cohort:
    """The cohort of a workbook, or of several files with one table each; its findings are in `cohort.findings`.

    `mapping`: a file of saved answers about its columns. Raises Unsafe (cannot be read), NotAMapping, OSError.
    """
    files = [SourceFile(Path(path).name, Path(path).read_bytes()) for path in paths]
    answers = from_json(Path(mapping).read_text(encoding="utf-8")) if mapping else None
    return read_files(files, answers)


def analysed(
    cohort: Cohort,
    by: str | None = None,
    where: Sequence[str] = (),
    unit: str = "",
    infusion: int = 1,
    include_excluded: bool = False,
) -> Analysis:
    """Who is looked at and how they are compared, written as on the command line. Raises Refused with one sentence.

    `by`: a column, `age@60,70` (cut-points), "-" (no groups), None (as the workbook says). `where`: filters that hold together.
    `unit`: days, weeks or months ("" = that of the study). `infusion`: from which days count.
    """
    if unit and unit not in UNITS:
        raise Refused(f'"{unit}" is no unit of time. Units: {", ".join(UNITS)}.')
    selected = selected_by(cohort, _selection(cohort, where, infusion, include_excluded))
    return Analysis(cohort, selected, grouping_of(cohort, by), unit or cohort.study.time_unit)


@dataclass(frozen=True)
class View:
    """An analysis that makes exhibits by their ids."""

    analysis: Analysis

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all exhibits that these data allow, in menu order."""
        return tuple(
            each.id
            for each in entries(self.analysis)
            if isinstance(each, Entry) and each.spec.is_offered(self.analysis, each.variant)
        )

    def make(self, exhibit_id: str, **options: Any) -> "Made":
        """The exhibit of this id with these options. Raises NotAllowed with what there is instead."""
        entry = of_id(self.analysis, exhibit_id)
        for name, value in options.items():
            _check(entry, self.analysis, name, value, exhibit_id)

        def anew(width: int) -> Exhibit:
            return entry.spec.make(self.analysis, entry.variant, {**options, WIDTH: width})

        return Made(anew(SCREEN), self._provenance, anew)

    def report(
        self, path: str | Path, only: Sequence[str] = (), title: str = "", pseudonyms: bool = False, **printed: Any
    ) -> None:
        """Write the exhibits (of `only`, ids or patterns) as one document or package, by the ending: html, docx, pptx, pdf, zip.

        `pseudonyms`: patients as P01, P02 ... `printed`: size, dpi, colours as `Made.save`. Raises Refused, NotAllowed, NotPrintable.
        """
        kind = next((kind for kind in KINDS if Path(path).suffix.casefold() == f".{kind}"), None)
        if kind is None:
            raise Refused(f"{Path(path).name}: a report is not written so. It may be {', '.join(KINDS)}.")
        form = PrintForm(**printed)
        made = tuple(map(Part, attempts(self.analysis, only, (), form.pixels)))
        if only and not made:
            raise Refused(f"No exhibit of these data is called {' or '.join(only)}.")
        opened = self.analysis.opened
        given = Report(title, made, self._provenance, opened.findings, opened.account)
        codes = study_codes(list(opened.patients["patient_id"]))
        Path(path).write_bytes(report_file(pseudonymised_report(given, codes) if pseudonyms else given, kind, form))

    @property
    def _provenance(self) -> Provenance:
        return Provenance.of_cohort(self.analysis.selected, self.analysis.grouping)


@dataclass(frozen=True)
class Made:
    """A figure or a table, with the numbers behind it; `anew` makes it at another width, in pixels."""

    exhibit: Exhibit
    provenance: Provenance
    anew: Callable[[int], Exhibit]

    @property
    def numbers(self) -> pd.DataFrame:
        """The unrounded numbers, one column each as in results.json."""
        reported = self.exhibit.numbers
        return pd.DataFrame(list(reported.rows), columns=[name for name, _ in reported.columns])

    @property
    def tests(self) -> pd.DataFrame:
        """Every test: name, comparison, statistic, df, p, n, reason."""
        return pd.DataFrame([vars(each) for each in self.exhibit.tests])

    def save(self, path: str | Path, width_mm: float | None = None, **printed: Any) -> None:
        """Write it as SVG, PDF, PNG or TIFF (figures) or CSV, by the ending of the path. Raises Refused, NotPrintable.

        `width_mm`: laid out anew for this width on paper; or `size` "slide", "85mm" ... `dpi`: 300 or 600. `colours`: colour, grey, bw.
        `caption`: inside, beside (a text file of the same name) or none. `title`: whether it stands above.
        """
        ending = Path(path).suffix.removeprefix(".").casefold()
        ending = "tiff" if ending == "tif" else ending
        known = (*FORMATS, "csv") if isinstance(self.exhibit, Figure) else ("csv",)
        if ending not in known:
            raise Refused(
                f'{Path(path).name}: this exhibit is not written as "{ending}". It may be {", ".join(known)}.'
            )
        form = PrintForm(**{"size": f"{width_mm:g}mm" if width_mm else SCREEN_SIZE, **printed})
        exhibit = self.exhibit if ending == "csv" else self.anew(form.pixels)
        if ending == "csv" or not isinstance(exhibit, Figure):
            Path(path).write_bytes(csv_file(exhibit, self.provenance))
            return
        Path(path).write_bytes(figure_file(exhibit, self.provenance, ending, form))
        if form.caption == "beside":
            Path(path).with_suffix(".txt").write_text(caption_text(exhibit, self.provenance), encoding="utf-8")


def _check(entry: Entry, analysis: Analysis, name: str, value: Any, exhibit_id: str) -> None:
    """Raises NotAllowed for an option that the exhibit does not have, or a value that it cannot take."""
    offered = {offer.name: offer for offer in entry.offers(analysis)}
    if name not in offered:
        raise NotAllowed(f'{exhibit_id} has no option "{name}". It has: {", ".join(offered) or "none"}.')
    offered[name].check(value)


def grouping_of(cohort: Cohort, by: str | None) -> Grouping:
    """The grouping that is written so; None = as the workbook says. Raises Refused."""
    if by is None:
        return first_view(cohort).grouping
    grouping = parse_grouping(by, cohort)
    if isinstance(grouping, str):
        raise Refused(f"{grouping} Columns: {', '.join(variable.name for variable in cohort.variables)}.")
    return grouping


def _selection(cohort: Cohort, where: Sequence[str], infusion: int, include_excluded: bool) -> Selection:
    if infusion not in infusion_numbers(cohort):
        raise Refused(f"Nobody had infusion {infusion}. Numbers: {', '.join(map(str, infusion_numbers(cohort)))}.")
    selection = Selection(infusion=infusion, include_excluded=include_excluded)
    for text in where:
        clause = parse_where(text, cohort)
        if isinstance(clause, str):
            raise Refused(clause)
        selection = selection.with_clause(clause)
    return selection
