"""The Kaplan-Meier figure: its tables, and what it says: the bias aloud, "descriptive" below 30, no p-value in a biased
headline."""

import json

import numpy as np
import pytest
import vl_convert
from golden.cohorts import STUDY, arms, by, cohort, example, follow_up, nobody, selected, synthetic

from lib.cohort.grouping import GROUPED_LATE
from lib.export.figure_file import drawn_only
from lib.publication.exhibit import standalone
from lib.stats.kaplan_meier import FEWEST_AT_RISK
from lib.survival.curves import CurveOptions, survival
from lib.survival.kaplan_meier import Look, alt_text, caption, headline, method, notes, share_title, survival_figure
from lib.survival.outcome import time_to_event
from lib.survival.summary import curve_tests, summary_table
from survival.made import late, result


def figure(made, endpoint="os", grouping="arm", *filters, **look):
    part = selected(made, *filters)
    return survival_figure(survival(time_to_event(part, endpoint, by(made, grouping), "months"), part), Look(**look))


def boxed(figure):
    return " ".join(figure.tables["box"]["text"]).split("\n")


def rows(table, *columns):
    return [tuple(row) for row in table[list(columns)].itertuples(index=False)]


def test_the_examples_curve_is_drawn_step_by_step():
    curve = figure(example(), "os").tables["curve"]
    control = curve[curve["group"] == "Control"]
    assert control["time"].tolist() == [0, 1.2, 4.0, 6.8, 9.4, 12.0, 15.2, 15.6, 16.0]
    assert control["survival"].tolist() == pytest.approx([1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0])
    assert control["n_at_risk"].tolist() == [8, 8, 7, 6, 5, 4, 3, 2, 1]


def test_censor_ticks_are_the_censored_times():
    ticks = figure(example(), "os").tables["censored"]
    assert rows(ticks, "group", "time") == [("Pomalidomide", time) for time in (1.5, 1.9, 15.0, 22.0, 27.0, 31.0)]


def test_medians_that_exist_are_drawn():
    assert rows(figure(example(), "os").tables["median"], "slot", "time", "left") == [(0, 10.7, 0.5)]
    assert rows(figure(example(), "ttp").tables["median"], "slot", "time") == [(0, 5.85), (1, 13.0)]


def test_counts_under_the_axis_stand_in_their_rows():
    tables = figure(example(), "os").tables
    counts = tables["counts"]
    assert rows(counts[counts["time"] == 6], "slot", "block", "text") == [(0, 0, "6 (0)"), (1, 0, "6 (2)")]
    more = figure(example(), "os", events=True).tables["counts"]
    assert rows(more[more["time"] == 6], "slot", "block", "text")[2:] == [(0, 1, "2"), (1, 1, "0")]
    assert tables["group"]["label"].tolist() == ["Control (8)", "Pomalidomide (8)"]
    assert set(counts["time"]) == set(tables["tick"]["time"])


def test_a_filtered_group_keeps_its_entry_with_how_many_are_left():
    labels = [label for label in figure(example(), "os", "arm", "emd=yes").tables["group"]["label"] if label]
    assert labels == ["Control (2 of 8)", "Pomalidomide (5 of 8)"]
    labels = [label for label in figure(example(), "os", "arm", "arm=Pomalidomide").tables["group"]["label"] if label]
    assert labels == ["Control (0 of 8)", "Pomalidomide (8)"]


@pytest.mark.parametrize("made", [example(), synthetic()])
def test_the_band_contains_the_curve_and_ends_where_its_limits_end(made):
    for endpoint in made.endpoint_names:
        tables = figure(made, endpoint, limits=True).tables
        band, curve = tables["band"], tables["curve"]
        assert band[["low", "high"]].notna().all().all()
        known = curve.dropna(subset=["low"])
        assert np.all((known["low"] <= known["survival"]) & (known["survival"] <= known["high"]))
        assert set(rows(known, "group", "time")) <= set(rows(band, "group", "time"))


def test_the_figure_itself_has_the_comparison_or_says_what_is_biased():
    assert figure(example(), "os").tables["heading"]["text"].tolist() == ["Overall survival"]
    assert boxed(figure(example(), "os")) == ["Immortal-time bias: groups are not compared here"]
    ratio, groups, test = boxed(figure(example(), "os", "emd"))
    assert ratio.startswith("HR ") and "95 % CI" in ratio and groups == "EMD yes v EMD no"
    assert test.startswith("Permutation log-rank p = 0.")
    assert figure(example(), "os", "-").tables["box"].empty
    assert boxed(figure(example(), "os", "emd", "emd=yes"))[0].startswith("Not compared: ")


def test_nobody_and_a_group_alone():
    part = nobody(example())
    empty = survival_figure(survival(time_to_event(part, "os", by(example()), "months"), part))
    assert len(empty.tables["curve"]) == len(empty.data) == 0 and empty.n == 0
    assert list(empty.tables["curve"].columns) == list(figure(example()).tables["curve"].columns)
    assert empty.title == "Overall survival by Arm"
    assert figure(example(), "os", "-").title == "Overall survival"


def test_the_band_can_be_left_out_of_the_drawing():
    with_band, without = figure(example(), limits=True), figure(example())
    assert with_band.chart == without.chart and with_band.tables["curve"].equals(without.tables["curve"])
    assert without.tables["band"].empty and len(with_band.tables["band"])


@pytest.mark.parametrize("made", [example(), synthetic()])
def test_every_step_is_drawn_once_and_paler_where_few_are_at_risk(made):
    for endpoint in made.endpoint_names:
        tables = figure(made, endpoint).tables
        line, curve = tables["line"], tables["curve"]
        for slot, rows_of in curve.groupby("slot"):
            mine = line[line["slot"] == slot]
            steps = [
                (first, second)
                for _, stretch in mine.groupby("stretch")
                for first, second in zip(stretch["time"], stretch["time"][1:], strict=False)
            ]
            assert steps == list(zip(rows_of["time"], rows_of["time"][1:], strict=False))
        at_end = dict(zip(zip(curve["slot"], curve["time"], strict=True), curve["n_at_risk"], strict=True))
        for _, stretch in line.groupby("stretch"):
            thin = {at_end[slot, time] < FEWEST_AT_RISK for slot, time in rows(stretch[1:], "slot", "time")}
            assert thin <= {bool(stretch["thin"].iloc[0])}


def test_the_paler_tail_is_drawn_in_files_as_on_the_screen():
    made = figure(example(), "ttp", limits=True)
    kept = json.dumps(drawn_only(made.chart))
    assert kept.count("datum.thin ? 0.38 : 1") == 1 and kept.count("datum.thin ? 0.05 : 0.13") == 1
    drawn = vl_convert.vegalite_to_svg({**drawn_only(made.chart), "datasets": standalone(made)["datasets"]})
    assert drawn.count('opacity="0.38"') == 2 and 'fill-opacity="0.05"' in drawn


def test_another_quantile_is_marked_where_the_curve_reaches_it():
    part = selected(example())
    outcome = time_to_event(part, "ttp", by(example()), "months")
    made = survival_figure(survival(outcome, part, CurveOptions("log", 0.25)))
    assert set(made.tables["median"]["left"]) == {0.75}
    assert "time by which 25 % had the event" in made.caption
    assert made.chart == figure(example(), "ttp").chart


def many(n: int, known_at: str | None = "before"):
    """n patients in two groups; those of B live longer."""
    patients = [{"patient_id": f"p{number}", "arm": "AB"[number % 2]} for number in range(n)]
    times = {f"p{number}": (number % 7 + 1 + 3 * (number % 2), 1) for number in range(n)}
    study = [row for row in STUDY if row[0] != "known_at"] + ([("known_at", "arm", known_at)] if known_at else [])
    return cohort(patients, study, endpoints=follow_up("os", **times))


def test_groups_formed_after_infusion_are_called_biased_and_carry_no_p_value():
    sentence, warning = headline(result(example()))
    assert warning == GROUPED_LATE
    assert sentence == "Median overall survival: Control (8) 10.7 months, Pomalidomide (8) not reached."
    assert "became known by day 61" in method(result(example())) and "(immortal time)" in method(result(example()))


def test_small_comparisons_are_called_descriptive():
    sentence, warning = headline(result(example(), "os", "emd"))
    assert sentence.endswith("Descriptive: 16 patients.") and "p =" not in sentence and not warning
    assert "Small sample: descriptive only." in notes(result(example(), "os", "emd"))


def test_thirty_patients_grouped_before_infusion_have_a_p_value():
    sentence, warning = headline(result(many(30)))
    assert ", log-rank p " in sentence and not warning
    assert "log-rank p " not in headline(result(many(29)))[0]
    assert GROUPED_LATE in headline(result(many(40, "30")))


def test_a_grouping_of_unknown_time_says_so():
    assert boxed(survival_figure(result(many(40, None))))[-1] == "Time of grouping not stated"
    assert not any("Time of grouping" in line for line in boxed(survival_figure(result(many(40)))))


def test_nobody_and_one_group():
    found = survival(time_to_event(nobody(example()), "os", by(example()), "months"), nobody(example()))
    assert headline(found) == ("Nobody in this selection can be analysed for overall survival.", "")
    assert "n = 0, 0 events" in caption(found) and "Control: no patients" in alt_text(found)
    alone = result(example(), "os", "-")
    assert headline(alone)[0].startswith("Median overall survival: (16 patients) 15.4 months.")
    assert curve_tests(alone) == () and not any("biased" in note for note in notes(alone))


def test_the_caption_counts_whoever_is_left_out():
    made = cohort(
        arms(A=["a1", "a2"]),
        endpoints=[*follow_up("os", a1=(5, 1), a2=(9, 0)), *follow_up("ttp", a1=(8, 1), a2=(4, 1))],
    )
    assert "1 of 2 not evaluable: progression after death." in notes(result(made, "ttp"))
    assert "Median follow-up 9.0 months (reverse Kaplan-Meier on overall survival), 95 % CI " in method(
        result(made, "ttp")
    )


def test_notes_tell_of_deaths_censored_flat_curves_and_missing_ratios():
    made = cohort(
        arms(A=["a1", "a2"], B=["b1", "b2"]),
        endpoints=[
            *follow_up("os", a1=(5, 1), a2=(9, 0), b1=(6, 0), b2=(7, 0)),
            *follow_up("ttp", a1=(5, 0), a2=(4, 1), b1=(6, 0), b2=(7, 0)),
        ],
    )
    said = notes(result(made, "ttp"))
    assert any(note.startswith("1 death without progression censored at death, ") for note in said)
    assert any(note.startswith("A: the curve ends at exactly 50%") for note in said)
    assert "Hazard ratio of B not estimable: B is described, not compared: fewer than 3 patients." in said


def test_a_penalised_hazard_ratio_says_so():
    times = {f"{arm}{place}": (place, arm == "a") for arm in "ab" for place in range(1, 7)}
    made = cohort(
        arms(A=[f"a{place}" for place in range(1, 7)], B=[f"b{place}" for place in range(1, 7)]),
        endpoints=follow_up("os", **{name: (time, int(event)) for name, (time, event) in times.items()}),
    )
    assert "Hazard ratio of B: Firth's penalised likelihood, profile limits." in method(result(made))


def test_the_scale_of_the_limits_is_named_and_a_missing_band_is_not_claimed():
    found = result(example(), options=CurveOptions("plain"))
    assert "limits (plain;" in method(found, Look(limits=True)) and "limits (plain" not in method(found)
    assert ", 95 % CI" in caption(found, Look(limits=True)) and "CI" not in caption(found)
    assert "Brookmeyer-Crowley limits (plain)" in summary_table(found).method


def test_the_paler_tail_is_told_with_its_beginning():
    assert "Faded: <3 at risk (Control from 10.1 months, Pomalidomide from 15.0 months)." in method(
        result(example(), "ttp")
    )
    nobody_left = result(example(), "ttp", "arm", "arm=Control", "emd=yes", "sex=M", "age_years=44..45")
    assert "Faded" not in method(nobody_left)


def test_late_entry_is_told_with_who_is_not_yet_entered():
    found = result(late(("A", 0, 5, 1), ("A", 2, 8, 1), ("B", 3, 6, 1), ("B", 0, 9, 0)))
    (reported,) = [note for note in notes(found) if "not yet entered" in note]
    assert (
        reported == "2 patients enter observation after time 0 and are at risk from then on; "
        "under the axis not yet entered: A 1 at 0; A 1 at 2; B 1 at 0; B 1 at 2."
    )
    assert not any("not yet entered" in note for note in notes(result(example())))


def test_a_group_that_is_thin_from_the_start_is_so_throughout():
    made = result(example(), "ttp", "arm", "emd=yes")
    assert "Control throughout, Pomalidomide from 11.0 months" in method(made)


def test_the_axis_is_named_after_what_has_not_happened_yet():
    assert share_title("Overall survival") == "Overall survival"
    assert share_title("Time to progression") == "Progression-free"
    assert share_title("Duration of response") == "Still in response"
    assert '"Months since infusion"' in json.dumps(figure(example()).chart)
