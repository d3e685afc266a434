"""Which criteria a cohort's responses are judged by, and what follows from them."""

import pytest
from workbooks import read

from lib.cohort.response_scale import (
    DISEASES,
    IMWG,
    IWCLL,
    LEUKAEMIA,
    LUGANO,
    RECIST,
    SCALES,
    UNKNOWN,
    scale_for,
    scale_of,
)
from lib.cohort.schema import RESPONSES
from lib.cohort.view import parse_course
from lib.derived.best_response import first_responses
from lib.derived.endpoint import competing_rows

PATIENTS = [["patient_id"], *[[f"P{n}"] for n in range(1, 7)]]


def cohort(responses, disease=""):
    study = {"Study": [["setting", "value"], ["disease", disease]]} if disease else {}
    rows = [["patient_id", "day", "response", "mrd"], *[[f"P{n}", 28, *each] for n, each in enumerate(responses, 1)]]
    return read({"Patients": PATIENTS, "Responses": rows, **study})


@pytest.mark.parametrize("scale", [*SCALES, UNKNOWN], ids=lambda scale: scale.name)
def test_every_scale_keeps_the_order_of_the_one_list(scale):
    assert [level for level in RESPONSES if level in scale.levels] == list(scale.levels)
    for levels in (scale.responding, scale.complete, *(outcome.levels for outcome in scale.outcomes)):
        assert levels == scale.levels[: len(levels)], "this or better"
    assert scale.headline in [outcome.name for outcome in scale.outcomes]
    assert scale.outcomes[-1].levels[0] == scale.levels[0]


@pytest.mark.parametrize(
    ("disease", "given", "scale"),
    [
        ("", ("sCR", "PR"), IMWG),
        ("", ("CR", "VGPR"), IMWG),
        ("", ("CR", "MLFS"), LEUKAEMIA),
        ("", ("CR", "nPR"), IWCLL),
        ("", ("CR", "PR", "SD", "PD"), UNKNOWN),
        ("", ("CR", "CRi"), UNKNOWN),
        ("", (), UNKNOWN),
        ("lymphoma", ("CR", "PR"), LUGANO),
        ("Acute Lymphoblastic Leukemia", ("CR",), LEUKAEMIA),
        ("solid tumor", (), RECIST),
        ("multiple myeloma", ("CR", "PR"), IMWG),
        ("IMWG", (), IMWG),
        ("a rare thing", ("CR", "VGPR"), IMWG),
    ],
)
def test_the_disease_decides_and_else_the_responses_tell(disease, given, scale):
    assert scale_for(disease, given) is scale


def test_leukaemia_counts_remissions_and_asks_nothing_of_mrd():
    opened = cohort(
        [("CR", "negative"), ("CRi", "negative"), ("MLFS", "negative"), ("NR", None), ("PD", None), ("CRh", None)]
    )
    assert scale_of(opened) is LEUKAEMIA and not opened.findings
    assert first_responses(opened).notna().sum() == 3, "CR, CRi, CRh"
    assert competing_rows(opened, "response").causes[0] == "Response (CRi or better)"
    assert parse_course("response >= CRi", opened).name == "CRi" and "MLFS" in parse_course("response >= VGPR", opened)


def test_myeloma_still_warns_of_mrd_negative_less_than_complete():
    assert any("MRD" in finding.problem for finding in cohort([("VGPR", "negative")]).findings)
    assert not cohort([("PR", "negative"), ("CR", "negative")], "lymphoma").findings


def test_a_disease_without_known_criteria_is_said():
    (finding,) = [each for each in cohort([("CR", None)], "gout").findings if each.severity == "error"]
    assert "gout" in finding.problem and DISEASES[1] in finding.fix
