"""What expansion beside a factor says in words."""

from typing import Final

from lib.kinetics.expansion.factor import AFTER
from lib.kinetics.expansion.result import FEWEST_FOR_BOX, ExpansionResult
from lib.kinetics.words import limits
from lib.publication.exhibit import TestLine
from lib.publication.number import p_equals, plural, short

NOT_CAUSE: Final = (
    "Expansion and outcome influence each other; what is shown is that they go together, and predicts nothing."
)


def title(result: ExpansionResult) -> str:
    """What stands on both axes."""
    key = result.series.key
    return (
        f"{result.measure.label} of the CAR transgene in {key.specimen} ({key.assay}) and {_lower(result.factor.label)}"
    )


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def heading(result: ExpansionResult) -> str:
    """n and the correlation; its p only where the factor was known before the infusion."""
    of, rho = plural(result.n, "patient"), result.correlation.rho
    if rho.value is None:
        return f"{of}. No correlation: {rho.reason}."
    said = f"{of}. Spearman's ρ {_rho(result)}"
    if result.factor.after:
        return f"{said}.\n{_lower(result.factor.label)[:1].upper()}{_lower(result.factor.label)[1:]} {AFTER}."
    return f"{said}, {p_equals(result.correlation.test.p)}."


def headline(result: ExpansionResult) -> tuple[str, str]:
    """The correlation in one sentence, and that it is none of cause."""
    if not result.n:
        return f"Nobody in this selection has both {result.measure.label} and {_lower(result.factor.label)}.", ""
    sentence = heading(result).split("\n", maxsplit=1)[0].rstrip(".")
    warning = f"{result.factor.label} {AFTER}. {NOT_CAUSE}" if result.factor.after else ""
    return f"{result.measure.label} and {_lower(result.factor.label)}: {sentence}.", warning


def _rho(result: ExpansionResult) -> str:
    rho = result.correlation.rho
    limits_ = f" (95 % CI {_two(rho.low)} to {_two(rho.high)})" if rho.low is not None else ""
    return _two(rho.value) + limits_


def _two(value: float | None) -> str:
    """A correlation with two decimals and a true minus."""
    return "–" if value is None else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def caption(result: ExpansionResult) -> str:
    """What is drawn and by which rules."""
    measure, series = result.measure, result.series
    infusion = f" after infusion {series.infusion}" if series.infusion > 1 else ""
    drawn = "half the LLOQ" if measure.name == "cmax" else "28 days times half the LLOQ"
    parts = [
        f"{measure.label}{infusion} of each patient, log axis (n = {result.n}; {limits(series)}). Open symbols: never above the LLOQ, drawn at {drawn}, "
        "lowest rank."
    ]
    if result.factor.levels:
        parts.append(f"Thick line: median; box: quartiles (R's type 7), of {FEWEST_FOR_BOX} patients or more.")
    parts += [f"{n} of {result.n_selected} left out: {reason}." for reason, n in result.left_out]
    return " ".join(parts)


def notes(result: ExpansionResult) -> tuple[str, ...]:
    """The test with its method, and what limits it."""
    test, factor = result.correlation.test, result.factor
    said = []
    if factor.after:
        said.append(f"{factor.label} {AFTER}, as expansion does. {NOT_CAUSE}")
    if factor.time_not_stated:
        said.append(f"Time not stated at which {factor.label} became known: if after infusion, it predicts nothing.")
    if test.p is None:
        said.append(f"{test.name} not done: {test.reason}.")
    else:
        order = f", {factor.label.lower()} in the order {' < '.join(factor.levels)}" if factor.levels else ""
        said.append(
            f"{test.name}: ρ {_rho(result)}, {p_equals(test.p)} (n = {test.n}{order}; interval by Fisher's z, Bonett and Wright)."
        )
    if result.correlation.rho.note:
        said.append(f"{result.correlation.rho.note[:1].upper()}{result.correlation.rho.note[1:]}.")
    if factor.kind == "response":
        said.append(
            "Best response: the best from the infusion to progression or another treatment, without confirmation; progressed without any: PD."
        )
    if factor.kind == "grade":
        said.append(f"Worst grade of {factor.name}; grade 0: no such event is recorded.")
    if factor.kind == "lab":
        said.append(
            "Before infusion: the value marked as baseline, else the last on day 0 or before; below its limit, half of it."
        )
    return tuple(said)


def alt_text(result: ExpansionResult) -> str:
    """The figure for whoever cannot see it."""
    kind = "by level" if result.factor.levels else "against"
    medians = "; ".join(
        f"{level.level}: n = {level.n}, median {short(level.median)}"
        if level.median is not None
        else f"{level.level}: n = {level.n}"
        for level in result.levels
    )
    rho = result.correlation.rho
    said = f"Spearman's rho {_two(rho.value)}" if rho.value is not None else "No correlation"
    return (
        f"Points of {result.measure.label} on a log axis {kind} {_lower(result.factor.label)}, {plural(result.n, 'patient')}. {said}. {medians}".rstrip(
            ". "
        )
        + "."
    )


def test_line(result: ExpansionResult) -> TestLine:
    """Spearman's test."""
    test = result.correlation.test
    compared = f"{result.measure.label} and {_lower(result.factor.label)}"
    return TestLine(test.name, compared, test.statistic, test.df, test.p, test.n, test.reason)
