"""What is said: of what the p-values speak, stars beside numbers, no word that judges."""

import pytest

from assay.made import doses, series, series_of
from lib.assay.result import all_tests, assay
from lib.assay.words import alt_text, caption, every_test, headline, mean_and_sd, notes, stars, title, with_stars


@pytest.mark.parametrize(
    "p, signs", [(0.05, ""), (0.0499, "*"), (0.01, "*"), (0.0099, "**"), (0.001, "**"), (0.0009, "***"), (None, "")]
)
def test_stars(p, signs):
    assert stars(p) == signs
    assert with_stars(p).startswith("–" if p is None else f"{p:.4f}")


def test_the_finding_names_means_and_control_and_no_p():
    finding, warning = headline(assay(series()["killing"]))
    assert (
        finding
        == "Killing, % with Pomalidomide at 3 hours: lowest and highest mean 45.2 at 5 µg/mL and 50.1 at 1 µg/mL; control (0 µg/mL) 40.5."
    )
    assert (
        warning
        == "3 replicates of one experiment: the p-values describe the repeatability of this assay, not of patients."
    )


def test_notes_and_captions_say_what_was_done():
    result = assay(series()["survival_live_cells"])
    assert "Dunnett's two-sided test against the control (0 µg/mL)" in caption(
        result, True
    ) and "at each time separately" in caption(result, True)
    assert any("not of patients" in note for note in notes(result)) and any(
        "4 families" in note for note in notes(result)
    )
    assert "over time" in alt_text(result, True) and title(assay(series()["killing"])) == "Killing"
    said = " ".join((caption(result, True), *notes(result), *headline(result), alt_text(result, False))).casefold()
    assert "significant" not in said


def test_small_assays_have_words_too():
    no_control = assay(series_of(*doses({1: (1, 2), 2: (3,)})))
    assert "No control is named" in caption(no_control, False)
    assert headline(no_control)[1].startswith("1 to 2 replicates of one experiment")
    assert [mean_and_sd(cell) for cell in no_control.cells] == ["1.5 ± 0.707", "3"]
    assert headline(assay(series_of(*doses({0: (1, 2)}))))[0] == "lysis: mean 1.5 at drug."


def test_every_test_is_told_with_its_name():
    result = assay(series()["killing"])
    lines = every_test(result, all_tests(result))
    names = {line.name for line in lines}
    assert names == {
        "Dunnett's test", "one-way ANOVA", "Kruskal-Wallis test (exact)", "Student's t test", "Tukey's test (all pairs)", "Dunn's test (Holm)",
        "Conover-Iman test (Holm)",
    }  # fmt: skip
    assert len(lines) == 3 + 2 + 3 + 6 * 3 and all(line.n for line in lines)
