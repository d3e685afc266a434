"""Several groups, models with covariates, toys, and what belongs to the synthetic cohort alone."""

from collections.abc import Iterator

import numpy as np
from golden.reference import (
    SEED,
    arrays,
    floats,
    golden,
    survival_data,
    survival_numbers,
)
from stats.observed import CELLTYPES, lung_entry, observations

from lib.stats.adjusted_cox import Category, GroupTimes, Measure, adjusted_cox, interaction
from lib.stats.compared import pairwise_logrank
from lib.stats.firth import firth
from lib.stats.kaplan_meier import kaplan_meier, quantile
from lib.stats.log_rank import Weighting, logrank, stratified_logrank, trend_logrank, weighted_logrank
from lib.stats.permutation import censoring_difference, permutation_logrank
from validation.line import Line, three

TITLES = {"ttp": "synthetic cohort, TTP", "os": "synthetic cohort, OS"}
MORE, COX = golden("survival_more"), golden("cox")


def several_groups() -> Iterator[Line]:
    rows = survival_data("veteran")
    time, event, arm = arrays(rows)
    kind = rows["celltype"].to_numpy(object)
    numbers = golden("survival")["veteran"]
    test, expected = logrank(time, event, kind), numbers["logrank_celltype_4groups"]
    yield Line(
        "veteran",
        "log-rank of four cell types, chi-squared",
        "survdiff(S ~ celltype)",
        test.statistic,
        expected["chisq"],
    )
    yield Line("veteran", "log-rank of four cell types, p", "survdiff(S ~ celltype)", test.p, expected["p"])
    stratified = stratified_logrank(time, event, arm, kind)
    yield Line(
        "veteran",
        "stratified log-rank p",
        "survdiff(S ~ trt + strata(celltype))",
        stratified.p,
        numbers["stratified_logrank_celltype"]["p"],
    )
    trend = trend_logrank(time, event, kind, CELLTYPES)
    yield Line(
        "veteran", "trend over cell types, p", "from survdiff's obs, exp, var", trend.p, MORE["trend"]["celltype"]["p"]
    )
    for key, weighting in (
        ("celltype_rho1", Weighting(1, 0)),
        ("celltype_fh01", Weighting(0, 1)),
        ("celltype_fh11", Weighting(1, 1)),
    ):
        found = weighted_logrank(time, event, kind, weighting)
        yield Line(
            "veteran",
            f"{weighting.name}, four cell types, p",
            "survdiff(rho), or weighted loop",
            found.p,
            MORE["weighted"][key]["p"],
        )
    pairs, expected = pairwise_logrank(time, event, kind, CELLTYPES), MORE["pairwise"]
    for pair, p, holm in zip(pairs, expected["p"], expected["holm"], strict=True):
        yield Line("veteran", f"{pair.first} v {pair.second}, p", "survdiff", pair.test.p, p)
        yield Line("veteran", f"{pair.first} v {pair.second}, Holm", 'p.adjust("holm")', pair.holm_p, holm)


def late_entry() -> Iterator[Line]:
    lung = survival_data("lung")
    late, expected = lung_entry(lung), MORE["late_entry"]["lung_every_third_enters_on_day_30"]
    yield Line(
        "lung",
        "log-rank with late entry, p",
        "loop, held to survdiff and coxph score",
        logrank(*arrays(lung), late).p,
        expected["p"],
    )


def models() -> Iterator[Line]:
    lung, veteran = survival_data("lung"), survival_data("veteran")
    both = golden("survival")["lung"]["cox_multivariable_sex_age"]
    model = adjusted_cox(
        lung["time"].to_numpy(float),
        lung["ev"].to_numpy(float),
        lung,
        [Category("g", "Sex", ("male", "female"), "male"), Measure("age", "Age", "years", 1)],
    )
    for row, key in zip(model.rows, ("gfemale", "age"), strict=True):
        yield from three(
            "lung",
            f"adjusted hazard ratio, {key}",
            "coxph(S ~ g + age)",
            row.ratio,
            tuple(both[each][key] for each in ("hr", "lower", "upper")),
        )
        yield Line("lung", f"adjusted p, {key}", "coxph(S ~ g + age)", row.test.p, both["p"][key])
    all_of = adjusted_cox(
        veteran["time"].to_numpy(float),
        veteran["ev"].to_numpy(float),
        veteran,
        [
            Category("g", "Arm", ("standard", "test"), "standard"),
            Measure("karno", "Karnofsky", "points", 10),
            Measure("age", "Age", "years", 10),
            Category("celltype", "Cell type", CELLTYPES, "squamous"),
        ],
    )
    for row, (key, term) in zip(all_of.rows, COX["models"]["veteran_all"]["terms"].items(), strict=True):
        yield from three(
            "veteran",
            f"six parameters, {key}",
            "coxph(S ~ trt + karno + age + celltype)",
            row.ratio,
            tuple(term[each] for each in ("hr", "low", "high")),
        )
    for test, (key, expected) in zip(
        all_of.proportional.values(), COX["models"]["veteran_all"]["zph"]["km"].items(), strict=True
    ):
        yield Line("veteran", f"proportional hazards p, {key}", "cox.zph(fit)", test.p, expected["p"])
    yield from _interaction()
    yield from _few_events()


def _interaction() -> Iterator[Line]:
    lung = survival_data("lung")
    found = interaction(
        GroupTimes(*arrays(lung), ("male", "female"), "male"),
        np.where(lung["age"] > 65, "older", "younger").astype(object),
        ("younger", "older"),
    )
    yield Line(
        "lung",
        "interaction of sex and age > 65, p",
        "anova(coxph(~ g + s), coxph(~ g * s))",
        found.p,
        COX["interactions"]["lung_age_65"]["p"],
    )


def _few_events() -> Iterator[Line]:
    ovarian = survival_data("ovarian")
    fit, expected = (
        firth(observations(ovarian["time"], ovarian["ev"], ovarian["g"] == "rx2")),
        golden("survival")["ovarian"]["firth_cox_breslow"],
    )
    yield from three(
        "ovarian",
        "Firth hazard ratio, profile limits",
        "coxphf / firthmodels",
        fit.ratios[0],
        tuple(expected[key] for key in ("hr", "lower_pl", "upper_pl")),
    )
    yield Line(
        "ovarian", "Firth penalised likelihood-ratio p", "coxphf / firthmodels", fit.tests[0].p, expected["p_plr"]
    )


def toys() -> Iterator[Line]:
    toy = golden("survival")["monotone_toy"]
    fit = firth(observations(toy["time"], toy["event"], toy["x"]))
    expected = toy["firth"]
    yield from three(
        "separated groups (toy)",
        "Firth hazard ratio, profile limits",
        "coxphf / firthmodels",
        fit.ratios[0],
        tuple(expected[key] for key in ("hr", "lower_pl", "upper_pl")),
    )
    yield Line(
        "separated groups (toy)",
        "Firth penalised likelihood-ratio p",
        "coxphf / firthmodels",
        fit.tests[0].p,
        expected["p_plr"],
    )
    for name, label, key in (
        ("km_half_toy", "curve flat at one half", "median_R_prism"),
        ("km_flat_to_end_at_half_toy", "curve ends flat at one half", "median_R_print_summary"),
    ):
        given = golden("survival")[name]
        curve = kaplan_meier(floats(*given["time"]), floats(*given["event"]))
        yield Line(f"{label} (toy)", "median", "print(survfit)", quantile(curve).value, float(given[key]))


def reconstruction() -> Iterator[Line]:
    numbers = golden("survival")["seed_reconstruction_SYNTHETIC"]
    for name in SEED:
        data, rows = TITLES[name], arrays(survival_data(name))
        yield Line(
            data,
            "permutation p (|O-E|, all 12,870 arrangements)",
            'coin::logrank_test(distribution = "exact")',
            permutation_logrank(*rows).p,
            numbers["exact_permutation_logrank"][name]["p_two_sided_absU"],
        )
        yield Line(
            data,
            "comparison of censoring, p",
            "survdiff(Surv(time, 1 - event) ~ g), ties parted",
            censoring_difference(*rows).p,
            MORE["permutation"]["censoring"][name]["p"],
        )
        reference = survival_numbers(name)["reference_group"]
        fit, expected = firth(observations(rows[0], rows[1], rows[2] != reference)), numbers["firth_cox_breslow"][name]
        yield from three(
            data,
            "Firth hazard ratio, profile limits",
            "coxphf / firthmodels",
            fit.ratios[0],
            tuple(expected[key] for key in ("hr", "lower_pl", "upper_pl")),
        )
        yield Line(
            data, "Firth penalised likelihood-ratio p", "coxphf / firthmodels", fit.tests[0].p, expected["p_plr"]
        )
