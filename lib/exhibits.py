"""The one list of every exhibit there is, in menu order. Pages, reports, the gallery and the tests are made from it;
and the scripts that make exhibits again from the reader's own file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import partial
from itertools import chain, groupby
from typing import Any, Final

from lib.assay.dose_figure import FIGURE as ASSAY_FIGURE
from lib.assay.means import TABLE as ASSAY_MEANS
from lib.assay.sensitivity import SENSITIVITY as ASSAY_SENSITIVITY
from lib.baseline.flow import FLOW as PARTICIPANT_FLOW
from lib.baseline.table_one import TABLE_ONE
from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import incidence_label
from lib.cohort.model import Cohort
from lib.export.provenance import file_name
from lib.export.report import Item, Part
from lib.export.script import Seen, python_script, r_files
from lib.kinetics.day_comparison import GROUPS_AT_DAY
from lib.kinetics.expansion import EXPANSION
from lib.kinetics.parameters import PARAMETERS_BY_PATIENT
from lib.kinetics.patient_panels import EACH_PATIENT
from lib.kinetics.persistence import PERSISTENCE, PERSISTENCE_BY_GROUP
from lib.kinetics.profile import PROFILES
from lib.kinetics.sensitivity import KINETIC_SENSITIVITY
from lib.kinetics.summary import PARAMETERS_BY_GROUP
from lib.labs.course import FIGURE as LAB_COURSE
from lib.labs.grades import GRADES as LAB_GRADES
from lib.labs.hematotox import HEMATOTOX, HEMATOTOX_PATIENTS
from lib.labs.hys_law import HYS_LAW
from lib.labs.icaht import ICAHT, ICAHT_PATIENTS, T_ICAHT, T_ICAHT_PATIENTS
from lib.labs.recovery import RECOVERY, RECOVERY_SUMMARY
from lib.labs.shift import SHIFT
from lib.labs.summary_table import SUMMARY as LAB_SUMMARY
from lib.patient.expansion_by_infusion import PATIENT_COMPARISON
from lib.patient.outcomes import PATIENT_OUTCOMES
from lib.patient.panel_figures import PATIENT_COURSE, PATIENT_IN_COHORT, PATIENT_INFUSIONS
from lib.patient.timeline import PATIENT_TIMELINE
from lib.publication.exhibit import Exhibit
from lib.publication.masking import NotShown
from lib.publication.options import ANY, WIDTH, NotAllowed, Offer, offers, parsed
from lib.publication.spec import Attempts, ExhibitSpec, Failed, variants_of
from lib.publication.text_width import SCREEN
from lib.response.at_landmarks import LANDMARK_TABLE as RESPONSE_TABLE
from lib.response.depth import DEPTH
from lib.response.flows import FLOW
from lib.response.landmark_bars import LANDMARK as RESPONSE_BARS
from lib.response.response_rates import BEST, RATES
from lib.response.spider import SPIDER
from lib.response.waterfall import WATERFALL
from lib.survival.adjusted import ADJUSTED
from lib.survival.competing import INCIDENCE_MODELS
from lib.survival.difference import DIFFERENCE
from lib.survival.forest import FOREST
from lib.survival.incidence import INCIDENCE, INCIDENCE_SUMMARY
from lib.survival.kaplan_meier import KAPLAN_MEIER
from lib.survival.landmark import DROPPED, LANDMARK, LANDMARK_SUMMARY
from lib.survival.models_table import UNADJUSTED
from lib.survival.panels import PANELS
from lib.survival.sensitivity import SENSITIVITY
from lib.survival.summary import MILESTONES, SUMMARY
from lib.survival.time_dependent import DEPENDENT
from lib.survival.time_zero import TIME_ZERO
from lib.swimmer.plot import SWIMMER
from lib.toxicity import TOXICITY

SCORES: Final = (ICAHT, ICAHT_PATIENTS, T_ICAHT, T_ICAHT_PATIENTS, HEMATOTOX, HEMATOTOX_PATIENTS)
NEAR: Final = 5  # ids that a wrong one is answered with
EXHIBITS: Final[tuple[ExhibitSpec, ...]] = (
    TABLE_ONE,
    PARTICIPANT_FLOW,
    SWIMMER,
    RATES,
    BEST,
    RESPONSE_BARS,
    RESPONSE_TABLE,
    FLOW,
    DEPTH,
    WATERFALL,
    SPIDER,
    KAPLAN_MEIER,
    PANELS,
    SUMMARY,
    MILESTONES,
    DIFFERENCE,
    SENSITIVITY,
    UNADJUSTED,
    ADJUSTED,
    FOREST,
    TIME_ZERO,
    LANDMARK,
    LANDMARK_SUMMARY,
    DROPPED,
    DEPENDENT,
    INCIDENCE,
    INCIDENCE_SUMMARY,
    INCIDENCE_MODELS,
    *TOXICITY,
    LAB_COURSE,
    LAB_SUMMARY,
    LAB_GRADES,
    SHIFT,
    RECOVERY,
    RECOVERY_SUMMARY,
    HYS_LAW,
    *SCORES,
    PROFILES,
    PARAMETERS_BY_GROUP,
    GROUPS_AT_DAY,
    KINETIC_SENSITIVITY,
    PARAMETERS_BY_PATIENT,
    EACH_PATIENT,
    PERSISTENCE,
    PERSISTENCE_BY_GROUP,
    EXPANSION,
    ASSAY_FIGURE,
    ASSAY_MEANS,
    ASSAY_SENSITIVITY,
    PATIENT_OUTCOMES,
    PATIENT_TIMELINE,
    PATIENT_COURSE,
    PATIENT_INFUSIONS,
    PATIENT_COMPARISON,
    PATIENT_IN_COHORT,
)
Settings = Sequence[tuple[str, str, str]]  # id (or a pattern of ids), option, value as text


@dataclass(frozen=True)
class Entry:
    """One exhibit of an analysis: `variant` is None where it has none."""

    id: str
    spec: ExhibitSpec
    variant: Any = None

    @property
    def label(self) -> str:
        """Its title, with what tells this variant from the others: "Kaplan-Meier curves: overall survival"."""
        return f"{self.spec.title}: {self.variant_label}" if self.variant_label else self.spec.title

    @property
    def variant_label(self) -> str:
        """This variant as a reader knows it; "" where there is none, or one alone."""
        head, *tail = re.split(r"\{\w+\}", self.spec.id)
        part = self.id.removeprefix(head).removesuffix("".join(tail)).strip(".")
        named = self.variant if tail and isinstance(self.variant, str) else part
        return incidence_label(named) if self.spec.needs == "endpoints" else named.replace("_", " ")

    @property
    def question(self) -> str:
        """The folder of the clinical question that it answers, which is also the name of its page."""
        return self.spec.build.__module__.split(".")[1]

    def offers(self, analysis: Analysis) -> tuple[Offer, ...]:
        """Its options, with what may be chosen here."""
        return offers(self.spec.options, analysis, self.variant)


def entries(analysis: Analysis) -> Iterator[Entry | Failed]:
    """Every exhibit for which the opened cohort has data, in order: all exhibits of one endpoint or series before those
    of the next.

    Where finding out its variants fails, Failed with the pattern of its id.
    """
    for variants, specs in groupby(
        (spec for spec in EXHIBITS if _has(analysis, spec.needs)), lambda spec: spec.variants
    ):
        if variants is None:
            yield from (Entry(spec.id, spec) for spec in specs)
            continue
        of_these = tuple(specs)
        try:
            found = analysis.result(variants_of, variants)
        except Exception as error:
            yield from (Failed(spec.id, error) for spec in of_these)
        else:
            yield from (Entry(spec.id_of(variant), spec, variant) for variant in found for spec in of_these)


def attempts(analysis: Analysis, only: Sequence[str] = (), settings: Settings = (), width: int = SCREEN) -> Attempts:
    """Every exhibit that has something to show (of `only`, ids or patterns of them), figures so wide in pixels, or
    Failed where it cannot be made.

    Raises NotAllowed for a setting that no exhibit has, or a value that it cannot take.
    """
    for entry, values in chosen(analysis, only, settings):
        if isinstance(entry, Failed):
            yield entry
            continue
        made = attempt(entry, analysis, {**values, WIDTH: width})
        if made is not None:
            yield made


def attempt(entry: Entry, analysis: Analysis, values: Mapping[str, Any]) -> Exhibit | Failed | None:
    """The exhibit with these values of its options; None where it has nothing to show with them, Failed where it cannot
    be made."""
    try:
        offered = entry.spec.is_offered(analysis, entry.variant, values)
        return entry.spec.make(analysis, entry.variant, values) if offered else None
    except Exception as error:
        return Failed(entry.id, error)


def chosen(
    analysis: Analysis, only: Sequence[str] = (), settings: Settings = ()
) -> Iterator[tuple[Entry | Failed, dict[str, Any]]]:
    """The entries of `only` (ids or patterns of them; none: all), with the values that are set. Raises NotAllowed as
    `attempts`."""
    values = _values(analysis, settings)
    for entry in entries(analysis):
        if not only or any(fnmatchcase(entry.id, pattern) for pattern in only):
            yield entry, values.get(entry.id, {})


def parts(analysis: Analysis, items: Sequence[Item], settings: Settings = (), width: int = SCREEN) -> Iterator[Part]:
    """The chosen exhibits in the order of the choice; of one that these data do not have, Failed.

    Raises NotAllowed as `attempts`.
    """
    for item in items:
        own = [each for each in settings if fnmatchcase(item.id, each[0])]
        made = list(attempts(analysis, (item.id,), own, width))
        yield Part(made[0] if made else missing(item.id), item.heading, item.words)


def missing(exhibit_id: str) -> Failed:
    """What stands in the place of an exhibit that these data do not have."""
    return Failed(exhibit_id, NotShown(f"{exhibit_id}: these data have nothing to show."))


def of_id(analysis: Analysis, exhibit_id: str, patient: str = "") -> Entry:
    """The exhibit of this id, also of a variant that reports leave out; of a `patient` where exhibits of one are asked
    for.

    Raises NotAllowed with those that there are.
    """
    if patient:
        return _of_patient(analysis, exhibit_id, patient)
    known = _known(analysis)
    found = next((entry for entry in chain(known, _more(analysis)) if entry.id == exhibit_id), None)
    if found is None:
        near = get_close_matches(exhibit_id, [entry.id for entry in known], NEAR, 0)
        raise NotAllowed(
            f'There is no exhibit "{exhibit_id}" of these data. Of {len(known)} that there are, the nearest:'
            f' {", ".join(near)}; "report --list" prints all.'
        )
    return found


def _of_patient(analysis: Analysis, exhibit_id: str, patient: str) -> Entry:
    if patient not in set(analysis.selected.patients["patient_id"]):
        raise NotAllowed(f'"{patient}" is none of the selected patients.')
    ids = [spec.id for spec in EXHIBITS if spec.of_one_patient]
    if exhibit_id not in ids:
        raise NotAllowed(f'"{exhibit_id}" is no exhibit of one patient. There are: {", ".join(ids)}.')
    return next(Entry(spec.id, spec, patient) for spec in EXHIBITS if spec.id == exhibit_id)


def _more(analysis: Analysis) -> Iterator[Entry]:
    """The variants that a reader can choose and reports leave out."""
    for spec in EXHIBITS:
        if spec.more and _has(analysis, spec.needs):
            yield from (Entry(spec.id_of(variant), spec, variant) for variant in spec.more(analysis))


def _known(analysis: Analysis) -> list[Entry]:
    return [entry for entry in entries(analysis) if isinstance(entry, Entry)]


def _has(analysis: Analysis, needs: str) -> bool:
    """Whether the question has an answer; that none of those selected had an adverse event is one."""
    cohort: Cohort = analysis.selected
    if needs == "assays":
        return len(cohort.tables["assays"]) > 0
    if needs == "adverse_events":
        return bool(cohort.n and cohort.vocabulary.get("term"))
    return bool(cohort.n) and (needs == "patients" or len(cohort.tables[needs]) > 0)


def _values(analysis: Analysis, settings: Settings) -> Mapping[str, dict[str, Any]]:
    """The values of options by id of the exhibit."""
    found: dict[str, dict[str, Any]] = {}
    for pattern, name, text in settings:
        for entry, offer in _set(analysis, pattern, name):
            given = found.setdefault(entry.id, {})
            given[name] = parsed(offer, text)
            if offer.option.only_with and offer.option.only_with[1] != ANY:  # to give it is to choose that it counts
                given.setdefault(*offer.option.only_with)
    return found


def _set(analysis: Analysis, pattern: str, name: str) -> list[tuple[Entry, Offer]]:
    """The exhibits that a setting speaks of, with the option. Raises NotAllowed where there are none."""
    matching = [entry for entry in _known(analysis) if fnmatchcase(entry.id, pattern)] or [of_id(analysis, pattern)]
    offered = [(entry, offer) for entry in matching for offer in entry.offers(analysis)]
    found = [each for each in offered if each[1].name == name]
    if not found:
        known = sorted({offer.name for _, offer in offered})
        raise NotAllowed(f'{pattern} has no option "{name}". It has: {", ".join(known) or "none"}.')
    return found


def script_files(
    analysis: Analysis, entry: Entry, values: Mapping[str, Any], seen: Seen, exhibit: Exhibit
) -> dict[str, bytes]:
    """The Python script of this exhibit, made with these values, and its R script with the data where it has one, by
    file name."""
    options = entry.spec.unusual(analysis, entry.variant, values)
    patient = str(entry.variant) if entry.spec.of_one_patient else ""
    python = python_script(entry.id, options, seen, exhibit, patient)
    in_r = r_files(entry.id, partial(entry.spec.r_script, analysis, entry.variant, values))
    return {file_name(entry.id, "py"): python.encode(), **in_r}


def report_scripts(
    analysis: Analysis, only: Sequence[str], settings: Settings, seen: Seen, made: Mapping[str, Exhibit]
) -> dict[str, bytes]:
    """The scripts of each exhibit of a report (of `only`, ids or patterns; none: all); `made` are those that were made
    already, by id."""
    files: dict[str, bytes] = {}
    for entry, values in chosen(analysis, only, settings):
        if isinstance(entry, Failed):
            continue
        exhibit = made.get(entry.id) or next(attempts(analysis, (entry.id,), settings), None)  # an option may rename it
        if exhibit is not None and not isinstance(exhibit, Failed):
            files |= script_files(analysis, entry, values, seen, exhibit)
    return files
