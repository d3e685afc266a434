"""The one list of what the program's methods are taken from, in Vancouver style; a text cites them by key and numbers
them as it mentions them."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

CITATION: Final = re.compile(r" ?\[([a-z][a-z0-9_]*(?:, [a-z][a-z0-9_]*)*)\]")
REFERENCES: Final = {
    "aalen_johansen": (
        "Aalen OO, Johansen S. An empirical transition matrix for non-homogeneous Markov chains based on censored"
        " observations. Scand J Stat. 1978;5(3):141-50."
    ),
    "anderson": (
        "Anderson JR, Cain KC, Gelber RD. Analysis of survival by tumor response. J Clin Oncol. 1983;1(11):710-9."
    ),
    "armitage": "Armitage P. Tests for linear trends in proportions and frequencies. Biometrics. 1955;11(3):375-86.",
    "astct": (
        "Lee DW, Santomasso BD, Locke FL, Ghobadi A, Turtle CJ, Brudno JN, et al. ASTCT consensus grading for cytokine"
        " release syndrome and neurologic toxicity associated with immune effector cells. Biol Blood Marrow Transplant."
        " 2019;25(4):625-38."
    ),
    "austin": (
        "Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between treatment groups"
        " in propensity-score matched samples. Stat Med. 2009;28(25):3083-107."
    ),
    "benjamini_hochberg": (
        "Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach to multiple"
        " testing. J R Stat Soc Series B Stat Methodol. 1995;57(1):289-300."
    ),
    "bonett_wright": (
        "Bonett DG, Wright TA. Sample size requirements for estimating Pearson, Kendall and Spearman correlations."
        " Psychometrika. 2000;65(1):23-8."
    ),
    "borgan_liestol": (
        "Borgan Ø, Liestøl K. A note on confidence intervals and bands for the survival function based on"
        " transformations. Scand J Stat. 1990;17(1):35-41."
    ),
    "brookmeyer_crowley": (
        "Brookmeyer R, Crowley J. A confidence interval for the median survival time. Biometrics. 1982;38(1):29-41."
    ),
    "clopper_pearson": (
        "Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial."
        " Biometrika. 1934;26(4):404-13."
    ),
    "conover_iman": (
        "Conover WJ, Iman RL. On multiple-comparisons procedures. Los Alamos (NM): Los Alamos Scientific Laboratory;"
        " 1979. Report No.: LA-7677-MS."
    ),
    "cox": "Cox DR. Regression models and life-tables. J R Stat Soc Series B Stat Methodol. 1972;34(2):187-220.",
    "ctcae5": (
        "National Cancer Institute. Common Terminology Criteria for Adverse Events (CTCAE) version 5.0. Bethesda (MD):"
        " US Department of Health and Human Services; 2017."
    ),
    "dunn": "Dunn OJ. Multiple comparisons using rank sums. Technometrics. 1964;6(3):241-52.",
    "dunnett": (
        "Dunnett CW. A multiple comparison procedure for comparing several treatments with a control. J Am Stat Assoc."
        " 1955;50(272):1096-121."
    ),
    "efron": (
        "Efron B. The efficiency of Cox's likelihood function for censored data. J Am Stat Assoc. 1977;72(359):557-65."
    ),
    "eln": (
        "Döhner H, Wei AH, Appelbaum FR, Craddock C, DiNardo CD, Dombret H, et al. Diagnosis and management of AML in"
        " adults: 2022 recommendations from an international expert panel on behalf of the ELN. Blood."
        " 2022;140(12):1345-77."
    ),
    "fine_gray": (
        "Fine JP, Gray RJ. A proportional hazards model for the subdistribution of a competing risk. J Am Stat Assoc."
        " 1999;94(446):496-509."
    ),
    "firth": "Firth D. Bias reduction of maximum likelihood estimates. Biometrika. 1993;80(1):27-38.",
    "fisher": "Fisher RA. The logic of inductive inference. J R Stat Soc. 1935;98(1):39-82.",
    "freeman_halton": (
        "Freeman GH, Halton JH. Note on an exact treatment of contingency, goodness of fit and other problems of"
        " significance. Biometrika. 1951;38(1-2):141-9."
    ),
    "grambsch_therneau": (
        "Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics based on weighted residuals. Biometrika."
        " 1994;81(3):515-26."
    ),
    "gray": (
        "Gray RJ. A class of K-sample tests for comparing the cumulative incidence of a competing risk. Ann Stat."
        " 1988;16(3):1141-54."
    ),
    "harrington_fleming": (
        "Harrington DP, Fleming TR. A class of rank test procedures for censored survival data. Biometrika."
        " 1982;69(3):553-66."
    ),
    "heinze_schemper": (
        "Heinze G, Schemper M. A solution to the problem of monotone likelihood in Cox regression. Biometrics."
        " 2001;57(1):114-9."
    ),
    "hematotox": (
        "Rejeski K, Perez A, Sesques P, Hoster E, Berger C, Jentzsch L, et al. CAR-HEMATOTOX: a model for CAR"
        " T-cell-related hematologic toxicity in relapsed/refractory large B-cell lymphoma. Blood."
        " 2021;138(24):2499-513."
    ),
    "holm": "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat. 1979;6(2):65-70.",
    "icaht": (
        "Rejeski K, Subklewe M, Aljurf M, Bachy E, Balduzzi A, Barba P, et al. Immune effector cell-associated"
        " hematotoxicity: EHA/EBMT consensus grading and best practice recommendations. Blood. 2023;142(10):865-77."
    ),
    "imwg": (
        "Kumar S, Paiva B, Anderson KC, Durie B, Landgren O, Moreau P, et al. International Myeloma Working Group"
        " consensus criteria for response and minimal residual disease assessment in multiple myeloma. Lancet Oncol."
        " 2016;17(8):e328-46."
    ),
    "iwcll": (
        "Hallek M, Cheson BD, Catovsky D, Caligaris-Cappio F, Dighiero G, Döhner H, et al. iwCLL guidelines for"
        " diagnosis, indications for treatment, response assessment, and supportive management of CLL. Blood."
        " 2018;131(25):2745-60."
    ),
    "kaplan_meier": (
        "Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc."
        " 1958;53(282):457-81."
    ),
    "kramer": (
        "Kramer CY. Extension of multiple range tests to group means with unequal numbers of replications. Biometrics."
        " 1956;12(3):307-10."
    ),
    "kruskal_wallis": (
        "Kruskal WH, Wallis WA. Use of ranks in one-criterion variance analysis. J Am Stat Assoc. 1952;47(260):583-621."
    ),
    "lee2014": (
        "Lee DW, Gardner R, Porter DL, Louis CU, Ahmed N, Jensen M, et al. Current concepts in the diagnosis and"
        " management of cytokine release syndrome. Blood. 2014;124(2):188-95."
    ),
    "lifelines": "Davidson-Pilon C. lifelines: survival analysis in Python. J Open Source Softw. 2019;4(40):1317.",
    "lugano": (
        "Cheson BD, Fisher RI, Barrington SF, Cavalli F, Schwartz LH, Zucca E, et al. Recommendations for initial"
        " evaluation, staging, and response assessment of Hodgkin and non-Hodgkin lymphoma: the Lugano classification."
        " J Clin Oncol. 2014;32(27):3059-68."
    ),
    "mann_whitney": (
        "Mann HB, Whitney DR. On a test of whether one of two random variables is stochastically larger than the other."
        " Ann Math Stat. 1947;18(1):50-60."
    ),
    "mantel": (
        "Mantel N. Evaluation of survival data and two new rank order statistics arising in its consideration. Cancer"
        " Chemother Rep. 1966;50(3):163-70."
    ),
    "mantel_byar": (
        "Mantel N, Byar DP. Evaluation of response-time data involving transient states: an illustration using"
        " heart-transplant data. J Am Stat Assoc. 1974;69(345):81-6."
    ),
    "maxcombo": (
        "Lin RS, Lin J, Roychoudhury S, Anderson KM, Hu T, Huang B, et al. Alternative analysis methods for time to"
        " event endpoints under nonproportional hazards: a comparative analysis. Stat Biopharm Res. 2020;12(2):187-98."
    ),
    "newcombe": (
        "Newcombe RG. Interval estimation for the difference between independent proportions: comparison of eleven"
        " methods. Stat Med. 1998;17(8):873-90."
    ),
    "numpy": (
        "Harris CR, Millman KJ, van der Walt SJ, Gommers R, Virtanen P, Cournapeau D, et al. Array programming with"
        " NumPy. Nature. 2020;585(7825):357-62."
    ),
    "pandas": (
        "McKinney W. Data structures for statistical computing in Python. In: van der Walt S, Millman J, editors."
        " Proceedings of the 9th Python in Science Conference; 2010. p. 56-61."
    ),
    "peto": (
        "Peto R, Peto J. Asymptotically efficient rank invariant test procedures. J R Stat Soc Ser A."
        " 1972;135(2):185-207."
    ),
    "recist": (
        "Eisenhauer EA, Therasse P, Bogaerts J, Schwartz LH, Sargent D, Ford R, et al. New response evaluation criteria"
        " in solid tumours: revised RECIST guideline (version 1.1). Eur J Cancer. 2009;45(2):228-47."
    ),
    "royston_parmar": (
        "Royston P, Parmar MKB. Restricted mean survival time: an alternative to the hazard ratio for the design and"
        " analysis of randomized trials with a time-to-event outcome. BMC Med Res Methodol. 2013;13:152."
    ),
    "schemper_smith": (
        "Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. Control Clin Trials."
        " 1996;17(4):343-6."
    ),
    "scipy": (
        "Virtanen P, Gommers R, Oliphant TE, Haberland M, Reddy T, Cournapeau D, et al. SciPy 1.0: fundamental"
        " algorithms for scientific computing in Python. Nat Methods. 2020;17(3):261-72."
    ),
    "simon_makuch": (
        "Simon R, Makuch RW. A non-parametric graphical representation of the relationship between survival and the"
        " occurrence of an event: application to responder versus non-responder bias. Stat Med. 1984;3(1):35-44."
    ),
    "spearman": (
        "Spearman C. The proof and measurement of association between two things. Am J Psychol. 1904;15(1):72-101."
    ),
    "strobe": (
        "von Elm E, Altman DG, Egger M, Pocock SJ, Gøtzsche PC, Vandenbroucke JP, et al. The Strengthening the"
        " Reporting of Observational Studies in Epidemiology (STROBE) statement: guidelines for reporting observational"
        " studies. Lancet. 2007;370(9596):1453-7."
    ),
    "student": "Student. The probable error of a mean. Biometrika. 1908;6(1):1-25.",
    "welch": (
        "Welch BL. The generalization of 'Student's' problem when several different population variances are involved."
        " Biometrika. 1947;34(1-2):28-35."
    ),
    "zou_donner": (
        "Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach. Stat Med."
        " 2008;27(10):1693-702."
    ),
}


def numbered(paragraphs: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs with [key, key] as [1, 2], in the order in which they are mentioned, and the references in that
    order.

    Other words in brackets, such as those of a workbook, stay as they are.
    """
    order: dict[str, int] = {}

    def number(found: "re.Match[str]") -> str:
        keys = found[1].split(", ")
        if not set(keys) <= set(REFERENCES):
            return found[0]
        return f" [{_ranges(sorted(order.setdefault(key, len(order) + 1) for key in keys))}]"

    said = tuple(CITATION.sub(number, paragraph) for paragraph in paragraphs)
    return said, tuple(REFERENCES[key] for key in order)


def _ranges(numbers: Iterable[int]) -> str:
    """ "1, 3-5": three and more in a row as a range."""
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
