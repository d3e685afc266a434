"""Responses of every disease: read by their words, asked of which disease they are, counted by its criteria."""

import pytest
from golden.cohorts import selected

from intake.drafts import cohort, open_ids, question, said, sheets, table
from lib.cohort.grouping import everybody
from lib.cohort.response_scale import IMWG, LEUKAEMIA, scale_of
from lib.intake.cells.coding import code_response
from lib.intake.cells.response_words import mrd_in
from lib.response.best_response import MRD, MRD_ASSESSED, MRD_IN_CR, best_response
from lib.response.rates import INFUSED


@pytest.mark.parametrize(
    ("written", "response", "mrd"),
    [
        ("MRD-negative CR", "CR", "negative"),
        ("CR, MRD-", "CR", "negative"),
        ("CRMRD-", "CR", "negative"),
        ("CRi MRD+", "CRi", "positive"),
        ("uMRD CR", "CR", "negative"),
        ("CR without MRD", "CR", "negative"),
        ("CR (MRD neg by NGS 10^-6)", "CR", "negative"),
        ("CR, MRD not done", "CR", "not done"),
        ("sCR, MRD negative (10-5)", "sCR", "negative"),
        ("CR with incomplete count recovery", "CRi", ""),
        ("Complete remission with partial haematologic recovery", "CRh", ""),
        ("CR with incomplete hematologic recovery (CRi)", "CRi", ""),
        ("Refractory disease", "NR", ""),
        ("Relapsed disease", "PD", ""),
        ("relapse", "PD", ""),
        ("Haematological relapse", "PD", ""),
        ("Morphologic leukaemia-free state (MLFS)", "MLFS", ""),
        ("nodular PR", "nPR", ""),
        ("PR with lymphocytosis", "PR-L", ""),
        ("Non-evaluable", "NE", ""),
        ("CMR", "CR", ""),
        ("CMR (Deauville 3)", "CR", ""),
        ("PMR", "PR", ""),
        ("No metabolic response", "SD", ""),
        ("PMD", "PD", ""),
        ("Complete Response (CR)", "CR", ""),
        ("1 = CR", "CR", ""),
        ("Rémission complète", "CR", ""),
        ("Stabile Erkrankung", "SD", ""),
        ("Respuesta parcial", "PR", ""),
        ("malattia in progressione", "PD", ""),
        ("stabiele ziekte", "SD", ""),
        ("完全缓解", "CR", ""),
        ("TBRP", "VGPR", ""),
    ],
)
def test_words_of_every_criteria(written, response, mrd):
    coded = code_response(written)
    assert (coded.value, coded.problem, mrd_in(written)) == (response, "", mrd)


@pytest.mark.parametrize(
    ("written", "read"), [("CRu", "CR"), ("CRp", "CRi"), ("CR/CRi", "CRi"), ("non-CR/non-PD", "SD")]
)
def test_words_of_other_criteria_are_read_and_said(written, read):
    coded = code_response(written)
    assert coded.value == read and f"it was read as {read}" in coded.reported


@pytest.mark.parametrize(
    "written", ["CR + B cell aplasia", "mixed response", "MRD relapse", "MRD negative", "CR -> PD", "great"]
)
def test_what_is_more_or_less_than_a_response_is_not_read(written):
    assert code_response(written).value is None


LEUKAEMIC = """
    ID,Diagnosis,Day,Response
    P1,B-ALL,28,CR with incomplete count recovery
    P1,B-ALL,90,MRD-negative CR
    P2,B-ALL,28,"CRi, MRD-"
    P3,B-ALL,28,"CR, MRD positive"
    P4,B-ALL,28,MLFS
    P5,B-ALL,28,Refractory
    P6,B-ALL,28,PR
"""


def test_leukaemia_to_its_rates():
    opened = cohort(table(LEUKAEMIC))
    assert scale_of(opened) is LEUKAEMIA
    result = best_response(selected(opened), everybody(opened))
    counts = {(row.outcome, row.denominator): (row.total.n, row.total.of) for row in result.rates}
    overall, with_h, complete = (outcome.name for outcome in LEUKAEMIA.outcomes)
    assert [counts[name, INFUSED] for name in (overall, with_h, complete)] == [(3, 6), (2, 6), (2, 6)]
    assert [counts[MRD, each] for each in (INFUSED, MRD_ASSESSED, MRD_IN_CR)] == [(2, 6), (2, 3), (2, 3)]


def test_a_diagnosis_is_believed_and_can_be_changed():
    draft = table(LEUKAEMIC)
    assert "disease" not in open_ids(draft) and draft.mapping.study["disease"] == "acute lymphoblastic leukaemia"
    assert draft.answered("disease", "IMWG").mapping.study["disease"] == IMWG.diseases[0]


@pytest.mark.parametrize(
    ("diagnosis", "words", "disease"),
    [
        ("DLBCL", "CMR", "lymphoma"),
        ("FL", "CR", "lymphoma"),
        ("CLL", "CR", "chronic lymphocytic leukaemia"),
        ("Multiples Myelom", "CR", "multiple myeloma"),
        ("osteosarcoma", "CR", "solid tumour"),
        ("急性淋巴细胞白血病", "CR", "acute lymphoblastic leukaemia"),
        ("R/R MM", "VGPR", "multiple myeloma"),
    ],
)
def test_the_disease_by_its_diagnosis(diagnosis, words, disease):
    draft = table(f"ID,Diagnosis,Day,Response\nP1,{diagnosis},28,{words}\nP1,{diagnosis},90,PR\nP2,{diagnosis},28,PD")
    assert draft.mapping.study["disease"] == disease and "disease" not in open_ids(draft)


PLAIN = "ID,{}Day,Response\nP1,{}28,CR\nP1,{}90,PR\nP2,{}28,PR\nP2,{}90,PD"


def test_a_disease_of_which_nothing_speaks_can_be_said_and_is_not_asked():
    draft = table(PLAIN.format(*[""] * 5))
    assert "disease" not in open_ids(draft) and question(draft, "disease").chosen == "as written"
    assert "disease" not in draft.mapping.study
    assert "disease" not in open_ids(draft.answered("disease", "ELN/NCCN"))
    assert scale_of(cohort(draft.answered("disease", "ELN/NCCN"))) is LEUKAEMIA


def test_two_diseases_whose_criteria_count_otherwise_are_asked_before_opening():
    draft = table("ID,Diagnosis,Day,Response\nP1,DLBCL,28,CR\nP1,DLBCL,90,PR\nP2,AML,28,PR\nP2,AML,90,PD")
    assert question(draft, "disease").is_blocking and "Lymphoma" in question(draft, "disease").why


def test_headings_propose_a_disease():
    draft = table(PLAIN.format("Ann Arbor,", "II,", "II,", "IV,", "IV,"))
    assert question(draft, "disease").chosen == "Lugano" and draft.mapping.study["disease"] == "lymphoma"


def test_headings_of_a_leukaemia_ask_where_another_disease_would_count_otherwise():
    draft = table(PLAIN.format("BM blasts,", "30,", "2,", "40,", "50,"))
    assert question(draft, "disease").is_open and question(draft, "disease").chosen == "ELN/NCCN"


def test_a_study_sheet_that_says_it_is_not_asked():
    rows = {"Study": "setting,value\ndisease,lymphoma", "Visits": PLAIN.format(*[""] * 5)}
    assert "disease" not in open_ids(sheets(rows))


def test_an_unread_response_names_the_criteria_in_use():
    assert '"great" is not a response of ELN/NCCN. Write one of CR, CRh, CRi, MLFS' in said(
        table(LEUKAEMIC + "P7,B-ALL,28,great")
    )


def test_a_response_of_other_criteria_is_kept_and_said():
    draft = table("ID,Diagnosis,Day,Response\nP1,DLBCL,28,VGPR\nP1,DLBCL,90,CR\nP2,DLBCL,28,PD")
    assert "VGPR is no response of Lugano" in said(draft)


@pytest.mark.parametrize(
    ("heading", "negative"), [("MRD negative", ["negative", "positive"]), ("MRD positive", ["positive", "negative"])]
)
def test_yes_and_no_under_mrd_as_the_heading_says(heading, negative):
    draft = table(f"ID,Day,Response,{heading}\nP1,28,CR,yes\nP1,90,CR,no\nP2,28,PD,")
    assert cohort(draft).responses["mrd"].tolist()[:2] == negative


def test_yes_and_no_under_mrd_alone_are_asked():
    rows = "ID,Day,Response,MRD\nP1,28,CR,yes\nP1,90,CR,no\nP2,28,PD,"
    assert question(table(rows), "levels:s:MRD").is_blocking
    assert cohort(table(rows, {"levels:s:MRD": "positive"})).responses["mrd"].tolist()[:2] == ["positive", "negative"]


def test_mrd_that_says_neither_is_told_and_what_contradicts_too():
    draft = table('ID,Day,Response,MRD\nP1,28,CR,Neg.\nP1,90,"CR, MRD-",positive\nP2,28,CR,0.02%\nP2,90,CR,<10^-5')
    assert cohort(draft).responses["mrd"].tolist() == ["negative", "positive", "0.02%", "negative"]
    assert '"0.02%" does not say whether MRD is negative or positive' in said(draft) and "the latter counts" in said(
        draft
    )


def test_mrd_in_the_response_of_the_template_counts():
    rows = {
        "Patients": "patient_id,arm\nP1,A\nP2,B",
        "Responses": "patient_id,day,response\nP1,28,MRD-negative CR\nP2,28,PR",
    }
    draft = sheets(rows)
    assert draft.suggestion.is_template and cohort(draft).responses["mrd"].tolist() == ["negative", None]


def outcomes(heading, words):
    """Patients with survival and a column of these words."""
    rows = "\n".join(f"P{n},{3 + n},{n % 2},{word}" for n, word in enumerate(words))
    return table(f"ID,OS months,Dead,{heading}\n{rows}")


def assessed(draft):
    frame = cohort(draft).responses.sort_values(["patient_id", "day"])
    return list(zip(frame["patient_id"], frame["day"].fillna(-1).round(), frame["response"], strict=True))


TIMED = ("PD at M3", "CR (M1)", "PR (M1) → CR (M3)", "SD @ D28", "PR")


def test_responses_beside_their_times_are_assessments_or_the_best():
    draft = outcomes("Response", TIMED)
    asked = question(draft, "steps:s:Response")
    assert asked.is_open and asked.chosen == "days"
    days = [("P0", 91, "PD"), ("P1", 30, "CR"), ("P2", 30, "PR"), ("P2", 91, "CR"), ("P3", 28, "SD"), ("P4", -1, "PR")]
    assert assessed(draft) == days
    best = draft.answered(asked.id, "best")
    assert [each[2] for each in assessed(best)] == ["PD", "CR", "CR", "SD", "PR"]
    assert cohort(draft.answered(asked.id, "no")).responses.empty


def test_responses_one_after_the_other_are_the_best_where_the_heading_says_so():
    draft = outcomes("Best response", ("PR→CR", "SD -> PR", "CR", "PR => PD"))
    assert not question(draft, "steps:s:Best response").is_open
    assert [each[2] for each in assessed(draft)] == ["CR", "PR", "CR", "PR"]
    assert cohort(draft).patients["best_response"].tolist() == ["CR", "PR", "CR", "PR"]
    unsaid = outcomes("Response", ("PR→CR", "SD -> PR", "CR", "PR => PD"))
    assert question(unsaid, "steps:s:Response").is_open and cohort(unsaid).responses.empty


def test_a_change_at_a_visit_is_what_it_had_become():
    rows = "\n".join(
        f"P{n},{day},{word}" for n in range(3) for day, word in ((28, "PR"), (90, "PR→PD"), (180, "PD (M6)"))
    )
    draft = table(f"ID,Day,Response\n{rows}")
    assert [each[2] for each in assessed(draft)] == ["PR", "PD", "PD"] * 3
