"""Series of an assay: which there are, what is left out, times and donors."""

import pytest

from assay.made import cohort_of, doses, series, series_of
from lib.assay.series import assay_series


def test_the_synthetic_workbook_has_the_five_panels():
    assert {slug: each.label for slug, each in series().items()} == {
        "survival_live_cells": "Live cells, 10⁶/mL",
        "survival_live_cells_share": "Live cells (share), %",
        "apoptosis_annexin_v_positive": "Annexin V positive, %",
        "proliferation_cfse_mfi": "CFSE MFI, fold change",
        "killing": "Killing, %",
    }
    assert series()["survival_live_cells"].times == (1, 2, 3, 4)
    assert (
        "From optical densities" in series()["killing"].reported[0]
        and "Fold change" in series()["proliferation_cfse_mfi"].reported[0]
    )
    assert all(each.design.control == "0" for each in series().values())


def test_no_assays_are_no_series():
    assert assay_series(cohort_of(("e", "m", "c", 0, 1, 1, None), ("e", "m", "c", 0, 1, 1, 3)))[0].left_out == (
        "1 rows of the sheet without a value",
    )


def test_names_of_exhibits_are_different_and_plain():
    made = cohort_of(*doses({1: (1,)}, "µ-lysis %"), *doses({1: (1,)}, "µ lysis percent"), *doses({1: (1,)}, "中"))
    assert [each.slug for each in assay_series(made)] == [
        "killing_u_lysis_percent",
        "killing_u_lysis_percent_2",
        "killing_assay",
    ]


def test_what_has_no_place_is_left_out_and_told():
    found = series_of(*doses({0: (1,), 1: (2,), None: (3, 4)}, time=1), *doses({1: (5,)}))
    assert len(found.wells) == 2
    assert found.left_out == ("1 wells without a time", "2 wells without a concentration")


def test_donors_are_counted_and_times_are_told_in_words():
    header = ("experiment", "measure", "donor", "time", "time_unit", "value")
    found = series_of(*[("e", "m", name, 2, "days", place) for place, name in enumerate("ABAB")], header=header)
    assert (found.n_donors, found.when(2.0), found.when(None)) == (2, "2 days", "")
    assert series()["killing"].n_donors == 0


@pytest.mark.parametrize("slug", ["killing", "proliferation_cfse_mfi"])
def test_what_was_measured_is_kept_beside_what_was_computed(slug):
    assert not series()[slug].wells["measured"].equals(series()[slug].wells["value"])
