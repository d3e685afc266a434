"""Participant flow: boxes add up, equal the n of every exhibit behind them, and are drawn without overlap at both
widths."""

from itertools import pairwise

import pytest
from drawn_texts import faults
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort, example, follow_up, selected, synthetic
from workbooks import DATA

from lib.baseline.flow import FLOW, flow_figure, laid_out
from lib.baseline.participants import participant_flow
from lib.cohort.analysis import Analysis
from lib.export.composition import PrintForm
from lib.export.figure_file import figure_file
from lib.export.provenance import Provenance
from lib.intake.draft import read_workbook
from lib.publication.exhibit import Numbers
from pages.frame.who import names_of_bars

OF_KINETICS = "kinetics.profile"


def analysis(opened, *where, grouping="arm", **how):
    return Analysis(opened, selected(opened, *where, **how), by(opened, grouping), opened.study.time_unit)


def complete():
    path = DATA / "complete_cohort.xlsx"
    return read_workbook(path.read_bytes(), path.name)


def gone(flow, step):
    return [(box.n, box.of, box.reason) for box in flow.chain if box.step == step and box.reason]


def n_of(flow, step, group=""):
    return next((box.n for box in flow.boxes if (box.step, box.group) == (step, group) and not box.reason), None)


def rows(numbers: Numbers):
    return [dict(zip([name for name, _ in numbers.columns], row, strict=True)) for row in numbers.rows]


CASES = {
    "example": lambda: analysis(example()),
    "example without groups": lambda: analysis(example(), grouping="-"),
    "example filtered": lambda: analysis(example(), "emd=yes"),
    "example by a column with gaps": lambda: analysis(synthetic(), grouping="high_risk_cytogenetics"),
    "sixty": lambda: analysis(synthetic()),
    "sixty filtered": lambda: analysis(synthetic(), "age_years=50..65", grouping="sex"),
    "complete": lambda: analysis(complete(), grouping="sex"),
}


def test_the_example_goes_from_17_to_16_as_in_the_paper():
    flow = participant_flow(analysis(example()))
    assert [(box.step, box.n) for box in flow.chain] == [("infused", 17), ("excluded", 1), ("analysis_set", 16)]
    assert gone(flow, "excluded") == [(1, 17, "death from septic shock in the acute phase")]
    assert n_of(flow, "group", "Control") == n_of(flow, "group", "Pomalidomide") == 8


def test_a_filter_has_a_box_with_whom_it_does_not_select():
    flow = participant_flow(analysis(example(), "emd=yes"))
    assert gone(flow, "not_selected") == [(9, 16, "Extramedullary disease: yes")] and n_of(flow, "selected") == 7
    assert n_of(flow, "group", "Control") + n_of(flow, "group", "Pomalidomide") == 7


def test_excluded_patients_who_are_included_are_in_no_box_of_excluded():
    flow = participant_flow(analysis(example(), include_excluded=True))
    assert gone(flow, "excluded") == [] and n_of(flow, "analysis_set") == 17
    assert "1 patient outside the analysis set included." in flow.notes


def test_apheresis_and_whoever_was_never_infused_are_boxes_where_the_workbook_knows_them():
    people = arms(A=["a1", "a2", "a3"], B=["b1"])
    people[0] |= {"analysis_set": "excluded", "exclusion_reason": "manufacturing failure"}
    people[1] |= {"analysis_set": "excluded"}
    apheresis = [
        {"patient_id": each, "kind": "other", "therapy": "leukapheresis", "start_day": -30}
        for each in ("a1", "a2", "a3", "b1")
    ]
    infusions = [{"patient_id": each, "infusion": 1, "day": 0} for each in ("a2", "a3")]
    flow = participant_flow(analysis(cohort(people, therapies=apheresis, infusions=infusions)))
    assert [(box.step, box.n, box.reason) for box in flow.chain] == [
        ("apheresis", 4, ""),
        ("not_infused", 1, "manufacturing failure"),
        ("infused", 3, ""),
        ("excluded", 1, "reason not stated"),
        ("analysis_set", 2, ""),
    ]
    assert "1 patient without a row in Infusions: taken to have been infused." in flow.notes
    assert flow.notes[-1] == "The workbook does not say who was screened: not drawn."


def test_without_infusions_the_first_box_is_the_workbook_and_a_note_says_so():
    flow = participant_flow(analysis(cohort(arms(A=["a1"], B=["b1", "b2"]))))
    assert [box.step for box in flow.chain] == ["workbook", "analysis_set"]
    assert "The workbook has no infusions: everybody in it is taken to have been infused." in flow.notes


def test_of_a_later_infusion_whoever_had_none_leaves():
    infusions = [
        {"patient_id": each, "infusion": n, "day": 100 * (n - 1)} for each, n in (("a1", 1), ("a1", 2), ("b1", 1))
    ]
    flow = participant_flow(analysis(cohort(arms(A=["a1"], B=["b1"]), infusions=infusions), infusion=2))
    assert gone(flow, "other_infusion") == [(1, 2, "not in Infusions")] and n_of(flow, "infusion") == 1 == flow.n


def test_whoever_has_no_endpoint_is_named_with_the_reason():
    people = arms(A=["a1", "a2"], B=["b1"])
    flow = participant_flow(analysis(cohort(people, endpoints=follow_up("os", a1=(3.0, 1), b1=(2.0, 0)))))
    assert [(box.n, box.of, box.reason) for box in flow.of_group("A")] == [
        (1, 2, "no overall survival recorded"),
        (1, 2, ""),
    ]


@pytest.mark.parametrize("case", CASES)
def test_boxes_add_up(case):
    flow = participant_flow(CASES[case]())
    going = [box for box in flow.chain if not box.reason]
    for before, after in pairwise(going):
        between = flow.chain[flow.chain.index(before) + 1 : flow.chain.index(after)]
        assert before.n - sum(box.n for box in between) == after.n
    lost = sum(box.n for box in flow.chain if box.step == "no_group")
    assert (
        going[-1].n
        == flow.n
        == lost + sum(n_of(flow, "group", name) if flow.grouping.compares else flow.n for name in flow.grouping.names)
    )
    for name in flow.grouping.names:
        size = n_of(flow, "group", name) if flow.grouping.compares else flow.n
        by_step = {}
        for box in flow.of_group(name):
            by_step.setdefault(box.step, []).append(box.n)
            assert box.of == size
        assert all(sum(counts) == size for counts in by_step.values())


@pytest.mark.parametrize("case", CASES)
def test_every_denominator_is_the_n_of_its_exhibits(case):
    made = CASES[case]()
    flow = participant_flow(made)
    total = {}
    for name in flow.grouping.names:
        for box in flow.of_group(name):
            if not box.reason:
                total[box.step] = total.get(box.step, 0) + box.n
    steps = [step for step in total if step not in ("response", "toxicity") and not step.startswith("kinetics")]
    wanted = {f"survival.{step}": total[step] for step in steps} | {
        step: n for step, n in total.items() if step.startswith("kinetics")
    }
    wanted |= {"toxicity.grades": total["toxicity"]}
    only = (*wanted, "response.best", "baseline.table_one")
    shown = {each.id: each for each in exhibits(made.selected, made.grouping, made.unit, made.opened, only)}
    assert {name: each.n for name, each in shown.items() if name in wanted} == wanted and len(wanted) >= 4
    assert shown["baseline.table_one"].n == flow.n
    evaluable = {
        row["of"]
        for row in rows(shown["response.best"].numbers)
        if row["denominator"] == "evaluable" and row["group"] in ("Total", "All patients")
    }
    assert evaluable == {total["response"]}


@pytest.mark.parametrize("width", [760, 380])
@pytest.mark.parametrize("case", [*CASES, "six groups"])
def test_words_neither_overlap_nor_leave_the_picture_or_their_box(case, width):
    made = CASES[case]() if case in CASES else analysis(synthetic(), grouping="age_years@50,55,60,65,70")
    figure = FLOW.make(made, None, {"width": width})
    form = PrintForm("85mm") if width == 380 else PrintForm()
    provenance = Provenance.of_cohort(made.selected, made.grouping)
    assert faults(figure_file(figure, provenance, "svg", form).decode()) == []
    assert "datasets" not in figure.chart and not figure.tables["number"].empty


def test_the_chart_is_the_same_whatever_is_selected():
    every, some = (flow_figure(participant_flow(analysis(example(), *where)), 760) for where in ((), ("emd=yes",)))
    assert every.chart == some.chart and len(some.tables["row"]) > len(every.tables["row"])


def test_a_long_reason_and_name_stay_inside_their_boxes():
    people = [
        {**each, "arm": f"an arm with a name of many words, {each['arm']}"}
        for each in arms(A=["a1"], B=["b1"], C=["c1"], D=["d1"])
    ]
    people.append(
        {
            "patient_id": "x",
            "arm": people[0]["arm"],
            "analysis_set": "excluded",
            "exclusion_reason": "because of " + "a long story " * 20,
        }
    )
    made = analysis(cohort(people))
    for width in (760, 380):
        drawn = laid_out(participant_flow(made), width)
        assert max(right for _, right, *_ in drawn.boxes) <= drawn.width
        figure = flow_figure(participant_flow(made), width)
        form = PrintForm("85mm") if width == 380 else PrintForm()
        assert (
            faults(figure_file(figure, Provenance.of_cohort(made.selected, made.grouping), "svg", form).decode()) == []
        )


@pytest.mark.parametrize("case", CASES)
def test_a_click_can_ask_for_every_box(case):
    made = FLOW.make(CASES[case]())
    names = list(names_of_bars(made))
    assert names == ["box", "group", "left_out_because"]
    assert {*made.tables["counted"][names].itertuples(index=False)} == {*made.data[names].itertuples(index=False)}
