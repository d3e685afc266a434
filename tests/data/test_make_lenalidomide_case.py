"""Both workbooks are what their script makes now; one says that it is synthetic, and every printed number stands in
both."""

import make_lenalidomide_case
import pytest
from patient.cases import NAMES, case
from workbook import write_workbook
from workbooks import DATA, of

from data.cells import cells_of

NOTHING = (None,)


@pytest.fixture(scope="module")
def made():
    kept = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make_lenalidomide_case, "write_workbook", lambda *arguments: kept.append(arguments))
        make_lenalidomide_case.main()
    return dict(kept)


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_in_the_folder_is_what_the_script_makes_now(made, name, tmp_path):
    path = DATA / f"{name}.xlsx"
    write_workbook(tmp_path / path.name, made[path])
    assert cells_of(path) == cells_of(tmp_path / path.name), "run: python data/make_lenalidomide_case.py"


def test_only_the_workbook_with_invented_points_is_called_synthetic():
    printed, synthetic = map(case, NAMES)
    assert not printed.study.synthetic and printed.study.note.startswith("published case, printed values only")
    assert synthetic.study.synthetic and synthetic.study.note.startswith("synthetic, invented points")
    assert set(printed.labs["origin (extra)"]) == {"printed"} and set(printed.kinetics["origin (extra)"]) == {
        "printed",
        "derived",
    }
    assert (synthetic.kinetics["origin (extra)"] == "derived").sum() == 2


@pytest.mark.parametrize("name", NAMES)
def test_three_infusions_with_their_days_and_doses(name):
    rows = case(name).infusions[["infusion", "day", "dose"]].fillna(-1)
    assert rows.values.tolist() == [[1, 0, -1], [2, 279, 12], [3, 458, 10]]  # 24 Dec 2018, 29 Sep 2019, 26 Mar 2020


LABS = [  # test, infusion, day in the first workbook (nan = not printed), value or (limit below which it lies)
    ("Temperature", 2, NOTHING, 38.5),
    ("Temperature", 3, NOTHING, 39.5),
    ("IL-6", 3, 4, 119.8),
    ("ANC", 3, 9, (0.2,)),
    ("Platelets", 3, 9, (20,)),
    ("M-protein", 1, -1180, 0.75),
    ("Lambda light chain", 1, -1180, 28.7),
    ("Plasma cells, marrow (flow)", 3, 14, 0.08),
    ("Plasma cells, marrow (flow)", 3, 274, 4.5),
    ("Plasma cells, marrow (morphology)", 2, 28, 26),
    ("Plasma cells, blood", 3, -71, 18),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("test", "infusion", "day", "value"), LABS)
def test_published_laboratory_values(name, test, infusion, day, value):
    rows = case(name).labs
    rows = rows[(rows["test"] == test) & (rows["infusion"] == infusion) & (rows["origin (extra)"] == "printed")]
    rows = rows if day is NOTHING else rows[rows["day"] == day]
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["limit"], row["below"]) == (value[0], True) if isinstance(value, tuple) else row["value"] == value
    if name == NAMES[0] and day is NOTHING:
        assert row["day"] != row["day"], "its day is not printed"


@pytest.mark.parametrize("name", NAMES)
def test_responses_m_protein_and_nothing_above_a_printed_peak(name):
    opened = case(name)
    responses = opened.responses[["infusion", "day", "response", "mrd"]].astype(object)
    assert responses.values.tolist() == [[2, 28, "MR", None], [3, 14, "VGPR", "negative"]]
    negative = opened.labs.query("test == 'M-protein' and infusion == 3 and day >= 14 and day <= 152")
    assert len(negative) and negative["below"].all()
    temperature = opened.labs.query("test == 'Temperature'").groupby("infusion")["value"].max()
    assert temperature.to_dict() == {2: 38.5, 3: 39.5}


@pytest.mark.parametrize("name", NAMES)
def test_the_contradictions_of_the_article_are_warnings_and_there_is_no_error(name):
    opened = case(name)
    assert of(opened, "error") == []
    problems = [finding.problem for finding in of(opened, "warning") if "has no day" not in finding.problem]
    assert len(problems) == 3
    assert "MRD is negative, but the response is VGPR" in problems[0]
    assert problems[1].startswith("Neutropenia is written as grade 3, but ANC <0.2 10^9/L on day 9 is CTCAE v5 grade 4")
    assert problems[2].startswith("Thrombocytopenia is written as grade 3, but Platelets") and problems[2].endswith(
        "grade 4."
    )
