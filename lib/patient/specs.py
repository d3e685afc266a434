"""Every exhibit of one patient: what it shares with the others, and how it is made. The variant is the patient's id."""

from dataclasses import dataclass
from typing import Any, Final

from lib.cohort.analysis import Analysis
from lib.patient.comparison import expansions
from lib.patient.course import Course, course
from lib.patient.figure import MOST_PANELS, cohort_figure, several_infusions
from lib.patient.panels.figure import panel_figure
from lib.patient.panels.panel import Panel, cell_panels, panels
from lib.patient.panels.result import PanelOptions, course_panels, infusion_panels
from lib.patient.panels.value import values
from lib.patient.table import comparison_table
from lib.patient.timeline.figure import UNITS, timeline_figure, timeline_unit
from lib.patient.timeline.layout import timeline
from lib.publication.exhibit import Exhibit
from lib.publication.options import choice, flag, number, several
from lib.publication.spec import ExhibitSpec

EARLIEST, LATEST = -36525.0, 36525.0


def patients(analysis: Analysis) -> tuple[str, ...]:
    """A report has these exhibits of one patient alone."""
    return (str(analysis.selected.patients["patient_id"].iloc[0]),) if analysis.selected.n == 1 else ()


def _numbers(analysis: Analysis, patient: str | None) -> dict[str, str]:
    numbers = course(analysis.opened, patient).numbers if patient else ()
    return {str(number): f"infusion {number}" for number in numbers}


def _last(analysis: Analysis, patient: str | None) -> str | None:
    return next(reversed(_numbers(analysis, patient)), None)


def _names(analysis: Analysis, _patient: str | None) -> tuple[str, ...]:
    return tuple(panel.name for panel in panels(analysis.opened))


def _first_panels(analysis: Analysis, patient: str | None) -> tuple[str, ...]:
    return _names(analysis, patient)[:MOST_PANELS]


def _log_panels(analysis: Analysis, _patient: str | None) -> tuple[str, ...]:
    return tuple(panel.name for panel in panels(analysis.opened) if panel.log)


def _fitting(analysis: Analysis, patient: str | None) -> str:
    return timeline_unit(timeline(course(analysis.opened, patient))) if patient else next(iter(UNITS))


@dataclass(frozen=True)
class CourseOptions:
    """From which infusion days count."""

    infusion: str = choice(None, _numbers, "Day 0 is", usual=_last)

    def seen(self, analysis: Analysis, patient: str) -> Course:
        """The course of the patient on this axis."""
        return course(analysis.opened, patient, int(self.infusion) if self.infusion else None)


@dataclass(frozen=True)
class TimelineOptions(CourseOptions):
    """The unit of the timeline."""

    timeline_unit: str = choice(
        None,
        tuple(UNITS),
        "Timeline in",
        usual=_fitting,
        each_variant=False,
    )


@dataclass(frozen=True)
class SpreadOptions(CourseOptions):
    """How days are drawn."""

    spread_early_days: bool = flag(True, "Spread early days")


@dataclass(frozen=True)
class PanelsOptions(SpreadOptions):
    """Which panels are drawn, over which days."""

    panels: tuple[str, ...] = several(None, _names, "Panels", usual=_first_panels, none="none")
    log: tuple[str, ...] = several(None, _names, "Log axis", usual=_log_panels, none="none")
    first_day: float | None = number(None, "From day", EARLIEST, LATEST, none="the first")
    last_day: float | None = number(None, "To day", EARLIEST, LATEST, none="as usual")

    def shown(self, analysis: Analysis) -> tuple[Panel, ...]:
        """The panels, in the order of the cohort."""
        return tuple(panel for panel in panels(analysis.opened) if panel.name in self.panels)

    @property
    def drawn(self) -> PanelOptions:
        """The options as the panels know them."""
        both = self.first_day is not None and self.last_day is not None
        period = (float(self.first_day or 0.0), float(self.last_day or 0.0)) if both else None
        return PanelOptions(frozenset(self.log), period, self.spread_early_days)


def _timeline(analysis: Analysis, patient: str, options: TimelineOptions) -> Exhibit:
    seen = options.seen(analysis, patient)
    return timeline_figure(timeline(seen), seen, options.timeline_unit)


def _course(analysis: Analysis, patient: str, options: PanelsOptions) -> Exhibit:
    seen = options.seen(analysis, patient)
    return panel_figure(course_panels(analysis.opened, seen, options.shown(analysis), options.drawn), "patient.course")


def _has_course(analysis: Analysis, _patient: str, options: PanelsOptions) -> bool:
    return bool(options.panels) or len(analysis.opened.adverse_events) > 0


def _infusions(analysis: Analysis, patient: str, options: SpreadOptions) -> Exhibit:
    seen, drawn = options.seen(analysis, patient), PanelOptions(spread=options.spread_early_days)
    return panel_figure(infusion_panels(seen, cell_panels(analysis.opened), drawn), "patient.infusions")


def _had_several(analysis: Analysis, patient: str, options: CourseOptions) -> bool:
    return several_infusions(options.seen(analysis, patient), cell_panels(analysis.opened))


def _comparison(analysis: Analysis, patient: str, options: CourseOptions) -> Exhibit:
    seen, every = options.seen(analysis, patient), panels(analysis.opened)
    return comparison_table(expansions(values(seen, every), every), seen)


def _in_cohort(analysis: Analysis, patient: str, options: SpreadOptions) -> Exhibit:
    seen, cells = options.seen(analysis, patient), cell_panels(analysis.opened)
    return cohort_figure(analysis.selected, seen, cells[0], spread=options.spread_early_days)


def _has_others(analysis: Analysis, *_: Any) -> bool:
    return bool(cell_panels(analysis.opened)) and analysis.selected.n > 1


def _spec(part: str, title: str, build: Any, options: type, when: Any = None) -> ExhibitSpec:
    name = f"patient.{part}"
    return ExhibitSpec(name, title, "patients", build, options, patients, lambda _: name, when)


TIMELINE: Final = _spec("timeline", "Treatment timeline", _timeline, TimelineOptions)
COURSE: Final = _spec("course", "Course of one patient", _course, PanelsOptions, _has_course)
INFUSIONS: Final = _spec("infusions", "Infusions compared", _infusions, SpreadOptions, _had_several)
COMPARISON: Final = _spec(
    "comparison",
    "Expansion by infusion",
    _comparison,
    CourseOptions,
    lambda analysis, *_: bool(panels(analysis.opened)),
)
IN_COHORT: Final = _spec("in_cohort", "Among the selected patients", _in_cohort, SpreadOptions, _has_others)
PATIENT: Final = (TIMELINE, COURSE, INFUSIONS, COMPARISON, IN_COHORT)
