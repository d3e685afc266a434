"""Every statistic that any exhibit can show, and the words by which docs/validation.md has a line for it.

The list comes from the exhibits themselves: the columns of their numbers, and the names of their tests, over cohorts
that together have all tables. A column is a statistic (then some line's statistic contains the words), a count that is
a sum of rows, or no number of ours: a name, a value as the workbook has it, or a day on which something was seen.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from assay.made import series as assay_cohorts
from every_exhibit import exhibits
from golden.cohorts import by, example, selected, synthetic
from labs.scored import scored_cohort
from labs.test_hys_law import made as liver

from lib.assay.comparisons import all_tests, assay
from lib.assay.dose_figure import assay_figure
from lib.assay.means import assay_table
from lib.assay.sensitivity import sensitivity_table
from lib.publication.exhibit import Exhibit

NAME: Final = "a name, a word, or how it was found"
COUNT: Final = "a count of patients, samples or events"
DATUM: Final = "a value or a day as the workbook has it, or a rule of the program applied to one"
EXEMPT: Final = (NAME, COUNT, DATUM)
LIMITS: Final = r"(_low|_high)?"
COLUMNS: Final = (  # exhibit, column (both whole), the words of its line
    (
        r".*",
        r"group|reason|unit|term|class|characteristic|category|denominator|outcome|scale|remark|comparison|method|analysis|variable|level|parameter|test|analyte|version|status|cause|patient|visit|first|second|line|condition|agent|series|reference|period|value|donor|label|landmark|state|response|after|first_group|second_group",
        NAME,
    ),
    (
        r".*",
        r"n|of|events|missing|df|n_.*|of_.*|deaths_before|dropped|switched|events_reference|died|recovered|enzyme_only|bilirubin_only|neither|both.*|cases|below_limit|never_above|silent|carried|samples|wells|missing_.*|left_out|half_life_n",
        COUNT,
    ),
    (
        r"swimmer.*|.*\.parameters.*|labs\.(t_)?icaht.*|labs\.hematotox.*|kinetics\.patients.*|.*depth.*|.*(waterfall|spider).*|toxicity\.(timeline|grades).*|landmark.*patients|landmark\..*",
        r"start|stop|end|day|became_known|time|event|first_response|progression|best_response|best|mrd.*|worst_grade|infusion|counted_to|ended_by|g_csf|day.*|.*_day|.*points.*|score.*|risk|early_grade|late_grade|longest.*|second_lowest.*|CRP|ferritin|haemoglobin|neutrophils|platelets|grade|window|fold_at_least|fold_base_day|lymphodepletion_day|change.*|baseline|nadir|lowest|landmark_days",
        DATUM,
    ),
    (r"baseline\.flow", r"box|step", NAME),
    (r"patient\.outcomes", r"cmax", "Cmax"),
    (r"patient\.outcomes", r"tmax", "Tmax"),
    (r"patient\.outcomes", r"auc_0_28", "AUC0-28"),
    (r"patient\.outcomes", r".*_(time|event|because|grade|day)|best_response|tlast", DATUM),
    (r"kinetics.*parameters.*", r"cmax", "Cmax"),
    (r"kinetics.*parameters.*", r"tmax", "Tmax"),
    (r"kinetics.*parameters.*", r"clast", "Clast"),
    (r"kinetics.*parameters.*", r"tlast|tbql|fold_expansion", "Tlast"),
    (r"kinetics.*parameters.*", r"auc_0_28", "AUC0-28"),
    (r"kinetics.*parameters.*", r"auc_0_90|auc_last", "AUC0-90"),
    (r"kinetics.*parameters.*", r"half_life", "half-life"),
    (r"kinetics.*parameters.*", r"half_life_adjusted_r2", "adjusted R²"),
    (r"kinetics.*parameters.*", r"half_life_span", "half-lives spanned"),
    (r"kinetics.*parameters.*", r"half_life_(first|last)_day", "first day"),
    (r"kinetics\.(profile|summary).*", r"geometric_mean|low|high|mean_low|mean_high", "geometric mean"),
    (r"kinetics\.summary.*", r"gcv_percent", "geometric CV"),
    (r"baseline.*", r"mean", "mean, "),
    (r"baseline.*", r"sd", "standard deviation"),
    (r"baseline.*", r"smd", "standardised mean difference"),
    (r"kinetics.*", r"ratio" + LIMITS, "ratio of geometric means"),
    (r"kinetics.*", r"rho" + LIMITS, "Spearman's rho"),
    (r"kinetics\.persistence.*", r"quantifiable_day_.*", "S(t)"),
    (r"kinetics\.persistence.*", r"median" + LIMITS, "median"),
    (r"kinetics.*", r"statistic", "Mann-Whitney W"),
    (r"kinetics.*", r"unadjusted_p", "Dunn's test, p"),
    (r"kinetics.*", r"p", "Mann-Whitney p"),
    (r"kinetics.*", r"day|last_day|infusion", DATUM),
    (r"labs\..*recovery.*", r"recovered_by_.*", "cumulative incidence"),
    (r"labs\..*recovery.*", r"median" + LIMITS, "median of a cumulative incidence"),
    (r"labs\..*recovery.*", r"nadir.*", "median"),
    (r"labs\..*recovery.*", r"threshold", NAME),
    (r"labs.*", r"mean" + LIMITS, "mean, "),
    (r"labs.*", r"p", "Fisher's exact test"),
    (r"labs.*", r"threshold|baseline|worst|grade|day|risk", NAME),
    (r"toxicity.*", r"difference" + LIMITS + r"(_.*)?|newcombe" + LIMITS, "difference of shares (Newcombe)"),
    (r"toxicity.*", r"miettinen_nurminen" + LIMITS, "difference of shares (Miettinen-Nurminen)"),
    (r"toxicity.*", r"odds_ratio" + LIMITS, "odds ratio"),
    (r"toxicity.*", r"p", "Fisher's exact test"),
    (r"toxicity.*", r"p_holm", "Holm, list"),
    (r"toxicity.*", r"p_bh", "Benjamini-Hochberg"),
    (r"toxicity\.(onset|first).*", r"incidence_day_.*", "cumulative incidence"),
    (r"toxicity.*", r"threshold|grade", NAME),
    (r"toxicity.*", r"start|stop", DATUM),
    (r"toxicity.*", r"low|high|share", "share, "),
    (r"response.*", r"share|low|high", "share, "),
    (r"response.*", r"difference" + LIMITS, "difference of shares (Newcombe)"),
    (r"response.*", r"p", "Fisher's exact test"),
    (r"response.*", r"day|window", DATUM),
    (r"assay.*", r"mean|difference" + LIMITS, "Tukey, difference"),
    (r"assay.*", r"sd", "standard deviation"),
    (r"assay.*", r"t_p", "t test against the control, p"),
    (r"assay.*", r"t_holm_p", "p by Holm"),
    (r"assay.*", r"dunnett_p|p|adjusted_p", "Dunnett's test, p"),
    (r"assay.*", r"tukey_p", "Tukey p"),
    (r"assay.*", r"dunn_holm_p", "Dunn's test, p by Holm"),
    (r"assay.*", r"conover_holm_p", "Conover-Iman test, p by Holm"),
    (r"assay.*", r"time|dose|concentration", DATUM),
    (r"assay.*", r"low|high", "Dunnett's test, low"),
    (r".*", r"(hazard_ratio|hr)" + LIMITS, "hazard ratio"),
    (r".*", r"median" + LIMITS, "median"),
    (r".*", r"q1", "lower quartile"),
    (r".*", r"q3", "upper quartile"),
    (r".*", r"min|minimum", "minimum"),
    (r".*", r"max|maximum", "maximum"),
    (r".*", r"(group_)?follow_up" + LIMITS, "follow-up"),
    (r".*", r"survival" + LIMITS, "S(t)"),
    (r"survival.*difference.*", r"difference" + LIMITS, "difference of the curves"),
    (r"survival.*", r"difference" + LIMITS, "restricted mean difference"),
    (r".*", r"tau|landmark_days|day", DATUM),
    (r".*", r"interaction_p", "interaction"),
    (r".*", r"unadjusted_p", "v smallcell, p"),
    (r".*", r"statistic", "log-rank chi-squared"),
    (r".*", r"p|likelihood_ratio_p|wald_p", "likelihood-ratio p"),
    (r"cumulative_incidence.*", r"incidence_.*", "cumulative incidence"),
    (r".*", r"cause_specific_.*", "cause-specific"),
    (r".*", r"subdistribution_.*", "subdistribution"),
    (r".*", r"time", DATUM),
    (r"survival.*", r"low|high|lower|upper|share|milestone.*|restricted.*|rmst.*|ratio" + LIMITS, "restricted mean"),
    (r"survival.*", r"quantile.*|by_share.*", "time by which"),
    (r"time_zero.*", r".*", "landmark"),
)
TESTS: Final = (  # how a test's name begins, the words of its line
    ("Fisher-Freeman-Halton exact test (Monte Carlo", "by Monte Carlo"),
    ("Fisher-Freeman-Halton", "Fisher-Freeman-Halton exact test, p"),
    ("Fisher's exact", "Fisher's exact test, p"),
    ("Mann-Whitney test (exact, given", "Mann-Whitney p (exact, given the ties)"),
    ("Mann-Whitney test (exact", "Mann-Whitney p (exact)"),
    ("Mann-Whitney test (normal approximation, corr", "Mann-Whitney p (normal approximation, corrected for ties)"),
    ("Mann-Whitney test (normal", "Mann-Whitney p (normal approximation)"),
    ("Mann-Whitney", "Mann-Whitney p"),
    ("Kruskal-Wallis test (exact", "Kruskal-Wallis H"),
    ("Kruskal-Wallis", "Kruskal-Wallis p (chi-squared)"),
    ("Student's t test", "Student's t test, p"),
    ("Welch's t", "Welch's t test of logarithms, p"),
    ("Spearman", "Spearman's rho, p"),
    ("Cochran-Armitage", "Cochran-Armitage trend, p"),
    ("Dunn's", "Dunn's test, p"),
    ("Dunnett's", "Dunnett's test, p"),
    ("Conover-Iman", "Conover-Iman test, p"),
    ("Tukey", "Tukey p"),
    ("one-way ANOVA", "one-way ANOVA, p"),
    ("Gray's", "Gray"),
    ("log-rank (Mantel-Cox) of a pair", "Holm"),
    ("log-rank test for trend", "trend"),
    ("log-rank of censoring", "censoring"),
    ("log-rank", "log-rank p"),
    ("stratified log-rank", "stratified log-rank"),
    ("Peto", "Peto-Peto p"),
    ("Fleming-Harrington", "Fleming-Harrington"),
    ("MaxCombo", "MaxCombo"),
    ("permutation", "permutation"),
    ("Mantel-Byar", "Mantel-Byar"),
    ("Wald test of the subdistribution", "subdistribution"),
    ("Wald", "Wald p"),
    ("Cause-specific", "cause-specific"),
    ("likelihood ratio test of interaction", "interaction"),
    ("likelihood ratio", "likelihood-ratio p"),
    ("penalised likelihood ratio", "Firth"),
    ("score test of proportional hazards", "proportional hazards p"),
    ("difference in restricted mean", "restricted mean difference"),
    ("ratio of restricted mean", "restricted mean ratio"),
    ("comparison of restricted mean", "restricted mean difference"),
)


@cache
def shown() -> tuple[Exhibit, ...]:
    """Every exhibit of cohorts that together have all tables."""
    found: list[Exhibit] = []
    for opened in (example(), synthetic()):
        found += exhibits(selected(opened), by(opened), "months", opened)
    others = ("labs.*", "survival.*.models", "survival.*.sensitivity")  # what these have and the others lack
    for opened in (scored_cohort(), liver()):
        found += exhibits(selected(opened), by(opened), "months", only=others)
    for measured in assay_cohorts().values():
        result = assay(measured)
        found += [assay_figure(result), assay_table(result), sensitivity_table(result, all_tests(result))]
    return tuple(found)


def columns() -> frozenset[tuple[str, str]]:
    """Every exhibit with every column of its numbers; names of groups are left out of a column's name."""
    groups = {level for opened in (example(), synthetic()) for level in by(opened).levels}
    return frozenset((one.id, _without(name, groups)) for one in shown() for name, _ in one.numbers.columns)


def test_names() -> frozenset[str]:
    """The name of every test that any of them holds."""
    return frozenset(test.name for one in shown() for test in one.tests if test.name)


def words_of(exhibit: str, column: str) -> str | None:
    """What stands for a column: words of a line, or one of EXEMPT; None where nothing is said of it."""
    return next(
        (words for room, name, words in COLUMNS if re.fullmatch(room, exhibit) and re.fullmatch(name, column)), None
    )


def words_of_test(name: str) -> str | None:
    """The words of the line for a test."""
    return next((words for begins, words in TESTS if name.startswith(begins)), None)


def statistics() -> Iterator[tuple[str, str | None]]:
    """Every statistic that can be shown, as "exhibit: column" or the name of a test, with the words of its line."""
    yield from ((f"{exhibit}: {column}", words_of(exhibit, column)) for exhibit, column in sorted(columns()))
    yield from ((name, words_of_test(name)) for name in sorted(test_names()))


def _without(name: str, groups: set[str]) -> str:
    return next((name.removesuffix(f"_{level}") for level in groups if name.endswith(f"_{level}")), name)
