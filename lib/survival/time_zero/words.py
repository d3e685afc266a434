"""What the three analyses say in words: which question each answers, captions, notes, alt texts."""

from typing import Final

from lib.cohort.bias import selection_bias
from lib.cohort.selected_by import listed
from lib.cohort.time_unit import DAYS_PER
from lib.derived.became_known import BecameKnown
from lib.publication.number import p_equals, plural, short, time
from lib.stats.estimate import Estimate, TestResult
from lib.stats.kaplan_meier import EXACT_START
from lib.survival.bias import selection_notes
from lib.survival.result import DESCRIPTIVE_BELOW, GroupSurvival, SurvivalResult
from lib.survival.time_zero.dependent import DependentResult
from lib.survival.time_zero.followed import others
from lib.survival.time_zero.landmark import FEWEST, LandmarkResult
from lib.survival.time_zero.result import TimeZeroResult
from lib.survival.words import thin_notes

NOT_DRAWN: Final = (
    "What remains: the groups were not drawn by lot. Who comes to a therapy, a response or a grade differs from the others in what also "
    "bears on the outcome (of a therapy: confounding by indication); no choice of time zero mends that."
)
ROUNDED: Final = 1e-6


def span(days: float, unit: str) -> str:
    """A landmark in the display unit, and as it was asked for: "1 month", "4.35 weeks (1 month)", "day 45"."""
    months = days / DAYS_PER["months"]
    value = days / DAYS_PER[unit]
    written = f"{time(value)} {unit[:-1] if abs(value - 1) < ROUNDED else unit}"
    if abs(months - round(months)) > ROUNDED:
        return f"{written} (day {days:g})" if unit != "days" else written
    return written if unit == "months" else f"{written} ({plural(round(months), 'month')})"


def sentence(result: TimeZeroResult) -> str:
    """The three hazard ratios side by side."""
    known, landmark = result.known, result.landmark
    at = span(landmark.days, landmark.survival.outcome.unit)
    naive, then, dependent = (
        ratio_of(each, known) for each in (result.naive, landmark.survival, result.dependent.survival)
    )
    of = f"Hazard ratio of {known.label} against {others(known)}:"
    if naive.value is None and then.value is None and dependent.value is None:
        return f"{of} not estimable in any of the three analyses."
    return f"{of} {_ratio(naive)} from time zero (biased by design), {_ratio(then)} from the landmark at {at}, {_ratio(dependent)} time-dependent."


def warning(result: TimeZeroResult) -> str:
    """That patients were selected by what was known later, and whether the landmark analysis escapes it; "" where they were not."""
    biased = selection_bias(result.naive.outcome.selected_by)
    if not biased:
        return ""
    escapes = not selection_bias(result.landmark.survival.outcome.selected_by)
    return f"{biased} The landmark analysis is not: it was known by the landmark." if escapes else biased


def questions(known: BecameKnown) -> tuple[str, ...]:
    """What each of the three analyses asks."""
    label = known.label
    return (
        f"From time zero: whoever came into {label} at any time counts in it from the infusion on. Who had the event early could not "
        "come into it (immortal time), so it looks better than it is.",
        "Landmark: those still followed at the landmark, by what was known then, from there on. What happens to groups later is not used.",
        f"Time-dependent: all patients from the infusion on, each in {others(known)} until {label} begins and in {label} from then on.",
    )


def ratio_of(result: SurvivalResult, known: BecameKnown) -> Estimate:
    """The hazard ratio of those of whom it became known."""
    found = next((group.hazard_ratio for group in result.groups if group.name == known.label), None)
    return found or Estimate(None, reason="no comparison")


def too_few(result: LandmarkResult) -> str:
    """That a group is too small at the landmark, and where to look instead; "" where it is not."""
    if not result.too_few:
        return ""
    n_others, n_known = result.sizes
    known = result.known
    small, n = (known.label, n_known) if n_known < FEWEST else (others(known), n_others)
    unit = result.survival.outcome.unit
    said = (
        f"Of those followed beyond {span(result.days, unit)}, {n if n else 'nobody'} is in {small}: too few to compare."
    )
    if (instead := result.instead) is None:
        return f"{said} No landmark up to 12 months leaves {FEWEST} in both groups."
    return f"{said} At {span(instead.days, unit)} there would be {instead.n_others} ({others(known)}) and {instead.n_known} ({known.label})."


def landmark_caption(result: LandmarkResult) -> str:
    """Method, numbers, and who was dropped."""
    outcome = result.survival.outcome
    at = span(result.days, outcome.unit)
    parts = [
        f"{outcome.label} from a landmark at {at} after infusion (a month is 30.4375 days), groups by what was known then; kept: followed beyond it. "
        f"Kaplan-Meier estimate with pointwise 95 % limits ({result.survival.options.transform}; {EXACT_START}); event: {outcome.event_word}. "
        f"n = {result.survival.n}, {plural(result.survival.n_events, 'event')}."
    ]
    parts.append(" ".join(f"{n} dropped: {reason}." for reason, n in result.reasons) or "Nobody was dropped.")
    parts += [f"{n} of {outcome.n} not evaluable: {reason}." for reason, n in outcome.left_out]
    followed = time(result.survival.follow_up.value, result.survival.follow_up.reason)
    unit = f" {outcome.unit}" if result.survival.follow_up.value is not None else ""
    return " ".join([*parts, f"Median follow-up from the landmark {followed}{unit} (reverse Kaplan-Meier)."])


def landmark_notes(result: LandmarkResult) -> tuple[str, ...]:
    """What the landmark does not mend, who changed groups later, and what cannot be estimated."""
    known, outcome = result.known, result.survival.outcome
    said = [*selection_notes(outcome.selected_by, "the landmark"), logrank_words(result.survival)]
    if result.known_by_then:
        said.append(
            f"Selected by {listed(result.known_by_then)}, known by the landmark: that does not bias what is counted from there."
        )
    if result.n_later:
        later = plural(result.n_later, "patient")
        said.append(
            f"{later} analysed in {others(known)} came into {known.label} after the landmark; that is not used."
        )
    said.append("Without immortal time: nobody had to live on to be in a group. " + NOT_DRAWN)
    said += [words for words in (too_few(result), *_thin(result.survival, result.survival.n)) if words]
    if outcome.deaths_censored:
        said.append(f"{plural(outcome.deaths_censored, 'death')} without progression censored at death.")
    return tuple(said)


def dependent_caption(result: DependentResult) -> str:
    """Method and numbers; who changed groups when."""
    outcome, found = result.survival.outcome, result.comparison
    label, other = result.known.label, others(result.known)
    events = f"{found.events[0]} in {other} time, {found.events[1]} in {label} time"
    unsure = f" {plural(result.n_unsure, 'patient')} left out: day of {label} not stated." if result.n_unsure else ""
    left_out = "".join(f" {n} of {outcome.n} not evaluable: {reason}." for reason, n in outcome.left_out)
    return (
        f"{outcome.label} from infusion, time-dependent: each patient counts in {other} until {label} begins and in {label} from then on. "
        f"Simon-Makuch curves (product-limit with late entry, pointwise 95 % limits, {result.survival.options.transform}; {EXACT_START}); ticks: censored; event: {outcome.event_word}. "
        f"n = {found.n}, of them {found.n_exposed} ever in {label}, {found.n_switched} of them after time zero; {plural(sum(found.events), 'event')}: {events}."
        f"{unsure}{left_out}"
    )


def dependent_notes(result: DependentResult) -> tuple[str, ...]:
    """How to read the curves, and what they do not mend."""
    found, label = result.comparison, result.known.label
    return (
        *selection_notes(result.survival.outcome.selected_by),
        logrank_words(result.survival),
        f"Numbers at risk in {label} rise as patients come in. A curve is not the fate of one set of patients: it shows what would happen to "
        "somebody who stayed in that group throughout.",
        NOT_DRAWN,
        *_thin(result.survival, found.n),
    )


def logrank_words(result: SurvivalResult) -> str:
    """The test by name, with p and n or the reason."""
    test = result.logrank
    name = test.name[:1].upper() + test.name[1:]
    return f"{name}: {p_equals(test.p)} (n = {test.n})." if test.p is not None else f"{name} not done: {test.reason}."


def short_name(test: TestResult) -> str:
    """The test's name where there is little room: Mantel-Byar test, Log-rank (Mantel-Cox)."""
    name = test.name.partition(" (score")[0]
    return name[:1].upper() + name[1:]


def alt_text(result: SurvivalResult, since: str) -> str:
    """The figure for whoever cannot see it."""
    curves = "; ".join(
        f"{group.name}: {plural(group.curve.n, 'patient')}, {plural(group.curve.n_events, 'event')}, median {_median(group, result.outcome.unit)}"
        for group in result.groups
    )
    return f"Curves of {result.outcome.label.lower()} over {result.outcome.unit} since {since}. {curves}."


def _median(group: GroupSurvival, unit: str) -> str:
    return group.median.reason if group.median.value is None else f"{time(group.median.value)} {unit}"


def _thin(result: SurvivalResult, n: int) -> list[str]:
    """Small numbers, paler curves, the notes of medians and ratios, and why a ratio is missing."""
    said = [f"Fewer than {DESCRIPTIVE_BELOW} patients: descriptive."] if n < DESCRIPTIVE_BELOW else []
    for group in result.groups:
        if group.median.note:
            said.append(f"{group.name}: {group.median.note}.")
        if ratio := group.hazard_ratio:
            said += [f"Hazard ratio of {group.name} not estimable: {ratio.reason}."] if ratio.reason else []
            said += [f"Hazard ratio of {group.name}: {ratio.note}."] if ratio.note else []
    return said + thin_notes(("", result))


def _ratio(ratio: Estimate) -> str:
    return short(ratio.value) if ratio.value is not None else f"not estimable ({ratio.reason})"
