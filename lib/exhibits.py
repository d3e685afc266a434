"""The one list of every exhibit there is, in menu order. Pages, reports, the gallery and the tests are made from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Any, Final

from lib.assay.dose_figure import FIGURE as ASSAY_FIGURE
from lib.assay.means import TABLE
from lib.assay.sensitivity import SENSITIVITY
from lib.baseline.table_one import TABLE_ONE
from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.kinetics.specs import KINETICS
from lib.labs.course import FIGURE
from lib.labs.grades import GRADES
from lib.labs.hematotox import HEMATOTOX, HEMATOTOX_PATIENTS
from lib.labs.hys_law import HYS_LAW
from lib.labs.icaht import ICAHT, ICAHT_PATIENTS, T_ICAHT, T_ICAHT_PATIENTS
from lib.labs.recovery import RECOVERY, RECOVERY_SUMMARY
from lib.labs.shift import SHIFT
from lib.labs.summary_table import SUMMARY
from lib.patient.specs import PATIENT
from lib.publication.attempt import Attempts, Failed
from lib.publication.options import ANY, NotAllowed, Offer, offers, parsed
from lib.publication.spec import ExhibitSpec
from lib.response.at_landmarks import LANDMARK_TABLE
from lib.response.best_response import BEST
from lib.response.depth import DEPTH
from lib.response.flows import FLOW
from lib.response.landmark_bars import LANDMARK
from lib.response.response_rates import RATES
from lib.response.spider import SPIDER
from lib.response.waterfall import WATERFALL
from lib.survival.specs import COMPETING, SURVIVAL
from lib.survival.time_zero.specs import BY_LANDMARK
from lib.swimmer.figure import SWIMMER
from lib.toxicity.specs import TOXICITY

RESPONSE: Final = (RATES, BEST, LANDMARK, LANDMARK_TABLE, FLOW, DEPTH, WATERFALL, SPIDER)
SCORES: Final = (ICAHT, ICAHT_PATIENTS, T_ICAHT, T_ICAHT_PATIENTS, HEMATOTOX, HEMATOTOX_PATIENTS)
LABS: Final = (FIGURE, SUMMARY, GRADES, SHIFT, RECOVERY, RECOVERY_SUMMARY, HYS_LAW, *SCORES)
ASSAY: Final = (ASSAY_FIGURE, TABLE, SENSITIVITY)
EXHIBITS: Final[tuple[ExhibitSpec, ...]] = (
    TABLE_ONE, SWIMMER, *RESPONSE, *SURVIVAL, *BY_LANDMARK, *COMPETING, *TOXICITY, *LABS, *KINETICS, *ASSAY, *PATIENT,
)  # fmt: skip
Settings = Sequence[tuple[str, str, str]]  # id (or a pattern of ids), option, value as text


@dataclass(frozen=True)
class Entry:
    """One exhibit of an analysis: `variant` is None where it has none."""

    id: str
    spec: ExhibitSpec
    variant: Any = None

    def offers(self, analysis: Analysis) -> tuple[Offer, ...]:
        """Its options, with what may be chosen here."""
        return offers(self.spec.options, analysis, self.variant)


def entries(analysis: Analysis) -> Iterator[Entry | Failed]:
    """Every exhibit for which the opened cohort has data, in order: all exhibits of one endpoint or series before those of the next.

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
            found = tuple(variants(analysis))
        except Exception as error:
            yield from (Failed(spec.id, error) for spec in of_these)
        else:
            yield from (Entry(spec.id_of(variant), spec, variant) for variant in found for spec in of_these)


def attempts(analysis: Analysis, only: Sequence[str] = (), settings: Settings = ()) -> Attempts:
    """Every exhibit that has something to show (of `only`, ids or patterns of them), or Failed where it cannot be made.

    Raises NotAllowed for a setting that no exhibit has, or a value that it cannot take.
    """
    values = _values(analysis, settings)
    for entry in entries(analysis):
        if only and not any(fnmatchcase(entry.id, pattern) for pattern in only):
            continue
        if isinstance(entry, Failed):
            yield entry
            continue
        try:
            chosen = values.get(entry.id, {})
            if entry.spec.is_offered(analysis, entry.variant, chosen):
                yield entry.spec.make(analysis, entry.variant, chosen)
        except Exception as error:
            yield Failed(entry.id, error)


def of_id(analysis: Analysis, exhibit_id: str) -> Entry:
    """The exhibit of this id. Raises NotAllowed with those that there are."""
    known = [entry for entry in entries(analysis) if isinstance(entry, Entry)]
    found = next((entry for entry in known if entry.id == exhibit_id), None)
    if found is None:
        raise NotAllowed(
            f'There is no exhibit "{exhibit_id}" of these data. There are: {", ".join(entry.id for entry in known)}.'
        )
    return found


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
    every = [entry for entry in entries(analysis) if isinstance(entry, Entry)]
    matching = [entry for entry in every if fnmatchcase(entry.id, pattern)] or [of_id(analysis, pattern)]
    offered = [(entry, offer) for entry in matching for offer in entry.offers(analysis)]
    found = [(entry, offer) for entry, offer in offered if offer.name == name]
    if not found:
        known = sorted({offer.name for _, offer in offered})
        raise NotAllowed(f'{pattern} has no option "{name}". It has: {", ".join(known) or "none"}.')
    return found
