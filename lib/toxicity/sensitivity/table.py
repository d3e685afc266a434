"""The table "Sensitivity analyses" of the adverse events: all that is not the one default test of a comparison, together."""

from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import p_value, plural, short
from lib.stats.estimate import Estimate
from lib.stats.ranks import MONTE_CARLO, monte_carlo_error
from lib.toxicity.sensitivity.result import ALL_GRADES, GRADES, SHARE, TREND, Sensitivity, SensitivityLine
from lib.toxicity.table import difference_words
from lib.toxicity.words import in_period, period_notes, scale_notes, timing

CAPTION = (
    "Default: Fisher's exact test with Newcombe's interval. Everything else is here for comparison, none replaces it."
)
NOTHING = "–"


def toxicity_sensitivity_table(result: Sensitivity) -> Table:
    """One row a test; intervals and odds ratio stand with the test of the same two groups."""
    incidence = result.incidence
    reference = incidence.grouping.reference_name
    header = ("Adverse event", "Test", "p", "p (Holm)", "p (BH)", "Difference, % points (Newcombe 95 % CI)",
              "Difference, % points (Miettinen-Nurminen 95 % CI)", "Odds ratio (exact 95 % CI)")  # fmt: skip
    rows = tuple(_printed(line, result) for line in result.lines)
    return Table(
        id="toxicity.sensitivity", title=f"Sensitivity analyses{in_period(incidence, ', ')}", header=header, rows=rows,
        caption=f"{CAPTION} Differences and odds ratios: group against {reference}.", notes=_notes(result), n=incidence.n,
        numbers=_numbers(result), tests=_tests(result),
    )  # fmt: skip


def _name(line: SensitivityLine, result: Sensitivity) -> str:
    several = line.contrast is not None and len(result.incidence.of) > 2  # two groups need no name
    group = f", {result.incidence.grouping.names[line.contrast.slot]}" if several and line.contrast else ""
    return f"{line.term}, {line.threshold}{group}"


def _printed(line: SensitivityLine, result: Sensitivity) -> tuple[str, ...]:
    return (
        _name(line, result), line.test.name, p_value(line.test.p), p_value(line.holm_p), p_value(line.bh_p),
        difference_words(line.newcombe), difference_words(line.miettinen_nurminen), ratio_words(line.odds_ratio),
    )  # fmt: skip


def ratio_words(ratio: Estimate | None) -> str:
    """ "4.47 (0.409–76)"; "∞ (0.813–∞)"; "not estimable (0–∞)" where nobody or everybody had it."""
    if ratio is None or (ratio.value is None and ratio.low is None):
        return NOTHING
    high = "∞" if ratio.high is None else short(ratio.high)
    if ratio.value is not None:
        value = short(ratio.value)
    else:
        value = "∞" if ratio.low else "not estimable" if ratio.reason.endswith("had it") else "∞"
    return f"{value} ({short(ratio.low)}–{high})"


def _notes(result: Sensitivity) -> tuple[str, ...]:
    counted = ", ".join(
        f"{result.n_tests(family)} {words}"
        for family, words in (
            (SHARE, "of shares"),
            (GRADES, "of all grades (Fisher-Freeman-Halton)"),
            (TREND, "of trend (Cochran-Armitage)"),
        )
    )
    said = [
        f"Tests: {counted}; Holm and Benjamini-Hochberg (BH) adjust within each kind. Two-sided.",
        "All grades: 0 (no such event) to 5, patients whose grade is not stated left out; trend: scores 0 to 5.",
        "Odds ratio: conditional maximum likelihood, exact interval; ∞ where the reference has nobody with it or the group everybody.",
    ]
    drawn = [line for line in result.lines if "Monte Carlo" in line.test.name and line.test.p is not None]
    if drawn:
        worst = max(monte_carlo_error(line.test.p or 0.0) for line in drawn)
        said.append(
            f"{plural(len(drawn), 'test')} by Monte Carlo ({MONTE_CARLO:,} random tables, seeded): p is known to ± {worst:.4f} (99 %)."
        )
    said += [*scale_notes(result.incidence), *period_notes(result.incidence)]
    said += list(
        dict.fromkeys(
            f"{line.test.name} not done: {line.test.reason}."
            for line in result.lines
            if line.family == TREND and line.test.reason
        )
    )
    return (*said, *filter(None, [timing(result.incidence.grouping)]))


def _numbers(result: Sensitivity) -> Numbers:
    kinds = ("newcombe", "miettinen_nurminen", "odds_ratio")
    limits = tuple(
        (f"{kind}{part}", "" if kind == "odds_ratio" else "share") for kind in kinds for part in ("", "_low", "_high")
    )
    columns = (
        ("term", ""),
        ("threshold", ""),
        ("group", ""),
        ("test", ""),
        ("p", ""),
        ("p_holm", ""),
        ("p_bh", ""),
        *limits,
        ("reason", ""),
    )
    levels = result.incidence.grouping.levels
    rows = []
    for line in result.lines:
        estimates = (line.newcombe, line.miettinen_nurminen, line.odds_ratio)
        values = [
            value for one in estimates for value in ((one.value, one.low, one.high) if one else (None, None, None))
        ]
        reasons = [line.test.reason, *(one.reason for one in estimates if one)]
        if line.threshold == ALL_GRADES:
            reasons.append("a test of all grades has no difference")
        elif line.odds_ratio and line.odds_ratio.high is None and not line.odds_ratio.reason:
            reasons.append("the upper limit is infinite")
        group = levels[line.contrast.slot] if line.contrast else ""
        said = "; ".join(dict.fromkeys(filter(None, reasons)))
        rows.append(
            (
                line.term,
                line.threshold,
                group,
                line.test.name,
                line.test.p,
                line.holm_p,
                line.bh_p,
                *values,
                said or None,
            )
        )
    return Numbers(columns, tuple(rows))


def _tests(result: Sensitivity) -> tuple[TestLine, ...]:
    names, reference = result.incidence.grouping.names, result.incidence.grouping.reference_name
    return tuple(
        TestLine(
            line.test.name,
            f"{line.term}, {line.threshold}: " + (f"{names[line.contrast.slot]} v {reference}" if line.contrast else " v ".join(names)),
            line.test.statistic, line.test.df, line.test.p, line.test.n, line.test.reason,
        )
        for line in result.lines
    )  # fmt: skip
