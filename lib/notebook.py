"""The same work from a script or a notebook: a cohort is opened, an analysis says who is looked at and how, and it
makes exhibits.

from lib import open_cohort, analysis
view = analysis(open_cohort("cohort.xlsx"), by="arm", where=["emd=yes"])
view.make("survival.os", ci_scale="log").save("figure.pdf", width_mm=85)
"""

import json
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from lib.cohort.analysis import Analysis, coded
from lib.cohort.grouping import Grouping, parse_grouping
from lib.cohort.model import Cohort
from lib.cohort.selection import Selection
from lib.cohort.time_unit import UNITS
from lib.cohort.view import View as LookedAt
from lib.cohort.view import first_view, infusion_numbers, parse_where, with_groups, written_groups
from lib.derived.course_answer import selected as selected_by
from lib.exhibits import Entry, Settings, attempts, entries, of_id, report_scripts
from lib.export import script
from lib.export.composition import FORMATS, ON_PAPER, SCREEN_SIZE, PrintForm
from lib.export.figure_file import caption_text, figure_file
from lib.export.provenance import Provenance
from lib.export.report import KINDS, PACKED_FORMATS, Part, Report, report_file
from lib.export.table_file import TABLE_FORMATS, data_files
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json
from lib.publication.exhibit import Exhibit, Figure
from lib.publication.options import WIDTH, NotAllowed, parsed
from lib.publication.text_width import SCREEN
from lib.session import SavedSession, from_text
from lib.session_opened import changes, followed, open_session, usable_settings


class Refused(ValueError):
    """Something that was asked and that this cohort cannot follow; its text is the sentence for the reader."""


def open_cohort(*paths: str | Path, mapping: str | Path | None = None, session: str | Path | None = None) -> Cohort:
    """The cohort of a workbook, or of several files with one table each; its findings are in `cohort.findings`.

    `mapping`: a file of saved answers about its columns. `session`: a saved session, read as it says; a mapping beside
    it wins.
    Raises Unsafe (cannot be read), NotAMapping, NotASession, OSError.
    """
    files = [SourceFile(Path(path).name, Path(path).read_bytes()) for path in paths]
    answers = from_json(Path(mapping).read_text(encoding="utf-8")) if mapping else None
    if session is not None and answers is None:
        return open_session(saved_session_of(session), files)[0]
    return read_files(files, answers)


def saved_session_of(path: str | Path) -> SavedSession:
    """The session in this file. Raises NotASession, OSError."""
    return from_text(Path(path).read_bytes())


def viewed(
    cohort: Cohort,
    by: str | None = None,
    where: Sequence[str] | None = None,
    unit: str = "",
    infusion: int | None = None,
    include_excluded: bool = False,
    *,
    first: LookedAt | None = None,
    groups: Map[str, Any] | None = None,
    known_at: Map[str, float | None] | None = None,
    mask_below: int | None = None,
) -> "View":
    """Who is looked at and how they are compared, written as on the command line. Raises Refused with one sentence.

    `by`: a column, `age@60,70` (cut-points), "-" (no groups), None (as the workbook says). `where`: filters that hold
    together.
    `unit`: days, weeks or months ("" = that of the study). `infusion`: from which days count. `groups`: order, names,
    members, colours and reference, {"groups": [["Name", ["level", "level"], "#0072B2"], ...], "reference": "Name"}.
    `known_at`: the day by which a column was known (0 or less: before infusion; None: not stated), {"arm": 30}. What is
    not given is as in `first`. `mask_below`: counts of patients below it are masked, and exhibits of single patients
    are not made (None: none is).
    """
    cohort = _known_at(cohort, known_at or {})
    if unit and unit not in UNITS:
        raise Refused(f'"{unit}" is no unit of time. Units: {", ".join(UNITS)}.')
    first = first or first_view(cohort)
    selection = replace(
        first.selection,
        infusion=first.selection.infusion if infusion is None else _infusion(cohort, infusion),
        include_excluded=include_excluded or first.selection.include_excluded,
        **({} if where is None else {"clauses": (), "course": ()}),
    )
    selection = _filtered(cohort, selection, where or ())
    looked_at = LookedAt(selection, grouping_of(cohort, by, groups, first.grouping), unit or first.unit)
    selected = selected_by(cohort, selection)
    analysis = Analysis(cohort, selected, looked_at.grouping, looked_at.unit, mask_below or 0)
    return View(analysis, looked_at=looked_at, known_at=known_at or {})


def view_of_session(cohort: Cohort, session: SavedSession, **given: Any) -> "View":
    """What a saved session looks at, with its options; what is `given`, as for `viewed`, wins. Raises Refused."""
    cohort, first, dropped = followed(session, cohort)
    settings, _ = usable_settings(session, Analysis(cohort, cohort, first.grouping, first.unit))
    if given.get("mask_below") is None:
        given["mask_below"] = session.mask_below
    asked = viewed(cohort, **given, first=first)
    known_at = {name: day for name, day in session.known_at.items() if cohort.variable(name)} | dict(asked.known_at)
    return replace(asked, settings=settings, changes=(*dropped, *changes(session, cohort, first)), known_at=known_at)


@dataclass(frozen=True)
class View:
    """An analysis that makes exhibits by their ids. Of a saved session: its options, and what changed since, a sentence
    each.

    `looked_at` and `known_at` say in full what was asked for, for scripts.
    """

    analysis: Analysis
    looked_at: LookedAt
    settings: Settings = ()
    changes: tuple[str, ...] = ()
    known_at: Map[str, float | None] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all exhibits that these data allow, in menu order."""
        return tuple(
            each.id
            for each in entries(self.analysis)
            if isinstance(each, Entry) and each.spec.is_offered(self.analysis, each.variant)
        )

    def make(self, exhibit_id: str, patient: str = "", **options: Any) -> "Made":
        """The exhibit of this id (of this patient, where it is of one) with these options. Raises NotAllowed with what
        there is instead."""
        entry = of_id(self.analysis, exhibit_id, patient)
        for name, value in options.items():
            _check(entry, self.analysis, name, value, exhibit_id)

        def anew(width: int) -> Exhibit:
            return entry.spec.make(self.analysis, entry.variant, {**saved, **options, WIDTH: width})

        offered = {offer.name: offer for offer in entry.offers(self.analysis)}
        saved = {name: parsed(offered[name], text) for of, name, text in self.settings if of == exhibit_id}
        return Made(anew(SCREEN), self._provenance, anew)

    def report(
        self,
        path: str | Path,
        only: Sequence[str] = (),
        title: str = "",
        pseudonyms: bool = False,
        methods: bool = True,
        formats: Sequence[str] = PACKED_FORMATS,
        **printed: Any,
    ) -> None:
        """Write the exhibits (of `only`, ids or patterns) as one document or package, by the ending: html, docx, pptx,
        pdf, zip.

        `pseudonyms`: patients as P01, P02 ... `methods`: with the methods, references and STROBE list at the end.
        `formats`: of figures and tables within a ZIP, which holds their scripts, too. `printed`: size, dpi, colours as
        `Made.save`. Raises Refused, NotAllowed, NotPrintable.
        """
        kind = next((kind for kind in KINDS if Path(path).suffix.casefold() == f".{kind}"), None)
        if kind is None:
            raise Refused(f"{Path(path).name}: a report is not written so. It may be {', '.join(KINDS)}.")
        form = replace(ON_PAPER, **printed)
        view = replace(self, analysis=coded(self.analysis)) if pseudonyms else self
        made = tuple(map(Part, attempts(view.analysis, only, self.settings, form.pixels)))
        if only and not made:
            raise Refused(f"No exhibit of these data is called {' or '.join(only)}.")
        opened = view.analysis.opened
        given = Report(title, made, self._provenance, opened.findings, opened.account, methods)
        if kind == "zip":
            given = replace(given, scripts=view.scripts(only, given.exhibits))
        Path(path).write_bytes(report_file(given, kind, form, formats))

    def scripts(self, only: Sequence[str], made: Sequence[Exhibit]) -> dict[str, bytes]:
        """The scripts of the exhibits of a report (of `only`, ids or patterns; none: all) by the names of their files;
        `made`: those that were made already."""
        seen = script.seen(self.looked_at, self.analysis.opened, self.known_at, self.analysis.mask_below)
        return report_scripts(self.analysis, only, self.settings, seen, {each.id: each for each in made})

    @property
    def _provenance(self) -> Provenance:
        return Provenance.of_cohort(self.analysis.selected, self.analysis.grouping, self.analysis.mask_below)


@dataclass(frozen=True)
class Made:
    """A figure or a table, with the numbers behind it; `anew` makes it at another width, in pixels."""

    exhibit: Exhibit
    provenance: Provenance
    anew: Callable[[int], Exhibit]

    @property
    def numbers(self) -> pd.DataFrame:
        """The unrounded numbers, one column each as in results.json."""
        return self.exhibit.numbers.frame

    @property
    def tests(self) -> pd.DataFrame:
        """Every test: name, comparison, statistic, df, p, n, reason."""
        return pd.DataFrame([vars(each) for each in self.exhibit.tests])

    def save(self, path: str | Path, width_mm: float | None = None, **printed: Any) -> None:
        """Write it as SVG, PDF, PNG, TIFF (figures), DOCX, XLSX, HTML, TEX (tables) or CSV, by the ending of the path.
        Raises Refused, NotPrintable.

        `width_mm`: laid out anew for this width on paper; or `size` "slide", "85mm" ... `dpi`: 300 or 600. `colours`:
        colour, grey, bw.
        `caption`: inside, beside (a text file of the same name) or none. `title`: whether it stands above.
        """
        ending = Path(path).suffix.removeprefix(".").casefold()
        ending = "tiff" if ending == "tif" else ending
        known = (*FORMATS, "csv") if isinstance(self.exhibit, Figure) else TABLE_FORMATS
        if ending not in known:
            raise Refused(
                f'{Path(path).name}: this exhibit is not written as "{ending}". It may be {", ".join(known)}.'
            )
        if ending in TABLE_FORMATS:
            Path(path).write_bytes(data_files(self.exhibit, self.provenance, (ending,))[ending])
            return
        form = PrintForm(**{"size": f"{width_mm:g}mm" if width_mm else SCREEN_SIZE, **printed})
        exhibit = self.anew(form.pixels)
        if not isinstance(exhibit, Figure):
            raise TypeError(f"{exhibit.id} is no figure")
        Path(path).write_bytes(figure_file(exhibit, self.provenance, ending, form))
        if form.caption == "beside":
            Path(path).with_suffix(".txt").write_text(caption_text(exhibit, self.provenance), encoding="utf-8")


def _check(entry: Entry, analysis: Analysis, name: str, value: Any, exhibit_id: str) -> None:
    """Raises NotAllowed for an option that the exhibit does not have, or a value that it cannot take."""
    offered = {offer.name: offer for offer in entry.offers(analysis)}
    if name not in offered:
        raise NotAllowed(f'{exhibit_id} has no option "{name}". It has: {", ".join(offered) or "none"}.')
    offered[name].check(value)


def grouping_of(
    cohort: Cohort, by: str | None, groups: Map[str, Any] | None = None, first: Grouping | None = None
) -> Grouping:
    """The grouping that is written so; None = `first`, or as the workbook says. Raises Refused."""
    grouping = (first or first_view(cohort).grouping) if by is None else parse_grouping(by, cohort)
    if isinstance(grouping, str):
        raise Refused(f"{grouping} Columns: {', '.join(variable.name for variable in cohort.variables)}.")
    if not groups:
        return grouping
    text = json.dumps(groups, default=list)
    customised = with_groups(grouping, text, cohort)
    if customised is None or json.loads(written_groups(customised)) != json.loads(text):  # nothing is left out silently
        levels = ", ".join(f'"{member}"' for group in grouping.groups for member in group.members)
        raise Refused(
            'groups: write {"groups": [[name, [levels], colour], ...], "reference": name} with each level of'
            f' {grouping.label} once ({levels}), names that differ, and colours as "#0072B2" or "".'
        )
    if customised.reference not in ("", *customised.names):
        raise Refused(f'groups: no group is called "{customised.reference}". Groups: {", ".join(customised.names)}.')
    return customised


def _known_at(cohort: Cohort, answers: Map[str, float | None]) -> Cohort:
    for name, day in answers.items():
        if cohort.variable(name) is None:
            columns = ", ".join(variable.name for variable in cohort.variables)
            raise Refused(f'known_at: there is no column "{name}". Columns: {columns}.')
        cohort = cohort.with_known_at(name, day)
    return cohort


def _infusion(cohort: Cohort, number: int) -> int:
    if number not in infusion_numbers(cohort):
        raise Refused(f"Nobody had infusion {number}. Numbers: {', '.join(map(str, infusion_numbers(cohort)))}.")
    return number


def _filtered(cohort: Cohort, selection: Selection, where: Sequence[str]) -> Selection:
    for text in where:
        clause = parse_where(text, cohort)
        if isinstance(clause, str):
            raise Refused(clause)
        selection = selection.with_clause(clause)
    return selection
