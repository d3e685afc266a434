"""What a Methods section says of each analysis: one sentence for every test that the program can print, and for every
estimate and definition.

A sentence is written only where an exhibit of the report has the test (with a p-value), or the words that name the
method. `{of}` is what the exhibits speak of; names in braces are taken from their words. [key] cites
`lib/publication/references.py`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sentence:
    """`ids`: patterns of the exhibits that it may speak of. `test`: pattern of the whole name of a test; `words`:
    pattern within caption, method or notes.

    `each`: once for each of the places where the words stand, else once for all.
    """

    says: str
    ids: tuple[str, ...] = ("*",)
    test: str = ""
    words: str = ""
    each: bool = False


CURVES: Final = ("survival.*", "landmark.*", "time_zero.*", "time_dependent.*")

BASELINE: Final = (
    Sentence(
        "Numeric characteristics are given as median with interquartile range and range, categories as number and"
        " percentage of the patients with a value.", ("baseline.table_one",), words="[Mm]edian"),
    Sentence(
        "Numeric characteristics are given as mean with standard deviation, categories as number and percentage of the"
        " patients with a value.", ("baseline.table_one",), words=r"[Mm]ean \(SD\)"),
    Sentence(
        "Groups were compared at baseline by standardised mean differences [austin].",
        ("baseline.table_one",), words="SMD: "),
)  # fmt: skip
RESPONSE: Final = (
    Sentence(
        "Best overall response was the best assessment after the infusion and before progression, another therapy or"
        " another infusion.", ("response.*",), words="Best response: (best assessment|the best)"),
    Sentence(
        "Response was assessed by the criteria of the International Myeloma Working Group [imwg].",
        ("response.*",), words="criteria: IMWG"),
    Sentence("Response was assessed by the Lugano classification [lugano].", ("response.*",), words="criteria: Lugano"),
    Sentence(
        "Response was assessed by the recommendations of the European LeukemiaNet [eln].",
        ("response.*",), words="criteria: ELN"),
    Sentence(
        "Response was assessed by the guidelines of the International Workshop on Chronic Lymphocytic Leukemia"
        " [iwcll].", ("response.*",), words="criteria: iwCLL"),
    Sentence("Response was assessed by RECIST 1.1 [recist].", ("response.*",), words="criteria: RECIST"),
    Sentence(
        "A second assessment to confirm a response was not required.", ("response.*",), words="[;:] not confirmed"),
    Sentence(
        "A response counted where two consecutive assessments confirmed it.",
        ("response.*",), words="; confirmed: the best level"),
    Sentence(
        "Denominators of response rates were all infused patients and, where they differed, the evaluable patients"
        " (assessed after the infusion, or progressed) and those followed to month 3.",
        ("response.best",), words="Evaluable: assessed after infusion or progressed"),
    Sentence(
        "At each landmark the evaluable assessment nearest to its day within a window was used ({windows}), without"
        " carrying assessments forward.", ("response.*",), words=r"within the window \((?P<windows>[^)]+)\)"),
    Sentence(
        "Measurable residual disease was negative where any assessment that counted was negative; not done did not"
        " count as negative.", ("response.best", "response.rates"), words="MRD: negative at any"),
    Sentence(
        "Rates are given with exact 95% confidence intervals [clopper_pearson].",
        ("response.*",), words=r"exact \(Clopper-Pearson\)|exact 95 % C"),
)  # fmt: skip
TIMES: Final = (
    Sentence(
        "{endpoint} was counted from the {origin} to {event} (n = {n:,}).",
        ("survival.*",), each=True,
        words=r"(?:^|[.] )(?P<endpoint>[^.:;]+?) from (?P<origin>[a-z ]+): event = (?P<event>[^.,;(]+)"),
    Sentence(
        "Patients without the event were censored when their follow-up for it ended.",
        ("survival.*",), words=r" from [a-z ]+: event = .*censored"),
    Sentence(
        "Times to an event were described by the Kaplan-Meier method [kaplan_meier].",
        (*CURVES, "kinetics.persistence*"), words="Kaplan-Meier(?! median| on)|Medians by the midpoint rule"),
    Sentence(
        "Confidence limits of curves are pointwise 95% limits on the log-log scale [borgan_liestol].",
        (*CURVES, "kinetics.persistence*"), words=r"95 % limits \(log-log\b"),
    Sentence(
        "Confidence limits of curves are pointwise 95% limits on the {scale} scale.",
        (*CURVES, "kinetics.persistence*"), words=r"95 % limits \((?P<scale>log(?!-log)|plain)\b"),
    Sentence(
        "Until the first event the lower limit is exact [clopper_pearson].",
        (*CURVES, "kinetics.persistence*"), words="before the first event exact"),
    Sentence(
        "Confidence intervals of medians are those of Brookmeyer and Crowley [brookmeyer_crowley].",
        words="Brookmeyer-Crowley"),
    Sentence(
        "Median follow-up was estimated by the reverse Kaplan-Meier method [schemper_smith].",
        CURVES, words="reverse Kaplan-Meier"),
    Sentence(
        "Differences between two curves are given with pointwise limits made from those of the two curves"
        " [zou_donner].", ("survival.*",), words="MOVER"),
    Sentence("Groups were compared by the log-rank test ({of}) [mantel, peto].", test=r"log-rank \(Mantel-Cox\)"),
    Sentence(
        "Pairs of groups were compared by the log-rank test with Holm's adjustment [holm].",
        test=r"log-rank \(Mantel-Cox\) of a pair.*"),
    Sentence(
        "A trend over ordered groups was tested by the log-rank test for trend.", test=r"log-rank test for trend.*"),
    Sentence(
        "The sensitivity of comparisons to the choice of the test was examined by the modified Peto-Peto test [peto].",
        test=r"Peto & Peto modified.*"),
    Sentence(
        "Late differences were examined by a Fleming-Harrington weighted log-rank test [harrington_fleming].",
        test=r"Fleming-Harrington weighted.*"),
    Sentence("Non-proportional differences were examined by the MaxCombo test [maxcombo].", test=r"MaxCombo.*"),
    Sentence(
        "In small samples groups were also compared by a permutation test of the log-rank statistic, which assumes"
        " equal censoring.", test=r"permutation log-rank.*"),
    Sentence(
        "Whether censoring differed between groups was tested by the log-rank test with events and censoring"
        " exchanged.", test=r"log-rank of censoring.*"),
    Sentence(
        "Hazard ratios were estimated by Cox's proportional hazards model [cox] with Efron's handling of ties [efron]"
        " and Wald 95% confidence limits.", test=r"Wald test of the hazard ratio \(Cox model, Efron ties\)"),
    Sentence(
        "Hazard ratios were also tested by the likelihood ratio test.",
        test=r"likelihood ratio test of the hazard ratio.*"),
    Sentence(
        "Adjusted hazard ratios were estimated in one Cox model with all covariates [cox, efron].",
        test=r"(Wald|likelihood ratio|score) test \(Cox model, Efron ties\)"),
    Sentence(
        "With few events, or a group without any, hazard ratios were estimated by Firth's penalised likelihood [firth]"
        " with profile likelihood limits and the penalised likelihood ratio test [heinze_schemper].",
        test=r"penalised likelihood ratio test \(Firth\)"),
    Sentence(
        "The assumption of proportional hazards was tested by the score test of Grambsch and Therneau"
        " [grambsch_therneau].", test=r"score test of proportional hazards.*"),
    Sentence(
        "Subgroups were exploratory; interactions between group and subgroup were tested by likelihood ratio tests in"
        " Cox models.", test=r"likelihood ratio test of interaction.*"),
    Sentence(
        "Restricted mean survival times were compared by their difference [royston_parmar].",
        test=r"difference in restricted mean survival time.*"),
    Sentence(
        "Restricted mean survival times were also compared by their ratio.",
        test=r"ratio of restricted mean survival times.*"),
)  # fmt: skip
LATE: Final = (
    Sentence(
        "{group} became known by day {day} after the infusion: patients had to live until then to belong to some of"
        " the groups, and comparisons of times from the infusion are subject to immortal-time bias.",
        CURVES, words=r"(?:^|[.] )(?P<group>[^.;:]+?) became known by day (?P<day>[\d.]+): to live until then"),
    Sentence(
        "In landmark analyses [anderson] ({landmark} after the infusion) patients still followed at the landmark were"
        " compared in the groups known by then.",
        ("landmark.*",), words=r"A landmark at (?P<landmark>[^.(]+?) after infusion"),
    Sentence(
        "Groups were also treated as time-dependent: each patient counted in the new group from the day of entering it"
        " on.", ("time_dependent.*", "time_zero.*"), words="Simon-Makuch|Time-dependent: "),
    Sentence(
        "Time-dependent groups are drawn as Simon-Makuch curves [simon_makuch].",
        ("time_dependent.*",), words="Simon-Makuch"),
    Sentence("Time-dependent groups were compared by the Mantel-Byar test [mantel_byar].", test=r"Mantel-Byar test.*"),
)  # fmt: skip
COMPETING: Final = (
    Sentence(
        "Cumulative incidences in the presence of competing events ({of}) were estimated by the Aalen-Johansen method"
        " [aalen_johansen].", words="Aalen-Johansen"),
    Sentence("Cumulative incidences ({of}) were compared by Gray's test [gray].", test=r"Gray's test"),
    Sentence(
        "Cause-specific hazard ratios were estimated by Cox models in which other causes were censored [cox, efron].",
        test=r"Cause-specific: (Wald|likelihood ratio) test.*"),
    Sentence(
        "Cause-specific hazard ratios of few events were estimated by Firth's penalised likelihood [firth,"
        " heinze_schemper].", test=r"Cause-specific: penalised likelihood ratio test \(Firth\)"),
    Sentence(
        "Subdistribution hazard ratios were estimated by the Fine-Gray model [fine_gray].",
        test=r"Wald test of the subdistribution hazard ratio \(Fine-Gray model\)"),
)  # fmt: skip
SAFETY: Final = (
    Sentence(
        "Each patient was counted once for each adverse event at the worst grade; denominators were all treated"
        " patients.", ("toxicity.*",), words="each counted once|counted once a term"),
    Sentence(
        "The criteria of Lee et al. [lee2014] were used to grade {event}.",
        ("toxicity.*",), words=r"(?P<event>CRS|ICANS): Lee 2014"),
    Sentence(
        "The criteria of Lee et al. [lee2014] were used to grade {event}.",
        ("toxicity.*",), words=r"Lee 2014: (?P<event>[^;.]+)"),
    Sentence(
        "The consensus of the American Society for Transplantation and Cellular Therapy [astct] was used to grade"
        " {event}.", ("toxicity.*",), words=r"(?P<event>CRS|ICANS): ASTCT 2019"),
    Sentence(
        "The consensus of the American Society for Transplantation and Cellular Therapy [astct] was used to grade"
        " {event}.", ("toxicity.*",), words=r"ASTCT 2019: (?P<event>[^;.]+)"),
    Sentence(
        "The Common Terminology Criteria for Adverse Events, version 5.0 [ctcae5], were used to grade adverse events"
        " ({event}).", ("toxicity.*",), words=r"CTCAE v5: (?P<event>[^;.]+)"),
    Sentence(
        "Laboratory values were graded by the Common Terminology Criteria for Adverse Events, version 5.0 [ctcae5].",
        ("labs.*",), words="CTCAE v5"),
    Sentence(
        "Laboratory values were graded by the Common Terminology Criteria for Adverse Events, version 6.0.",
        ("labs.*",), words="CTCAE v6"),
)  # fmt: skip
LABS: Final = (
    Sentence(
        "Laboratory values near each nominal day are described by medians with quartiles, the nearest value of each"
        " patient once.", ("labs.*",), words="near each nominal day"),
    Sentence(
        "Recovery of blood counts was the first value at or above the threshold that the next value did not fall below"
        " again.", ("labs.*.recovery*",), words="the next value does not fall below again"),
    Sentence(
        "Potential cases of Hy's law were sought: ALT or AST of at least 3 times, and bilirubin above 2 times the"
        " upper limit of normal.", ("labs.hys_law",), words="ULN"),
    Sentence(
        "Immune effector cell-associated haematotoxicity was graded by neutrophil counts (experimental) [icaht].",
        ("labs.icaht*",), words="ANC"),
    Sentence(
        "Immune effector cell-associated thrombocytopenia was graded by platelet counts (experimental).",
        ("labs.t_icaht*",), words="platelet"),
    Sentence(
        "The CAR-HEMATOTOX score was computed from the last values before lymphodepletion [hematotox].",
        ("labs.hematotox*",), words="CAR-HEMATOTOX"),
)  # fmt: skip
KINETICS: Final = (
    Sentence(
        "Kinetic parameters were computed by noncompartmental analysis: areas under the curve by the linear-up"
        " logarithmic-down rule; values below the limit of quantification counted as 0 before the first and after the"
        " last quantifiable value and were left out between them.",
        ("kinetics.*",), words="linear up, logarithmic down"),
    Sentence(
        "Amounts are summarised by geometric means with 95% confidence intervals, days by medians.",
        ("kinetics.summary*",), words="Geometric mean"),
    Sentence(
        "Persistence ended with the first sample below the limit of quantification after the peak that no quantifiable"
        " sample followed.", ("kinetics.persistence*",), words="first sample below the LLOQ after the peak"),
    Sentence(
        "Associations of expansion were described by Spearman's rank correlation [spearman].",
        test=r"Spearman's rank correlation.*"),
    Sentence(
        "Confidence intervals of rank correlations are those of Bonett and Wright [bonett_wright].",
        words="Bonett and Wright"),
)  # fmt: skip
ASSAYS: Final = (
    Sentence("Doses in vitro were compared with the control by Dunnett's test [dunnett].", test="Dunnett's test"),
    Sentence("All pairs of doses were compared by Tukey's test for unequal numbers [kramer].", test=r"Tukey's test.*"),
    Sentence("Doses were compared overall by one-way analysis of variance.", test="one-way ANOVA"),
    Sentence(
        "P-values of experiments describe the repeatability of the assay, not of patients.",
        ("assay.*",), words="repeatability of this assay"),
)  # fmt: skip
COMPARED: Final = (
    Sentence(
        "Numeric variables of two groups ({of}) were compared by the Mann-Whitney test [mann_whitney].",
        test=r"Mann-Whitney test.*"),
    Sentence(
        "Numeric variables of more than two groups ({of}) were compared by the Kruskal-Wallis test [kruskal_wallis].",
        test=r"Kruskal-Wallis test.*"),
    Sentence(
        "Pairs of groups ({of}) were compared by Dunn's test [dunn] with Holm's adjustment [holm].",
        test=r"Dunn's test.*"),
    Sentence(
        "Pairs of groups ({of}) were compared by the Conover-Iman test [conover_iman] with Holm's adjustment [holm].",
        test=r"Conover-Iman test.*"),
    Sentence("Means ({of}) were compared by Student's t test [student].", test="Student's t test.*"),
    Sentence(
        "Geometric means ({of}) were compared by Welch's t test of the logarithms [welch].",
        test=r"Welch's t test of logarithms.*"),
    Sentence("Proportions ({of}) were compared by Fisher's exact test [fisher].", test="Fisher's exact test"),
    Sentence(
        "Contingency tables larger than two by two ({of}) were compared by the Fisher-Freeman-Halton exact test"
        " [freeman_halton].", test=r"Fisher-Freeman-Halton exact test.*"),
    Sentence(
        "Where its tables were too many to enumerate, the exact p-value was estimated from random tables.",
        test=r"Fisher-Freeman-Halton exact test \(Monte Carlo.*"),
    Sentence(
        "A trend of proportions over grades was tested by the Cochran-Armitage test [armitage].",
        test=r"Cochran-Armitage test.*"),
    Sentence(
        "Differences between proportions ({of}) are given with Newcombe's 95% confidence intervals [newcombe].",
        words="Newcombe"),
    Sentence(
        "Adverse events were adjusted for multiple testing by the methods of Holm [holm] and of Benjamini and Hochberg"
        " [benjamini_hochberg] in sensitivity analyses.",
        ("toxicity.sensitivity",), words="Holm and Benjamini-Hochberg"),
)  # fmt: skip
SECTIONS: Final = {
    "baseline": BASELINE,
    "response": RESPONSE,
    "times": TIMES,
    "late groups": LATE,
    "competing events": COMPETING,
    "safety": SAFETY,
    "labs": LABS,
    "kinetics": KINETICS,
    "assays": ASSAYS,
    "comparisons": COMPARED,
}
