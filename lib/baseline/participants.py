"""Who takes part: how many patients were apheresed, infused and analysed, in which group, and how many each later
analysis can use.

What the workbook does not hold (who was screened, who never came to apheresis) is not drawn. The numbers come from the
rules by which the analyses themselves leave patients out, so that boxes add up to every later denominator. Form:
CONSORT 2010 (Schulz, Altman & Moher), STROBE item 13.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.endpoint_choice import offered_endpoints
from lib.cohort.grouping import Grouping, group_of
from lib.cohort.kinetic_series import SeriesKey, samples, series_keys
from lib.cohort.model import Cohort, kept
from lib.cohort.schema import endpoint_label
from lib.cohort.selection import Flags
from lib.derived.best_response import best_overall_responses, evaluable
from lib.derived.endpoint import endpoint_rows, left_out_because
from lib.derived.follow_up import aphereses
from lib.publication.number import plural

NOT_EVALUABLE: Final = "no assessment that could be evaluated"
NOT_SAMPLED: Final = "no sample"
NO_REASON: Final = "reason not stated"


@dataclass(frozen=True)
class Box:
    """`n` of the `of` patients before: those who go on, or, where `reason` says why, those who do not. `group` "" = all
    groups; `who` are the `n`."""

    step: str
    label: str
    n: int
    of: int
    group: str = ""
    reason: str = ""
    who: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


@dataclass(frozen=True)
class ParticipantFlow:
    """`boxes` from the first to the groups, then what each group can be evaluated for; who is left out stands before
    who goes on."""

    grouping: Grouping
    boxes: tuple[Box, ...]
    n: int
    notes: tuple[str, ...] = ()

    @property
    def chain(self) -> tuple[Box, ...]:
        """The boxes before the patients are parted."""
        return tuple(box for box in self.boxes if box.step in CHAIN)

    def of_group(self, name: str) -> tuple[Box, ...]:
        """What one group can be evaluated for."""
        return tuple(box for box in self.boxes if box.group == name and box.step not in (*CHAIN, "group"))


CHAIN: Final = (
    "workbook",
    "apheresis",
    "not_infused",
    "infused",
    "excluded",
    "analysis_set",
    "other_infusion",
    "infusion",
    "not_selected",
    "selected",
    "no_group",
)


def participant_flow(analysis: Analysis) -> ParticipantFlow:
    """The flow of all patients of the opened workbook to those who are selected, and to each denominator of theirs."""
    opened, selected, grouping = analysis.opened, analysis.selected, analysis.grouping
    before = _before_the_filter(opened, selected.n_opened, selected.infusion)
    boxes = [*before, *_filtered(before[-1], selected)]
    group = group_of(selected, grouping)
    lost = _ids(group.isna())
    if lost:
        boxes.append(_left("no_group", "Without a group", boxes[-1].n, lost, f"{grouping.label} not stated"))
    if grouping.compares:
        n, members = selected.n - len(lost), {name: _ids(group == name) for name in grouping.names}
        boxes += [Box("group", name, len(who), n, name, who=who) for name, who in members.items()]
    boxes += [box for each in _denominators(analysis) for box in each]
    return ParticipantFlow(grouping, tuple(boxes), selected.n, _notes(opened, selected.n_opened))


@kept
def _before_the_filter(opened: Cohort, n_opened: int, infusion: int) -> list[Box]:
    """From the workbook to the analysis set (`n_opened`: all of whom the filters choose), and to those who had the
    infusion from which days are counted."""
    patients, n = opened.patients.set_index("patient_id", drop=False), len(opened.patients)
    infused = patients["patient_id"].isin(opened.infusions["patient_id"])
    excluded = (patients["analysis_set"] == "excluded") & (n_opened != n)
    known = bool(infused.any())
    never = excluded & ~infused & known
    apheresed = patients["patient_id"].isin(aphereses(opened)["patient_id"])
    boxes = []
    everybody = frozenset(patients.index)
    if apheresed.all() and n:
        boxes.append(Box("apheresis", "Apheresis", n, n, who=everybody))
    elif never.any() or not known:
        boxes.append(Box("workbook", "In the workbook", n, n, who=everybody))
    boxes += _reasons("not_infused", "Not infused", patients.loc[never, "exclusion_reason"], n)
    n_infused = n - int(never.sum())
    boxes += [Box("infused", "Infused", n_infused, n, who=_ids(~never))] if known else []
    late = excluded & ~never
    boxes += _reasons("excluded", "Excluded", patients.loc[late, "exclusion_reason"], n_infused)
    n_set = n_infused - int(late.sum())
    boxes.append(Box("analysis_set", "Analysis set", n_set, n_infused, who=_ids(~excluded)))
    if infusion > 1:
        again = opened.infusions.loc[opened.infusions["infusion"] == infusion, "patient_id"]
        has = patients["patient_id"].isin(again)
        name, infused_again, others = f"Infusion {infusion}", _ids(has & ~excluded), _ids(~has & ~excluded)
        boxes += [_left("other_infusion", f"Without infusion {infusion}", n_set, others, "not in Infusions")]
        boxes += [Box("infusion", name, len(infused_again), n_set, who=infused_again)]
    return boxes


def _filtered(before: Box, selected: Cohort) -> list[Box]:
    """Who of those before is not selected by the filters, and who is; nothing without a filter."""
    if not selected.selected_by:
        return []
    mine = frozenset(selected.patients["patient_id"])
    return [
        _left("not_selected", "Not selected by the filter", before.n, before.who - mine, selected.selection),
        Box("selected", "Selected", selected.n, before.n, who=mine),
    ]


def _denominators(analysis: Analysis) -> list[list[Box]]:
    """For each analysis whom it can use, group by group."""
    cohort, opened, grouping = analysis.selected, analysis.opened, analysis.grouping
    patients = cohort.patients["patient_id"]
    found: list[tuple[str, str, pd.Series]] = []  # why a patient is not used, "" = she is
    if len(opened.responses):
        best = best_overall_responses(cohort)
        found.append(("response", "Response", _why(evaluable(best).to_numpy(bool), NOT_EVALUABLE)))
    for name in offered_endpoints(opened):
        why = _endpoint(analysis, name)
        if name in opened.endpoint_names or (why == "").any():
            found.append((name, endpoint_label(name), why))
    if opened.vocabulary.get("term"):
        found.append(("toxicity", "Adverse events", pd.Series("", index=range(cohort.n), dtype="object")))
    keys = series_keys(opened)
    for key in keys:
        rows = samples(cohort, key)
        mine = patients.isin(rows.loc[rows["infusion"] == cohort.infusion, "patient_id"])
        found.append((key.id("profile"), _series_words(key, keys), _why(mine.to_numpy(bool), NOT_SAMPLED)))
    group = group_of(cohort, grouping).to_numpy()
    found = [(step, label, why.set_axis(patients)) for step, label, why in found]
    in_group = {name: group == name for name in grouping.names}
    return [_evaluable(step, label, why[in_group[name]], name) for name in grouping.names for step, label, why in found]


def _endpoint(analysis: Analysis, name: str) -> pd.Series:
    """Why each selected patient cannot be analysed for an endpoint."""
    rows, patients = endpoint_rows(analysis.selected, name).table, analysis.selected.patients["patient_id"]
    of = pd.Series(rows["problem"].to_numpy(), rows["patient_id"])
    place, problems = pd.factorize(of[~of.index.duplicated(keep="last")].reindex(patients))
    said = [left_out_because(each, "", endpoint_label(name), "") for each in (*problems, float("nan"))]
    return pd.Series(np.array(said, dtype=object)[place])  # the last: no row


def _why(used: Flags, reason: str) -> pd.Series:
    return pd.Series(np.array([reason, ""], dtype=object)[used.astype(int)])


def _series_words(key: SeriesKey, keys: Sequence[SeriesKey]) -> str:
    """Specimen and assay; with the unit where two series differ in nothing else."""
    alike = sum((each.specimen, each.assay) == (key.specimen, key.assay) for each in keys) > 1
    return f"Kinetics ({key.label if alike else f'{key.specimen}, {key.assay}'})"


def _evaluable(step: str, label: str, why: pd.Series, group: str) -> list[Box]:
    place, reasons = pd.factorize(why)
    who = {reason: _ids(pd.Series(place == at, why.index)) for at, reason in enumerate(reasons)}
    used = who.pop("", frozenset())
    left = sorted(who.items(), key=lambda each: -len(each[1]))
    boxes = [Box(step, label, len(ids), len(why), group, reason, ids) for reason, ids in left]
    return [*boxes, Box(step, label, len(used), len(why), group, who=used)]


def _reasons(step: str, label: str, reasons: pd.Series, of: int) -> list[Box]:
    said = reasons.map(lambda reason: NO_REASON if pd.isna(reason) or not str(reason).strip() else str(reason))
    counted = Counter(said)
    return [Box(step, label, n, of, "", reason, _ids(said == reason)) for reason, n in counted.most_common()]


def _left(step: str, label: str, of: int, who: frozenset[str], reason: str) -> Box:
    return Box(step, label, len(who), of, "", reason, who)


def _ids(there: pd.Series) -> frozenset[str]:
    """The patients, who are the index, of whom it is true."""
    return frozenset(there.index[there.to_numpy(bool)].tolist())


@kept
def _notes(opened: Cohort, n_opened: int) -> tuple[str, ...]:
    """What the workbook does not say, and who is in the analysis set without an infusion in it."""
    patients = opened.patients
    infused = patients["patient_id"].isin(opened.infusions["patient_id"])
    outside = patients["analysis_set"] == "excluded"
    missing = int((~infused & ~outside).sum())
    apheresed = int(patients["patient_id"].isin(aphereses(opened)["patient_id"]).sum())
    said = []
    if not infused.any():
        said.append("The workbook has no infusions: everybody in it is taken to have been infused.")
    elif missing:
        said.append(f"{plural(missing, 'patient')} without a row in Infusions: taken to have been infused.")
    if 0 < apheresed < len(patients):
        said.append(f"An apheresis is recorded of {apheresed} of {plural(len(patients), 'patient')}.")
    if outside.any() and n_opened == len(patients):
        said.append(f"{plural(int(outside.sum()), 'patient')} outside the analysis set included.")
    unknown = "who was screened" if apheresed else "who was screened or had an apheresis"
    return (*said, f"The workbook does not say {unknown}: not drawn.")
