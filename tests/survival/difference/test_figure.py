"""What the figure of a difference carries and says."""

from golden.cohorts import example

from lib.survival.bias import ARM_BIAS
from lib.survival.difference.figure import difference_figure
from lib.survival.difference.result import difference
from survival.made import late, result


def figure(made, *wishes):
    return difference_figure(difference(result(made, *wishes)))


def test_curve_band_and_counts():
    made = figure(example(), "ttp")
    assert made.id == "survival.ttp.difference" and made.n == 16
    assert made.tables["band"][["low", "high"]].notna().all().all()
    assert made.data["difference"].between(-1, 1).all() and len(made.numbers.rows) == len(made.data)
    assert made.tables["group"]["label"].tolist()[::3] == ["Control (8)", "Pomalidomide (8)"]
    assert "pointwise 95 % limits" in made.caption and "Pomalidomide less that of Control" in made.caption


def test_the_bias_is_said_and_no_p_value_beside_it():
    made = figure(example(), "ttp")
    (heading,) = made.tables["heading"]["text"]
    assert ARM_BIAS in heading and " p " not in heading and any(ARM_BIAS in note for note in made.notes)
    (other,) = figure(example(), "os", "emd").tables["heading"]["text"]
    assert "Permutation log-rank p = " in other


def test_no_difference_has_a_reason():
    made = figure(example(), "os", "arm", "arm=Control")
    assert made.data.empty and "no patients in Pomalidomide" in made.caption
    assert made.tables["heading"]["text"][0] == "No curve: no patients in Pomalidomide."
    assert "not estimable" in made.alt
    assert made.chart == figure(example(), "os").chart


def test_late_entry_is_said():
    made = figure(late(("A", 0, 5, 1), ("A", 2, 8, 1), ("B", 3, 6, 1), ("B", 0, 9, 0)))
    assert any("not yet entered" in note for note in made.notes)
