"""Every public file through its recorded mapping gives the numbers that R gets from it
(tests/public_data/reference.json).

Survival, toxicity, kinetics and labs are read from the exhibits of the report; only lab medians by year are computed
here. AUC over days 0 to 28 has no counterpart where the last sample is earlier, so AUC to the last sample is compared.
`pytest -s` prints, file by file, how many numbers agree."""

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from every_exhibit import exhibits

from lib.cohort.selection import Clause, Selection, select
from lib.intake.draft import read_files
from lib.intake.files.grid import SourceFile
from lib.intake.mapping import from_json, to_json
from lib.notebook import grouping_of
from lib.stats.cox_model import Observations, cox_model
from lib.stats.firth import NAME as FIRTH
from lib.survival.curves import survival
from lib.survival.kaplan_meier import survival_figure
from lib.survival.outcome import time_to_event
from lib.toxicity.event_table import toxicity_table
from lib.toxicity.incidence import ANY_EVENT, incidence

HERE = Path(__file__).parents[1]
DATA, MAPPINGS = HERE / "public_data", HERE / "mappings"
R = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))
DIGITS = 1e-6  # relative: six significant digits
FILES = sorted(path.name.removesuffix(".json") for path in MAPPINGS.glob("*.json"))
VETERAN, MYELOMA = (
    ("survival_veteran.csv", "enc_veteran_utf16_tab.txt"),
    ("survminer_myeloma.csv", "enc_myeloma_chinese_title_merged_hidden.xlsx"),
)
GBM, DATES = (
    ("gbm_bivalent.xlsx", "gbm_bivalent_original.xls"),
    ("asaur_pancreatic_dates.csv", "enc_pancreatic_1904dates.xlsx"),
)
SURVIVAL = (  # file, endpoint, split by, where R's numbers stand
    ("survival_lung.csv", "os", "sex", ("survival_lung",)),
    ("survival_ovarian.csv", "os", "arm", ("survival_ovarian",)),
    *((file, "os", "arm", ("survival_veteran", "by_trt")) for file in VETERAN),
    *((file, "os", "celltype", ("survival_veteran", "by_celltype")) for file in VETERAN),
    ("survival_colon.csv", "os", "arm", ("survival_colon", "death")),
    ("survival_colon.csv", "ttr", "arm", ("survival_colon", "recurrence")),
    ("survival_pbc.xlsx", "os", "arm", ("survival_pbc", "OS_by_trt_txcensored")),
    ("survival_mgus2.csv", "os", "sex", ("survival_mgus2", "OS_by_sex")),
    ("survminer_myeloma.csv", "os", "molecular_group", ("survminer_myeloma", "by_molecular_group")),
    ("survminer_myeloma.csv", "os", "chr1q21_status", ("survminer_myeloma", "by_chr1q21")),
    (MYELOMA[1], "os", "分子分型", ("survminer_myeloma", "by_molecular_group")),
    ("cmv_hsct.csv", "cmv", "recipient_cmv", ("cmv_hsct", "CMV_by_recipient")),
    ("cmv_hsct.csv", "cgvhd", "prior_transplant", ("cmv_hsct", "cGVHD_by_prior_transplant")),
    *((file, "pfs", "arm", ("gbm_bivalent", "PFS_by_dose")) for file in GBM),
    *((file, "pfs", "responder", ("gbm_bivalent", "PFS_by_responder")) for file in GBM),
    *((file, "pfs", "arm", ("asaur_pancreatic_dates", "PFS_by_stage")) for file in DATES),
    *((file, "os", "arm", ("asaur_pancreatic_dates", "OS_by_stage")) for file in DATES),
    ("enc_gbsg2_german_semicolon_cp1252.csv", "rfs", "arm", ("enc_gbsg2_german_semicolon_cp1252",)),
    *(("random_cdisc.xlsx", name.lower(), "arm", ("random_cdisc", name)) for name in ("OS", "PFS", "EFS")),
    *(("pharmaverseadam.xlsx", name.lower(), "arm", ("pharmaverseadam", name)) for name in ("OS", "PFS")),
)
NAMES = {"responder": {"yes": "Responder", "no": "Non-responder"}}
AGREED: dict[str, int] = {}


@pytest.fixture(scope="module", autouse=True)
def table():
    yield
    print("\n" + "\n".join(f"{file:50} {n:5} numbers agree with R" for file, n in sorted(AGREED.items())))


@cache
def cohort(file):
    mapping = from_json((MAPPINGS / f"{file}.json").read_text(encoding="utf-8"))
    return read_files([SourceFile(file, (DATA / file).read_bytes())], mapping)


@cache
def made(file, by, question):
    read = cohort(file)
    return {
        exhibit.id: exhibit
        for exhibit in exhibits(read, grouping_of(read, by), read.study.time_unit, only=(f"{question}.*",))
    }


@cache
def curves(file, by, endpoint):
    """The exhibit `survival.<endpoint>` alone: the whole report of a large cohort takes seconds."""
    read = cohort(file)
    return survival_figure(survival(time_to_event(read, endpoint, grouping_of(read, by), read.study.time_unit), read))


def rows(exhibit):
    names = [name for name, _ in exhibit.numbers.columns]
    return [dict(zip(names, row, strict=True)) for row in exhibit.numbers.rows]


def agree(file, ours, expected, what):
    AGREED[file] = AGREED.get(file, 0) + 1
    if expected is None or ours is None:
        assert (ours is None) == (expected is None), (file, what, ours, expected)
    else:
        assert ours == pytest.approx(expected, rel=DIGITS, abs=1e-12), (file, what)


@pytest.mark.parametrize("file", FILES)
def test_a_recorded_mapping_is_written_as_it_is_read(file):
    mapping = from_json((MAPPINGS / f"{file}.json").read_text(encoding="utf-8"))
    assert from_json(to_json(mapping)) == mapping


def test_every_public_table_has_a_mapping():
    tables = {path.name for path in DATA.iterdir() if path.is_file() and path.suffix not in (".json", ".md")}
    assert tables == set(FILES)


@pytest.mark.parametrize(("file", "endpoint", "by", "where"), SURVIVAL)
def test_survival(file, endpoint, by, where):
    expected = R
    for key in where:
        expected = expected[key]
    whole = rows(curves(file, "-", endpoint))[0]
    if where[-1] not in ("OS_by_trt_txcensored", "by_chr1q21"):  # R left out patients without a group
        medians(file, whole, expected["overall"], "overall")
    exhibit = curves(file, by, endpoint)
    found = {NAMES.get(by, {}).get(row["group"], row["group"]): row for row in rows(exhibit)}
    assert set(found) == set(expected["by_group"])
    for group, numbers in expected["by_group"].items():
        medians(file, found[group], numbers, group)
    logrank = next(test for test in exhibit.tests if test.name.startswith("log-rank"))
    agree(file, logrank.statistic, expected["logrank"]["chisq"], "log-rank")
    agree(file, logrank.p, expected["logrank"]["p"], "log-rank p")
    cox = expected["cox"]
    missing = [name for name, row in found.items() if row["hazard_ratio"] is None]
    if missing != [cox["reference"]]:  # too few events, or no finite estimate: left out of the model with its reason
        assert all("hazard_ratio: " in found[name]["reason"] for name in missing)
        return
    penalised = "firth" in expected
    if penalised:
        assert any(test.name == FIRTH for test in exhibit.tests)
        coxph(file, by, endpoint, cox)
    for term in expected["firth" if penalised else "cox"]["terms"]:
        for ours, name in (("hazard_ratio", "HR"), ("hazard_ratio_low", "lower"), ("hazard_ratio_high", "upper")):
            if math.isfinite(term["HR"]) and term["HR"] > DIGITS:
                agree(file, found[term["level"]][ours], term[name], (term["level"], name))


def coxph(file, by, endpoint, expected):
    """R's coxph from the same rows, where too few events for it are shown by Firth's model."""
    read = cohort(file)
    table = time_to_event(read, endpoint, grouping_of(read, by), read.study.time_unit).table
    terms = [term for term in expected["terms"] if term["HR"] > DIGITS]  # R's others have no maximum
    with_events = table["group"].isin([expected["reference"], *(term["level"] for term in terms)])
    rows = table[with_events]
    design = np.array([rows["group"] == term["level"] for term in terms], dtype=float).T
    fit = cox_model(Observations(rows["time"].to_numpy(float), rows["event"].to_numpy(float), design))
    for column, term in enumerate(terms):
        ratio = fit.hazard_ratio(column)
        for ours, name in ((ratio.value, "HR"), (ratio.low, "lower"), (ratio.high, "upper")):
            agree(file, ours, term[name], ("coxph", term["level"], name))


def medians(file, ours, expected, group):
    agree(file, ours["n"], expected["n"], (group, "n"))
    agree(file, ours["events"], expected["events"], (group, "events"))
    interval = expected["median_ci_loglog"]
    for name, key in (("median", "median"), ("median_low", "lower"), ("median_high", "upper")):
        where_half = interval[
            "first_t_with_S_le_half"
        ]  # R's median if its curve ends at exactly one half: see _methods
        ties = name == "median" and ours[name] == where_half
        agree(file, ours[name], where_half if ties else interval[key], (group, name))


def adverse_events():
    for row in R["pharmaverseadam"]["TEAE_top10"]:
        yield "pharmaverseadam.xlsx", row["term"], "any grade", row["any"]
        yield "pharmaverseadam.xlsx", row["term"], "grade >= 3", row["ge3"]
    for row in R["random_cdisc"]["AE"]:
        yield "random_cdisc.xlsx", row["term"], "any grade", row["any"]
        yield "random_cdisc.xlsx", row["term"], "grade >= 3", row["ge3"]
    yield "pharmaverseadam.xlsx", ANY_EVENT, "any grade", R["pharmaverseadam"]["any_TEAE"]
    yield "random_cdisc.xlsx", ANY_EVENT, "any grade", R["random_cdisc"]["any_AE"]
    yield "random_cdisc.xlsx", ANY_EVENT, "grade >= 3", R["random_cdisc"]["any_ge3"]
    yield "swimplot_cohorts.xlsx", "AE", "any grade", R["swimplot_cohorts"]["patients_with_ae"]


@cache
def events_by_arm(file):
    table = toxicity_table(incidence(cohort(file), grouping_of(cohort(file), "arm")))
    return {(row["term"], row["threshold"]): row for row in rows(table)}


@pytest.mark.parametrize(("file", "term", "threshold", "expected"), list(adverse_events()))
def test_adverse_events(file, term, threshold, expected):
    row = events_by_arm(file)[term, threshold]
    for group, counted in expected["per_group"].items():
        agree(file, row[f"n_{group}"], counted["x"], group)
        agree(file, row[f"of_{group}"], counted["n"], group)
    agree(file, row["p"], expected["fisher_two_sided_p"], "Fisher")


def pairs_of_arms():
    rows_of = [("pharmaverseadam.xlsx", row) for row in R["pharmaverseadam"]["TEAE_top10"]]
    rows_of += [("random_cdisc.xlsx", row) for row in R["random_cdisc"]["AE"]]
    return [(file, row["term"], pair) for file, row in rows_of for pair in row["pairwise"]]


@cache
def table_of_two(file, first, second):
    read = cohort(file)
    part = select(read, Selection((Clause("arm", (first, second)),)))
    return rows(toxicity_table(incidence(part, grouping_of(part, "arm"))))


def test_adverse_events_of_two_arms():
    """The reviewer's "only these two": a filter, then the same table. Fisher-Freeman-Halton over three groups, one
    empty, is Fisher's."""
    for file, term, pair in pairs_of_arms():
        found = {row["threshold"]: row["p"] for row in table_of_two(file, pair["a"], pair["b"]) if row["term"] == term}
        agree(file, found["any grade"], pair["any_p"], (term, pair))
        agree(file, found["grade >= 3"], pair["ge3_p"], (term, pair))


def test_a_number_between_two_groups():
    table = made("cmv_hsct.csv", "sex", "baseline")["baseline.table_one"]
    test = next(
        each for each in table.tests if each.comparison.startswith("CD34") and each.name.startswith("Mann-Whitney")
    )
    agree("cmv_hsct.csv", test.p, R["cmv_hsct"]["CD34_by_sex"]["wilcoxon_p_asymptotic_continuity"], "CD34")
    doses = cohort("cmv_hsct.csv").patients.groupby("sex")["cd34_dose"]
    for sex, numbers in R["cmv_hsct"]["CD34_by_sex"]["per_group"].items():
        agree("cmv_hsct.csv", doses.median()[sex], numbers["median"], sex)
        agree("cmv_hsct.csv", doses.quantile(0.25)[sex], numbers["q1"], sex)


@pytest.mark.parametrize(("file", "reference"), [("theoph.csv", "theoph"), ("indometh.csv", "indometh")])
def test_kinetics(file, reference):
    """Sampling times are hours there and days here."""
    found = {row["patient"]: row for row in rows(made(file, "-", "kinetics")["kinetics.parameters"])}
    assert len(found) == len(R[reference]["per_subject"])
    for subject in R[reference]["per_subject"]:
        row = found[subject["id"]]
        agree(file, row["cmax"], subject["Cmax"], "Cmax")
        agree(file, row["tmax"] * 24, subject["Tmax"], "Tmax")
        agree(file, row["auc_last"] * 24, subject["AUC_obs_linup_logdown"], "AUClast")
        agree(file, row["clast"], subject["Clast"], "Clast")
        agree(file, row["tlast"] * 24, subject["tlast"], "Tlast")
        agree(file, row["n_samples"], subject["n_obs"], "samples")
        assert row["auc_0_28"] is None and subject["AUC_0_28"] is None, "sampling ended earlier, still quantifiable"
    peaks = pd.Series([row["cmax"] for row in found.values()])
    for name, number in peaks.agg(["median", "min", "max", "mean", "std"]).rename({"std": "sd"}).items():
        agree(file, number, R[reference]["Cmax"][name], name)


def test_lab_medians_by_visit():
    for test in R["random_cdisc"]["lab_medians"]:
        exhibit = made("random_cdisc.xlsx", "arm", "labs")[f"labs.{test['PARAMCD'].lower()}"]
        found = {(row["visit"], row["group"]): row for row in rows(exhibit)}
        assert len(found) == len(test["by_visit_arm"])
        for place, expected in test["by_visit_arm"].items():
            row = found[tuple(place.split(" | "))]
            agree("random_cdisc.xlsx", row["n"], expected["n"], place)
            agree("random_cdisc.xlsx", row["median"], expected["median"], place)


def test_best_response():
    table = made("random_cdisc.xlsx", "arm", "baseline")["baseline.table_one"]
    found = {(row["level"], row["group"]): row["n"] for row in rows(table) if row["characteristic"] == "Best response"}
    for arm, counts in R["random_cdisc"]["best_response"].items():
        for response, n in counts.items():
            agree("random_cdisc.xlsx", found[response, arm], n, (arm, response))


def test_swimmer_lanes():
    read = cohort("ggswim.xlsx")
    months = 30.4375
    last = read.states.groupby("patient_id")["stop_day"].max() / months
    first = read.states.groupby("patient_id")["start_day"].min() / months
    for patient, expected in R["ggswim"]["last_end_time"].items():
        agree("ggswim.xlsx", last[patient], expected, patient)
        agree("ggswim.xlsx", first[patient], R["ggswim"]["first_start"][patient], patient)
    for state, n in R["ggswim"]["lane_states"].items():
        agree("ggswim.xlsx", int((read.states["state"] == state).sum()), n, state)
    counted = read.infusions["infusion"].value_counts()
    assert (counted[1], counted[2], counted[3]) == (15, 15, 3)
    other = cohort("swimplot_clinicaltrial.xlsx")
    last = other.states.groupby("patient_id")["stop_day"].max() / months
    for patient, expected in R["swimplot_clinicaltrial"]["bar_end"].items():
        agree("swimplot_clinicaltrial.xlsx", last[patient], expected, patient)
    for response, n in R["swimplot_clinicaltrial"]["response_rows"].items():
        agree("swimplot_clinicaltrial.xlsx", int((other.responses["response"] == response).sum()), n, response)
    for response, n in R["swimplot_cohorts"]["response_rows"].items():
        given = cohort("swimplot_cohorts.xlsx").responses["response"]
        agree("swimplot_cohorts.xlsx", int((given == response).sum()), n, response)


def test_weeks_on_study():
    patients = cohort("ggswimlane.xlsx").patients
    for arm, expected in R["ggswimlane"]["weeks"]["per_group"].items():
        weeks = patients.loc[patients["arm"] == arm, "weeks_on_study"]
        agree("ggswimlane.xlsx", len(weeks), expected["n"], arm)
        agree("ggswimlane.xlsx", float(weeks.median()), expected["median"], arm)
    assert len(cohort("ggswimlane.xlsx").responses) == R["ggswimlane"]["partial_response"]


def test_a_file_without_endpoints_gives_none():
    read = cohort("clb_orl_3row_header.csv")
    assert (read.n, read.endpoint_names) == (263, ())
    AGREED["clb_orl_3row_header.csv"] = 1


def test_labs_of_visits_in_columns():
    """R grouped visits by the year to which they are nearest; the exhibit groups them around nominal days, a tenth to
    either side.

    So medians by year are computed here with pandas, from the table that the exhibit is made of; the first visit is in
    both.
    """
    exhibit = made("survival_pbc.xlsx", "-", "labs")["labs.bilirubin"]
    bilirubin = exhibit.data
    by_year = bilirubin.groupby((bilirubin["day"] / 365.25).round())["value"].agg(["count", "median"])
    for expected in R["survival_pbc"]["pbcseq"]["bili_median_by_rounded_year"]:
        agree("survival_pbc.xlsx", int(by_year.loc[expected["year"], "count"]), expected["n"], expected["year"])
        agree("survival_pbc.xlsx", by_year.loc[expected["year"], "median"], expected["median"], expected["year"])
    first = next(row for row in rows(exhibit) if row["day"] == 0)
    infused = bilirubin.loc[bilirubin["day"] == 0, "value"]
    agree("survival_pbc.xlsx", first["n"], len(infused), "day 0")
    agree("survival_pbc.xlsx", first["median"], float(infused.median()), "day 0")
