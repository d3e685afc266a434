"""What persistence says in words."""

from lib.kinetics.persistence.outcome import UNDETECTABLE
from lib.kinetics.persistence.result import GroupPersistence, PersistenceResult
from lib.kinetics.words import ARM_BIAS, bias_notes, limits, replicate_notes
from lib.publication.number import p_equals, plural, time
from lib.stats.kaplan_meier import EXACT_START, FEWEST_AT_RISK, thin_from

ASSAY = "Persistence depends on the assay's limit: it is not comparable between assays with another LLOQ."


def title(result: PersistenceResult) -> str:
    """What was measured with which limit."""
    key, grouping = result.series.key, result.series.grouping
    by = f" by {grouping.label}" if grouping.compares else ""
    return f"Persistence of the CAR transgene in {key.specimen} ({key.assay}, {limits(result.series)}){by}"


def headline(result: PersistenceResult) -> tuple[str, str]:
    """The median of each group, and what is biased about the comparison."""
    if not result.n:
        return "Nobody in this selection had a quantifiable transgene that was followed.", ""
    grouping = result.series.grouping
    parts = [
        f"{group.name if grouping.compares else 'all'} ({group.curve.n}) {_median(group)}"
        for group in result.groups
        if group.curve.n
    ]
    sentence = f"Median time to undetectable ({limits(result.series)}): {', '.join(parts)}."
    return sentence, ARM_BIAS if grouping.known_after_infusion else ""


def _median(group: GroupPersistence) -> str:
    return f"{time(group.median.value)} days" if group.median.value is not None else group.median.reason


def caption(result: PersistenceResult) -> str:
    """Method, definition and numbers."""
    outcome = result.outcome
    parts = [
        f"Kaplan-Meier estimate of still being quantifiable with pointwise 95 % limits (log-log; {EXACT_START}); dotted: medians; ticks: censored. Event: the "
        "first sample below the LLOQ after the peak that no quantifiable one follows, dated to that sample (it lies between the last "
        "quantifiable one and this). Censored: at the last quantifiable sample where none below the LLOQ follows; what follows a subsequent "
        f"therapy, another infusion or death does not count. n = {result.n}, {plural(result.n_events, 'event')}."
    ]
    parts += [f"{n} of {outcome.n} left out: {reason}." for reason, n in outcome.left_out]
    return " ".join(parts)


def notes(result: PersistenceResult) -> tuple[str, ...]:
    """What limits the figure, each in a sentence."""
    table = result.outcome.table
    said = [ASSAY, *bias_notes(result.series.grouping), *replicate_notes(result.series)]
    if len(result.series.lloqs) > 1:
        said.append(
            f"{len(result.series.lloqs)} different limits in this series ({limits(result.series)}): the curve mixes them."
        )
    ended = table.loc[table["ended"] != UNDETECTABLE, "ended"].value_counts()
    if len(ended):
        said.append("Censored: " + "; ".join(f"{reason} {n}" for reason, n in ended.items()) + ".")
    gaps = (table["first_below"] - table["last_quantifiable"]).dropna()
    if len(gaps):
        said.append(
            f"The interval in which the event lies is {time(gaps.min())} to {time(gaps.max())} days wide (median {time(float(gaps.median()))}): "
            "sampling, not biology, sets the steps."
        )
    if result.outcome.undated:
        said.append(
            f"{plural(result.outcome.undated, 'patient')} had a subsequent therapy whose start is not stated: not censored at it."
        )
    thin = [(group.name, thin_from(group.curve)) for group in result.groups]
    told = [f"{name} from day {time(start)}" for name, start in thin if start]
    said += (
        [f"Paler where fewer than {FEWEST_AT_RISK} patients of a group are at risk: {', '.join(told)}."] if told else []
    )
    said += [f"{group.name}: {group.median.note}." for group in result.groups if group.median.note]
    return tuple(said)


def heading(result: PersistenceResult) -> str:
    """What stands in the figure itself: what was measured, and the test; never a p-value beside a bias."""
    grouping, test = result.series.grouping, result.logrank
    of = f"{plural(result.n, 'patient')}, {result.n_events} undetectable"
    if grouping.known_after_infusion:
        return f"{_measured(result)}: {of}.\n{ARM_BIAS}"
    said = f" Log-rank {p_equals(test.p)}." if grouping.compares and test.p is not None else ""
    timing = " Time of grouping not stated." if grouping.time_not_stated else ""
    return f"{_measured(result)}: {of}.{said}{timing}"


def _measured(result: PersistenceResult) -> str:
    key = result.series.key
    return f"{key.specimen[:1].upper()}{key.specimen[1:]}, {key.assay}, {limits(result.series)}"


def alt_text(result: PersistenceResult) -> str:
    """The figure for whoever cannot see it."""
    curves = "; ".join(
        f"{group.name}: {plural(group.curve.n, 'patient')}, {group.curve.n_events} undetectable, median {_median(group)}"
        if group.curve.n
        else f"{group.name}: no patients"
        for group in result.groups
    )
    return f"Step curves of the share with a quantifiable transgene over days since infusion. {curves}."
