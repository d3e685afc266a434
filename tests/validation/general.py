"""What is not of survival beside R: summaries, tests, shares, odds ratios, correlations, several groups, kinetics.

R's numbers and the data stand in statistics.json, made by statistics.R beside it; those of kinetics in tests/golden.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from golden.reference import floats, golden

from lib.kinetics.noncompartmental import Series, parameters
from lib.kinetics.parameter_table import Subjects
from lib.labs.recovery_times import GroupRecovery
from lib.stats.compared import benjamini_hochberg, holm
from lib.stats.competing_risks import cumulative_incidence
from lib.stats.correlation import spearman
from lib.stats.means import (
    category_difference,
    geometric_cv,
    geometric_mean,
    geometric_mean_ratio,
    mean,
    number_difference,
)
from lib.stats.proportions import MIETTINEN_NURMINEN, cochran_armitage, exact_share, odds_ratio, risk_difference
from lib.stats.ranks import fisher_table, kruskal_wallis, mann_whitney, student_t
from lib.stats.several_groups import anova, conover, dunn, dunnett, student_against, tukey
from validation.line import Line, three, together

SEARCHED = 1e-5  # R's number comes from a numerical search
INTEGRATED = 1e-4  # R's number comes from a random integration
Case = dict[str, Any]


@cache
def numbers() -> Case:
    """The data and R's numbers of statistics.R."""
    return json.loads(Path(__file__).with_name("statistics.json").read_text(encoding="utf-8"))


def general() -> Iterator[Line]:
    """All lines of this file, in the order of the page."""
    for case in numbers()["numbers"]:
        yield from together((*_summaries(case), *_two(case), *_several(case)), case["name"])
    for case in numbers()["tables"]:
        yield from together(_table(case), case["name"])
    for case in numbers()["correlations"]:
        yield from together(_correlation(case), case["name"])
    job = golden("more")["fisher"]["job_satisfaction"]
    drawn = fisher_table(job["counts"])
    yield Line(
        "job satisfaction",
        "Fisher-Freeman-Halton exact test, by Monte Carlo, p",
        "fisher.test",
        drawn.p,
        job["p"],
        0.01,
    )
    yield from _adjusted()
    yield from _kinetics()
    yield from _recovery()
    yield from _several_more()
    yield from _standardised()


def _summaries(case: Case) -> Iterator[Line]:
    for name, values in case["groups"].items():
        amounts, theirs, said = floats(*values), case["summary"][name], f"{case['name']}, {name}"
        data = case["data"]
        low, middle, high = np.quantile(amounts, [0.25, 0.5, 0.75])
        plain = {"n": float(len(amounts)), "median": middle, "q1": low, "q3": high, "sd": amounts.std(ddof=1)}
        plain |= {"minimum": amounts.min(), "maximum": amounts.max()}
        for what, ours in plain.items():
            yield Line(data, f"{WORDS[what]}, {said}", CALLS[what], float(ours), theirs[what])
        expected = tuple(theirs[key] for key in ("mean", "mean_low", "mean_high"))
        yield from three(data, f"mean, {said}", "t.test(v)", mean(amounts), expected)
        if "geometric_mean" in theirs:
            expected = tuple(theirs[f"geometric_{part}"] for part in ("mean", "low", "high"))
            yield from three(
                data, f"geometric mean, {said}", "exp of t.test(log(v))", geometric_mean(amounts), expected
            )
            yield Line(
                data, f"geometric CV, {said}", "100 * sqrt(exp(var(log(v))) - 1)", geometric_cv(amounts), theirs["gcv"]
            )


WORDS = {
    "n": "number of values", "median": "median", "q1": "lower quartile", "q3": "upper quartile", "minimum": "minimum",
    "maximum": "maximum", "sd": "standard deviation",
}  # fmt: skip
CALLS = {
    "n": "length", "median": "median", "q1": "quantile(type = 7)", "q3": "quantile(type = 7)", "minimum": "min",
    "maximum": "max", "sd": "sd",
}  # fmt: skip


def _two(case: Case) -> Iterator[Line]:
    theirs = case.get("two")
    if not theirs:
        return
    data, said = case["data"], case["name"]
    first, second = (floats(*values) for values in case["groups"].values())
    rank, student = mann_whitney(first, second), student_t(first, second)
    exact = (
        'coin::wilcox_test(distribution = "exact")' if "ties)" in rank.name and "exact" in rank.name else "wilcox.test"
    )
    yield Line(data, f"Mann-Whitney W, {said}", "wilcox.test", rank.statistic, theirs["W"])
    yield Line(
        data, f"Mann-Whitney p ({rank.name.partition('(')[2].rstrip(')')}), {said}", exact, rank.p, theirs["rank_p"]
    )
    for word, ours, its in (
        ("t", student.statistic, "t"),
        ("degrees of freedom", float(student.df or 0), "t_df"),
        ("p", student.p, "t_p"),
    ):
        yield Line(data, f"Student's t test, {word}, {said}", "t.test(var.equal = TRUE)", ours, theirs[its])
    if "ratio" in theirs:
        ratio, test = geometric_mean_ratio(first, second)
        expected = tuple(theirs[f"ratio{part}"] for part in ("", "_low", "_high"))
        yield from three(data, f"ratio of geometric means, {said}", "exp of t.test(log(x), log(y))", ratio, expected)
        yield Line(
            data, f"Welch's t test of logarithms, p, {said}", "t.test(log(x), log(y))", test.p, theirs["welch_p"]
        )


def _several(case: Case) -> Iterator[Line]:
    theirs = case.get("several")
    if not theirs:
        return
    data, said = case["data"], case["name"]
    groups = {name: floats(*values) for name, values in case["groups"].items()}
    rank, variance = kruskal_wallis(list(groups.values())), anova(list(groups.values()))
    yield Line(data, f"Kruskal-Wallis H, {said}", "kruskal.test", rank.statistic, theirs["H"])
    if theirs["H_p"] is not None:
        yield Line(data, f"Kruskal-Wallis p (chi-squared), {said}", "kruskal.test", rank.p, theirs["H_p"])
    yield Line(data, f"one-way ANOVA, F, {said}", "aov", variance.statistic, theirs["F"])
    yield Line(data, f"one-way ANOVA, p, {said}", "aov", variance.p, theirs["F_p"])
    pairs = {f"{pair['pair']}": pair for pair in theirs["tukey"]}
    for each in tukey(groups):
        one, sign = (
            (pairs[f"{each.first}-{each.second}"], 1)
            if f"{each.first}-{each.second}" in pairs
            else (pairs[f"{each.second}-{each.first}"], -1)
        )
        name = f"{said}, {each.first} v {each.second}"
        yield Line(
            data, f"Tukey, difference, {name}", "TukeyHSD", each.difference.value, sign * one["difference"], SEARCHED
        )
        if each.test.p is not None and one["p"] > 1e-6:
            yield Line(data, f"Tukey p, {name}", "TukeyHSD", each.test.p, one["p"], INTEGRATED)
    control = next(iter(groups))
    for pair, p, adjusted in zip(student_against(groups, control), theirs["t_against"], theirs["t_holm"], strict=True):
        name = f"{said}, {pair.first} v {pair.second}"
        yield Line(data, f"t test against the control, p, {name}", "t.test(var.equal = TRUE)", pair.test.p, p)
        yield Line(
            data, f"t test against the control, p by Holm, {name}", 'p.adjust("holm")', pair.adjusted_p, adjusted
        )


def _table(case: Case) -> Iterator[Line]:
    data, said, counts = case["data"], case["name"], case["counts"]
    of = [sum(row[place] for row in counts) for place in range(len(counts[0]))]
    exact = fisher_table(counts)
    kind = "Fisher's exact test" if len(counts) == len(of) == 2 else "Fisher-Freeman-Halton exact test"
    drawn = "Monte Carlo" in exact.name
    yield Line(
        data,
        f"{kind}{', by Monte Carlo' if drawn else ''}, p, {said}",
        "fisher.test",
        exact.p,
        case["p"],
        0.05 if drawn else 1e-6,
    )
    for n, total, theirs in zip(counts[0], of, case["shares"], strict=True):
        yield from three(
            data,
            f"share, {said}, {n} of {total}",
            "binom.test",
            exact_share(n, total),
            (theirs["share"], theirs["low"], theirs["high"]),
        )
    if len(of) != 2:
        return
    pair = (counts[0][1], of[1], counts[0][0], of[0])
    for name, key, call, given in (
        ("Newcombe", "newcombe", "prop.test's Wilson limits", {}),
        ("Miettinen-Nurminen", "mn", "score test by numerical search", {"method": MIETTINEN_NURMINEN}),
    ):
        within = SEARCHED if given else 1e-6
        yield from three(
            data,
            f"difference of shares ({name}), {said}",
            call,
            risk_difference(*pair, **given),
            (case["difference"], *case[key]),
            within,
        )
    ratio = odds_ratio(*pair)
    for word, ours, theirs in zip(
        ("", ", low", ", high"), (ratio.value, ratio.low, ratio.high), case["odds"], strict=True
    ):
        if ours is not None or word:
            yield Line(data, f"odds ratio{word}, {said}", "fisher.test's equations", ours, theirs, SEARCHED)
    if "trend" in case:
        first, second = ([row[place] for row in counts] for place in (0, 1))
        trend = cochran_armitage(first, second)
        yield Line(data, f"Cochran-Armitage trend, {said}", "prop.trend.test", trend.statistic, case["trend"])
        yield Line(data, f"Cochran-Armitage trend, p, {said}", "prop.trend.test", trend.p, case["trend_p"])


def _correlation(case: Case) -> Iterator[Line]:
    found = spearman(floats(*case["x"]), floats(*case["y"]))
    call = 'cor.test(method = "spearman")'
    yield from three(
        case["data"], f"Spearman's rho, {case['name']}", call, found.rho, (case["rho"], case["low"], case["high"])
    )
    if case["p"] is not None:
        yield Line(case["data"], f"Spearman's rho, p, {case['name']}", call, found.test.p, case["p"])


def _adjusted() -> Iterator[Line]:
    for number, case in enumerate(numbers()["adjust"], start=1):
        for method, key in ((holm, "holm"), (benjamini_hochberg, "bh")):
            name = "Holm" if key == "holm" else "Benjamini-Hochberg"
            for place, (ours, theirs) in enumerate(zip(method(case["p"]), case[key], strict=True), start=1):
                yield Line("p-values", f"{name}, list {number}, number {place}", "p.adjust", ours, theirs)


def _kinetics() -> Iterator[Line]:
    """Worked series: every parameter as PKNCA 0.12 gives it; a geometric mean."""
    for name in ("EX1", "EX2", "EX3", "EX4"):
        yield from _worked(f"kinetics, {name}", golden("nca")[name])
    five = golden("nca")["EX5"]
    values = floats(*five["values"])
    yield from three(
        "kinetics, EX5",
        "geometric mean of Cmax",
        "exp of t.test(log(v))",
        geometric_mean(values),
        (five["geomean"], *five["gm_ci"]),
    )
    yield Line(
        "kinetics, EX5",
        "geometric CV of Cmax",
        "100 * sqrt(exp(var(log(v))) - 1)",
        geometric_cv(values),
        five["gcv_pct"],
    )


def _worked(data: str, case: Case) -> Iterator[Line]:
    day, value = floats(*case["t"]), floats(*case["c"])
    subject = Subjects(np.array([data], dtype=object), np.array([1]), np.array([-1]), ())
    given = Series(day, np.maximum(value, 0.0), np.full(len(day), np.nan), np.array([len(day)]))
    found = parameters(subject, given).row(0)
    fit, theirs = found.fit, case["half_life"] or {}
    ours = {
        "cmax": ("Cmax", found.cmax.value),
        "tmax": ("Tmax", found.tmax.value),
        "clast": ("Clast", found.clast.value),
        "tlast": ("Tlast", found.tlast.value),
        "auc0_28_last": ("AUC0-28", found.auc_0_28.value),
        "auc0_90_last": ("AUC0-90", found.auc_0_90.value),
    }
    for key, (what, number) in ours.items():
        if case.get(key) is not None:
            yield Line(data, what, "PKNCA 0.12", number, float(case[key]))
    if fit is not None and theirs.get("half_life") is not None:
        of_fit = (
            ("half-life", fit.days, "half_life"),
            ("half-life, adjusted R²", fit.adjusted_r2, "adj_r2"),
            ("half-life, half-lives spanned", fit.span, "span_ratio"),
            ("half-life, number of samples", float(fit.n), "n"),
            ("half-life, first day", fit.first_day, "t_first"),
        )
        for what, number, key in of_fit:
            yield Line(data, what, "PKNCA 0.12", number, float(theirs[key]))


def _recovery() -> Iterator[Line]:
    """The median of a cumulative incidence with limits, as the recovery of counts has it."""
    for name, case in zip(("female", "male"), numbers()["incidence"], strict=True):
        curves = cumulative_incidence(floats(*case["time"]), floats(*case["cause"]), causes=(1, 2))
        group = GroupRecovery(name, 0, 0, curves[2], curves[1], (), None, None)
        for word, ours, key in (
            ("", group.median, "median"),
            (", low", group.median_limits[0], "low"),
            (", high", group.median_limits[1], "high"),
        ):
            yield Line(
                "mgus2",
                f"median of a cumulative incidence{word}, death, {name}",
                "survfit, where the curve and its limits reach 0.5",
                ours,
                case[key],
            )


def _several_more() -> Iterator[Line]:
    """Dunnett's, Dunn's and Conover and Iman's tests on the data sets of tests/golden/several_groups.R."""
    for name, case in golden("several_groups").items():
        if name == "meta":
            continue
        groups = {level: floats(*values) for level, values in zip(case["names"], case["groups"], strict=True)}
        found, theirs = dunnett(groups, case["names"][0]), case["dunnett"]
        for place, each in enumerate(found):
            said = f"{each.first} v {each.second}"
            yield Line(
                name,
                f"Dunnett's test, difference, {said}",
                "multcomp::glht",
                each.difference.value,
                theirs["difference"][place],
            )
            yield Line(name, f"Dunnett's test, t, {said}", "multcomp::glht", each.test.statistic, theirs["t"][place])
            if theirs["p"][place] > 1e-4:
                yield Line(name, f"Dunnett's test, p, {said}", "multcomp::glht", each.test.p, theirs["p"][place], 5e-4)
            for word, ours in (("low", each.difference.low), ("high", each.difference.high)):
                yield Line(name, f"Dunnett's test, {word}, {said}", "multcomp::glht", ours, theirs[word][place], 5e-3)
        for test, key, call in ((dunn, "dunn", "rstatix::dunn_test"), (conover, "conover", "its formula")):
            for pair, statistic, p, adjusted in zip(
                test(groups), case[key]["statistic"], case[key]["p"], case[key]["holm"], strict=True
            ):
                said = f"{pair.first} v {pair.second}"
                word = "Dunn's test" if key == "dunn" else "Conover-Iman test"
                yield Line(name, f"{word}, statistic, {said}", call, pair.test.statistic, statistic)
                yield Line(name, f"{word}, p, {said}", call, pair.test.p, p)
                yield Line(name, f"{word}, p by Holm, {said}", call, pair.adjusted_p, adjusted)


AGE = (44, 53, 56, 58, 60, 63, 64, 65), (46, 49, 53, 55, 57, 59, 62, 71)
SHARES = {
    "yes no": ((6, 2), (3, 5)),
    "three levels": ((4, 3, 1), (3, 3, 2)),
    "five levels": ((10, 20, 30, 25, 15), (18, 22, 11, 40, 9)),
}


def _standardised() -> Iterator[Line]:
    """Differences of two groups at baseline: tests/golden/standardised.R."""
    theirs, data, words = golden("standardised"), "made-up tables", "standardised mean difference"
    age = number_difference([floats(*group) for group in AGE])
    yield Line(data, f"{words}, age", "formula of tableone", age.value, theirs["age"])
    for name, groups in SHARES.items():
        ours = category_difference(list(zip(*groups, strict=True)))
        yield Line(data, f"{words}, {name}", "formula of tableone, MASS::ginv", ours.value, theirs[name])
