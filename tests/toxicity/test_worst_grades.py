"""The tables that the adverse event figure carries; its chart depends on the number of terms and the groups, and on
nothing else."""

import json

import pandas as pd
import pytest
from golden.cohorts import arms, by, cohort, example, nobody, selected, synthetic

from lib.publication.palette import GRADE_COLOURS, GROUP_COLOURS
from lib.publication.text_width import NORMAL, text_width
from lib.toxicity.grade_bars import Space, grades_of
from lib.toxicity.incidence import incidence
from lib.toxicity.worst_grades import toxicity_chart, toxicity_figure
from toxicity.made import many_terms


def figure(made, grouping="arm", *filters):
    return toxicity_figure(incidence(selected(made, *filters), by(made, grouping)))


def test_the_examples_crs_bars():
    bars = figure(example()).tables["bar"]
    crs = bars[(bars["term"] == "CRS") & (bars["group"] == "Control")]
    assert list(zip(crs["grade"], crs["n"], crs["start"], crs["end"], strict=True)) == [
        ("Grade 1", 2, 0.0, 25.0),
        ("Grade 2", 2, 25.0, 50.0),
        ("Grade 3", 3, 50.0, 87.5),
        ("Grade 4", 1, 87.5, 100.0),
    ]


@pytest.mark.parametrize("made", [example(), synthetic()])
@pytest.mark.parametrize("filters", [(), ("emd=yes",), ("arm=Pomalidomide",)])
@pytest.mark.parametrize("grouping", ["arm", "-", "age_years"])
def test_bars_follow_one_another_and_end_at_the_count(made, filters, grouping):
    tables = figure(made, grouping, *filters).tables
    for _, bars in tables["bar"].groupby(["term", "slot"]):
        assert bars["start"].iloc[0] == 0
        assert bars["start"].iloc[1:].tolist() == pytest.approx(bars["end"].iloc[:-1].tolist())
        assert bars["end"].iloc[-1] <= 100 + 1e-9
        assert bars["n"].sum() <= bars["of"].iloc[0]
        middle = (bars["top"].iloc[0] + bars["bottom"].iloc[0]) / 2
        beside = tables["number"][(tables["number"]["middle"] - middle).abs() < 1e-6]["text"].tolist()
        severe = bars[bars["grade"].isin(["Grade 3", "Grade 4", "Grade 5"])]["n"].sum()
        unknown = set(bars["grade"]) == {"Grade not stated"}
        assert beside == [str(bars["n"].sum()), "–" if unknown else str(severe)]


def test_rows_of_different_groups_and_terms_do_not_overlap():
    rows = figure(synthetic()).tables["bar"][["top", "bottom"]].drop_duplicates().sort_values("top")
    assert (rows["top"].iloc[1:].to_numpy() >= rows["bottom"].iloc[:-1].to_numpy()).all()


def test_every_term_and_group_keeps_its_row_whatever_is_selected():
    everybody, part = figure(example()), figure(example(), "arm", "arm=Control")
    assert everybody.chart == part.chart and everybody.tables["term"].equals(part.tables["term"])
    places = ["pixels", "middle"]
    assert everybody.tables["number"][places].equals(part.tables["number"][places])
    assert part.tables["key"]["label"].tolist()[:2] == ["Control (n = 8)", "Pomalidomide (n = 0)"]


def test_the_key_holds_the_grades_of_the_opened_cohort_and_no_other():
    assert grades_of(pd.Series([1.0, 4.0, 0.0, float("nan")])) == ("Grade not stated", "Grade 1", "Grade 4")
    assert grades_of(example().adverse_events["grade"]) == (
        "Grade not stated",
        "Grade 1",
        "Grade 2",
        "Grade 3",
        "Grade 4",
    )
    key = toxicity_figure(incidence(selected(example()), by(example())), grades=("Grade 1", "Grade 3")).tables["key"]
    assert key["label"].tolist()[2:] == ["Worst grade", "1", "3"]


def test_a_name_that_is_wider_than_the_figure_is_broken_and_keeps_its_lines():
    long = "Lenalidomide maintenance after infusion with dexamethasone and more of it"
    made = cohort(arms(**{long: [f"a{n}" for n in range(12)], "B": ["b1"]}))
    keys = [
        toxicity_figure(incidence(selected(made, *filters), by(made)), width=380).tables["key"]
        for filters in ((), ("arm=B",))
    ]
    assert [len(key) for key in keys] == [len(keys[0])] * 2 and keys[0]["line"].equals(keys[1]["line"])
    assert " ".join(keys[0]["label"][1:3]) == f"{long} (n = 12)" and (keys[0]["paint"] != "transparent").sum() >= 2


def test_keys_and_names_stay_within_one_column():
    for width in (380, 760):
        made = toxicity_figure(incidence(selected(synthetic()), by(synthetic())), width=width)
        ends = made.tables["key"]["word_x"] + made.tables["key"]["label"].map(lambda word: text_width(word, NORMAL))
        assert made.chart["width"] == width and ends.max() <= width


def test_grade_not_stated_is_drawn_as_such():
    bars = figure(example()).tables["bar"]
    assert set(bars.loc[bars["term"] == "Unnamed term 11", "grade"]) == {"Grade not stated"}


def test_nobody_no_events_and_one_group():
    empty = toxicity_figure(incidence(nobody(example()), by(example())))
    assert len(empty.tables["bar"]) == 0 and len(empty.tables["number"]) == 52
    none = figure(cohort(arms(A=["a1"])))
    assert len(none.tables["number"]) == len(none.tables["term"]) == 0
    alone = figure(example(), "-")
    assert alone.tables["key"]["label"].iloc[0] == "Worst grade" and alone.title == "Adverse events by worst grade"


def test_numbers_are_what_is_drawn():
    made = figure(example())
    assert len(made.numbers.rows) == len(made.tables["bar"])
    assert ("CRS", "Control", "Grade 4", 1, 8) in made.numbers.rows


def test_more_terms_than_room_are_counted_in_a_note():
    made = many_terms()
    drawn = toxicity_figure(incidence(selected(made), by(made)))
    assert len(drawn.tables["term"]) == 22 and drawn.notes[0].startswith("48 further terms not drawn")
    assert drawn.tables["term"]["term"].tolist() == list(made.vocabulary["term"][:22])


def test_its_height_follows_terms_and_groups():
    room = Space(760, 100)
    height = {
        (terms, groups): toxicity_chart(terms, GROUP_COLOURS[:groups], room, 1)["height"]
        for terms in (1, 10)
        for groups in (1, 3)
    }
    assert height[1, 1] < height[1, 3] < height[10, 3] and height[10, 1] < height[10, 3]


def test_grades_have_their_colours():
    text = json.dumps(toxicity_chart(3, GROUP_COLOURS[:2], Space(760, 100), 2))
    assert all(colour in text for colour in GRADE_COLOURS.values())
