"""The main numbers of an endpoint again in R: a short script (survfit, survdiff, coxph) and the data that it reads.

The data name nobody: study codes, times, events, entries, and groups by number. Comments of the script say what the
page has, and where the page uses a method that R's package survival does not have.
"""

from collections.abc import Sequence
from typing import Any, Final

from lib.cohort.analysis import Analysis, study_codes
from lib.publication.spec import RScript
from lib.stats.cox import NAME as COX
from lib.stats.estimate import COMPARED_FROM, Estimate
from lib.stats.firth import NAME as FIRTH
from lib.stats.log_rank import NAME as LOGRANK
from lib.survival.curves import MEDIAN, GroupSurvival, LimitOptions, SurvivalResult, curves

DIGITS: Final = 8
NO_LATE_ENTRY: Final = (
    "survdiff has no late entry: the score test of the Cox model is near it, and equal where no two events are tied"
)


def r_script(analysis: Analysis, endpoint: str, options: LimitOptions, file: str) -> RScript:
    """The script of this endpoint with these options; it reads its data from a file of this name."""
    result = curves(analysis, endpoint, options)
    table, names = result.outcome.table, result.outcome.grouping.names
    codes = study_codes(list(analysis.opened.patients["patient_id"]))
    late = bool((table["entry"] > 0).any())
    columns = {"patient": table["patient"].map(codes), "time": table["time"], "event": table["event"].astype(int)}
    if result.outcome.grouping.compares:
        columns["group"] = table["group"].map({name: place for place, name in enumerate(names, start=1)})
    if late:
        columns["entry"] = table["entry"]
    data = table[[]].assign(**columns)
    return RScript("\n".join(_lines(result, file, late)) + "\n", data)


def _lines(result: SurvivalResult, file: str, late: bool) -> list[str]:
    outcome, options = result.outcome, result.options
    compares, observed = outcome.grouping.compares, "entry, time, event" if late else "time, event"
    by = "group" if compares else "1"
    shares = sorted({MEDIAN, options.share})
    if not result.n:
        return [f"# Nobody of this selection can be analysed for {_plain(outcome.label)}."]
    lines = [
        (
            f"# {_plain(outcome.label)} in {outcome.unit} since {_plain(outcome.origin)}. Run it beside its data:"
            ' Rscript SCRIPT. Lines with "page:" say what the page has.'
        ),
        "library(survival)",
        "options(digits = 10, width = 160)",
        f"data <- read.csv({_r(file)})",
        *([_factor(outcome.grouping.names)] if compares else []),
        f"fit <- survfit(Surv({observed}) ~ {by}, data = data, conf.type = {_r(options.transform)})",
        (
            f"times <- quantile(fit, probs = {_vector(f'{share:g}' for share in shares)})  # the time by which this"
            " share had the event"
        ),
        "print(list(time = times$quantile, low = times$lower, high = times$upper))",
        *_said_of_times(result),
    ]
    return [*lines, *_comparison(result, observed, late)] if compares else lines


def _said_of_times(result: SurvivalResult) -> list[str]:
    said = [
        f"# page: {_name(group)}: {group.curve.n} patients, {group.curve.n_events} events, median"
        f" {_numbers(group.median)}"
        for group in result.groups
    ]
    if result.options.share != MEDIAN:
        share = f"{result.options.share:g}"
        said += [
            f"# page: {_name(group)}: {share} had the event by {_numbers(group.by_share)}" for group in result.groups
        ]
    return said


def _comparison(result: SurvivalResult, observed: str, late: bool) -> list[str]:
    """The log-rank test and the hazard ratios of the groups that are large enough."""
    tested = [group.name for group in result.groups if group.curve.n >= COMPARED_FROM]
    if len(tested) < 2:
        return [f"# page: not compared: {_plain(result.headline.reason)}"]
    reference = result.outcome.grouping.reference_name
    lines = [
        f"tested <- droplevels(subset(data, group %in% {_vector(map(_r, tested))}))  # groups of one or two are"
        " described"
    ]
    if not late:
        lines += [
            f"test <- survdiff(Surv({observed}) ~ group, data = tested, rho = 0)",
            "print(c(chisq = test$chisq, p = pchisq(test$chisq, sum(test$exp > 0) - 1, lower.tail = FALSE)))",
        ]
    lines += [
        f"# page: {test.name}: p {_value(test.p) if test.p is not None else 'not tested: ' + _plain(test.reason)}"
        for test in _tests(result)
    ]
    lines += [f"# {NO_LATE_ENTRY}"] if late else []
    if reference not in tested:
        return lines
    return [
        *lines,
        f'model <- coxph(Surv({observed}) ~ relevel(group, ref = {_r(reference)}), data = tested, ties = "efron")',
        "print(summary(model)$conf.int[, c(1, 3, 4), drop = FALSE])  # hazard ratio, low, high",
        "print(summary(model)$coefficients[, 5])  # p of Wald's test",
        *(["print(summary(model)$sctest)"] if late else []),
        *(_ratio(group) for group in result.groups if group.hazard_ratio),
    ]


def _tests(result: SurvivalResult) -> list[Any]:
    """The log-rank test, and that of the headline where it is another."""
    return [result.logrank, *([result.headline] if result.headline.name != LOGRANK else [])]


def _ratio(group: GroupSurvival) -> str:
    """What the page says of a hazard ratio, and whether coxph gives it."""
    found, wald = group.hazard_ratio, group.wald
    if found is None or wald is None or found.reason:
        return f"# page: {_name(group)}: not estimable: {_plain(found.reason if found else '')}"
    other = "; penalised: R's package coxphf gives it, not coxph" if wald.name == FIRTH else ""
    return (
        f"# page: {_name(group)}: {_numbers(found)}, p {_value(wald.p)}"
        f" ({'Cox' if wald.name == COX else wald.name}{other})"
    )


def _factor(names: Sequence[str]) -> str:
    return f"data$group <- factor(data$group, levels = seq_len({len(names)}), labels = {_vector(map(_r, names))})"


def _name(group: GroupSurvival) -> str:
    return _plain(group.name)


def _numbers(found: Estimate) -> str:
    value = _plain(found.reason) if found.value is None else _value(found.value)
    return f"{value} (95 % CI {_value(found.low)} to {_value(found.high)})"


def _value(number: float | None) -> str:
    return "NA" if number is None else f"{number:.{DIGITS}g}"


def _vector(items: Any) -> str:
    return f"c({', '.join(items)})"


def _r(text: str) -> str:
    """The text as a string of R, in ASCII whatever it holds; on one line."""
    signs = {'"': '\\"', "\\": "\\\\"}
    escaped = (signs.get(c) or (c if " " <= c <= "~" else f"\\U{ord(c):08x}") for c in text)
    return f'"{"".join(escaped)}"'


def _plain(text: str) -> str:
    """The text in a comment: nothing in it ends the line."""
    return _r(text)[1:-1]
