"""CAR-HEMATOTOX: golden rows, every boundary, and what missing values leave open."""

import math

import pytest

from lib.derived.hematotox import ITEMS, MOST, hematotox

ALL = tuple(item.analyte for item in ITEMS)


def scored(*amounts):
    """Platelets 10^9/L, neutrophils per µL, haemoglobin g/dL, CRP mg/dL, ferritin ng/mL, as the paper gives them; None:
    missing."""
    platelets, neutrophils, haemoglobin, crp, ferritin = amounts
    converted = (
        platelets,
        None if neutrophils is None else neutrophils / 1000,
        None if haemoglobin is None else haemoglobin * 10,
        None if crp is None else crp * 10,
        ferritin,
    )
    return hematotox({name: (one, one) for name, one in zip(ALL, converted, strict=True) if one is not None})


@pytest.mark.parametrize(
    ("amounts", "score", "category"),
    [
        ((220, 3400, 12.4, 0.8, 180), 0, "low"),
        ((130, 1800, 10.5, 1.4, 320), 1, "low"),
        ((110, 950, 10.1, 4.2, 540), 3, "high"),
        ((60, 700, 8.5, 2.4, 1400), 5, "high"),
        ((40, 400, 7.8, 9.5, 3200), 7, "high"),
    ],
)
def test_golden_rows(amounts, score, category):
    found = scored(*amounts)
    assert (found.score, found.low, found.high, found.category, found.missing) == (score, score, score, category, ())


HEALTHY = (220, 3400, 12.4, 0.8, 180)


@pytest.mark.parametrize(
    ("place", "amount", "points"),
    [
        (0, 176, 0),
        (0, 175.1, 0),
        (0, 175, 1),
        (0, 75, 1),
        (0, 74.9, 2),
        (1, 1200, 0),
        (1, 1199, 1),
        (2, 9.0, 0),
        (2, 8.9, 1),
        (3, 2.9, 0),
        (3, 3.0, 1),
        (4, 649, 0),
        (4, 650, 1),
        (4, 2000, 1),
        (4, 2001, 2),
    ],
)
def test_every_boundary(place, amount, points):
    found = scored(*HEALTHY[:place], amount, *HEALTHY[place + 1 :])
    assert found.score == points == found.points[ALL[place]][0]


def test_crp_counts_in_mg_per_litre():
    """3 mg/dL are 30 mg/L: 8 mg/L is not above the bound."""
    assert hematotox({"CRP": (8.0, 8.0)}).points["CRP"] == (0, 0)
    assert hematotox({"CRP": (30.0, 30.0)}).points["CRP"] == (1, 1)


def test_what_is_missing_leaves_a_range():
    nothing = hematotox({})
    assert (nothing.low, nothing.high, nothing.score, nothing.category, nothing.missing) == (0, 7, None, None, ALL)
    assert MOST == 7
    no_ferritin = scored(60, 700, 12.0, 0.5, None)  # 2 + 1 and 0 to 2 more: high all the same
    assert (no_ferritin.low, no_ferritin.high, no_ferritin.score, no_ferritin.category) == (3, 5, None, "high")
    no_crp = scored(220, 3400, 12.4, None, 180)  # 0, or 1: low all the same
    assert (no_crp.low, no_crp.high, no_crp.category, no_crp.missing) == (0, 1, "low", ("CRP",))
    assert scored(130, 3400, 12.4, None, 180).category is None  # 1 or 2


def test_a_value_below_a_limit_of_detection():
    below = hematotox(
        {
            **dict.fromkeys(("platelets", "neutrophils", "haemoglobin"), (1000.0, 1000.0)),
            "CRP": (0.0, 5.0),
            "ferritin": (0.0, math.inf),
        }
    )
    assert below.points["CRP"] == (0, 0) and below.points["ferritin"] == (0, 2) and below.missing == ()
