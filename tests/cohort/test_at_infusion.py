"""Product, dose, lymphodepletion, bridging and days from apheresis as variables of the opened cohort, of the infusion
that is looked at."""

import math

import pytest
from golden.cohorts import STUDY, arms, by, cohort, example, selected

from lib.cohort.at_infusion import at_infusion, why_missing
from lib.cohort.selection import n_without_value
from lib.notebook import Refused, viewed

CELLS, PER_KG = "10^6 cells", "10^6 CAR T cells/kg"


def infusion(patient, product=None, dose=None, unit=None, number=1, day=0):
    return {"patient_id": patient, "infusion": number, "day": day, "product": product, "dose": dose, "dose_unit": unit}


def course(patient, kind, therapy, start, number=1):
    return {"patient_id": patient, "infusion": number, "kind": kind, "therapy": therapy, "start_day": start}


def values(made, name):
    return [None if isinstance(value, float) and math.isnan(value) else value for value in made.patients[name]]


def names(made):
    return [each.name for each in made.variables if each.sheet]


def two_units():
    rows = [
        infusion("a", "X", 450, CELLS),
        infusion("b", "Y", 0.75, PER_KG),
        infusion("c", "Y", 6, "10^5 cells/kg"),
        infusion("d", "X", 4.5, "10⁸ cells"),
        infusion("e", "X", 3, "vials"),
        infusion("f", "X"),
        infusion("g", None, 5),
    ]
    return cohort(arms(A="abcd", B="efgh"), infusions=rows)


def test_doses_of_cells_and_per_kg_are_never_one_variable():
    made = two_units()
    assert names(made) == ["product", "dose", "dose_per_kg"]
    assert values(made, "dose") == [450, None, None, 450, None, None, None, None]
    assert values(made, "dose_per_kg") == [None, 0.75, 0.6, None, None, None, None, None]
    assert (made.variable("dose").unit, made.variable("dose_per_kg").unit) == ("× 10⁶ cells", "× 10⁶ cells/kg")


def test_whoever_has_no_value_has_the_reason():
    made = two_units()
    assert list(why_missing(made, "dose")) == [
        "",
        "dose stated per kg",
        "dose stated per kg",
        "",
        '"vials" is no number of cells',
        "dose not stated",
        "unit of the dose not stated",
        "no row in Infusions",
    ]
    assert list(why_missing(made, "product"))[5:] == ["", "product not stated", "no row in Infusions"]
    said = [each.sentence() for each in made.findings if "number of cells" in each.problem]
    assert any('1 dose in "vials"' in each for each in said) and any("1 dose without a unit" in each for each in said)


def therapies():
    return [
        course("a", "lymphodepletion", "Fludarabine", -5),
        course("a", "lymphodepletion", "Cyclophosphamide", -5),
        course("a", "bridging", "VD", -20),
        course("b", "lymphodepletion", "flu/cy", -5),
        course("c", "lymphodepletion", "Flu/Cy", -4),
        course("d", "lymphodepletion", None, -4),
        course("e", "lymphodepletion", "Flu/Cy", 3),
        course("b", "bridging", "VD", 5),
        course("a", "other", "Leukapheresis", -40),
        course("b", "other", "Leukapheresis", None),
        course("c", "other", "apheresis", -31),
        course("c", "other", "apheresis", -90),
    ]


def test_therapies_before_the_infusion():
    made = cohort(arms(A="abc", B="def"), therapies=therapies())
    assert names(made) == ["lymphodepletion", "bridging", "days_from_apheresis"]
    joined = "Cyclophosphamide + Fludarabine"
    assert [value and value.casefold() for value in values(made, "lymphodepletion")] == [
        joined.casefold(),
        "flu/cy",
        "flu/cy",
        None,
        None,
        None,
    ]
    assert len(made.variable("lymphodepletion").levels) == 2
    assert list(why_missing(made, "lymphodepletion"))[3:] == [
        "a therapy of the regimen not named",
        "lymphodepletion began after the infusion",
        "no lymphodepletion recorded",
    ]
    assert values(made, "bridging") == ["yes", None, "no", "no", "no", "no"]
    assert why_missing(made, "bridging")[1] == "bridging began after the infusion"
    assert values(made, "days_from_apheresis") == [40, None, 31, None, None, None]
    assert why_missing(made, "days_from_apheresis")[1] == "day of apheresis not stated"
    assert all(each.known_before_infusion for each in made.variables if each.sheet)


def again():
    rows = [
        infusion("a", "X", 100, CELLS),
        infusion("b", "Y", 200, CELLS),
        infusion("c", "X", 300, CELLS),
        infusion("a", "Y", 50, CELLS, 2, 200),
        infusion("b", "z", None, None, 2, 300),
    ]
    more = [course("c", "bridging", "VD", -20), course("a", "bridging", "VD", -10, 2)]
    return cohort(arms(A="ab", B="c"), infusions=rows, therapies=more)


def test_they_are_of_the_infusion_that_is_looked_at():
    made = again()
    assert made.variable("product").levels == ("X", "Y", "z")
    first, second = selected(made), selected(made, infusion=2)
    assert values(first, "product") == ["X", "Y", "X"] and values(first, "bridging") == ["no", "no", "yes"]
    assert (
        values(second, "product") == ["Y", "z"]
        and values(second, "dose") == [50, None]
        and values(second, "bridging") == ["yes", "no"]
    )
    assert list(why_missing(second, "dose")) == ["", "dose not stated"]
    assert list(by(made, "product").of(second.patients)) == ["Y", "z"]
    assert n_without_value(at_infusion(made, 2), "dose") == 2  # nobody else had the second infusion


def test_filters_are_of_that_infusion_too():
    made = again()
    assert list(selected(made, "product=Y").patients["patient_id"]) == ["b"]
    assert list(selected(made, "product=Y", infusion=2).patients["patient_id"]) == ["a"]
    assert list(selected(made, "dose=0..100", infusion=2).patients["patient_id"]) == ["a"]
    twice = selected(selected(made, "product=Y", infusion=2), "product=Y", infusion=2)
    assert values(twice, "product") == ["Y"]


def test_a_column_of_patients_counts_instead_and_it_is_said_where_they_differ():
    rows = [infusion("a", "X"), infusion("b", "Y"), infusion("c", "Y")]
    patients = [
        {"patient_id": patient, "arm": "A", "product": product}
        for patient, product in (("a", "X"), ("b", "Y"), ("c", "X"))
    ]
    made = cohort(patients, infusions=rows)
    assert names(made) == [] and values(made, "product") == ["X", "Y", "X"]
    assert [each.severity for each in made.findings if "of its own that says otherwise" in each.problem] == ["note"]
    same = cohort([{**row, "product": rows[place]["product"]} for place, row in enumerate(patients)], infusions=rows)
    assert names(same) == [] and not [each for each in same.findings if "of its own" in each.problem]


def test_study_orders_and_names_them():
    study = (
        *STUDY,
        ("label", "product", "X = ide-cel; Y = cilta-cel"),
        ("order", "product", "Y; X"),
        ("label", "dose", "Cells infused"),
    )
    rows = [infusion("a", "X", 1, CELLS), infusion("b", "Y", 2, CELLS), infusion("a", "Y", 3, CELLS, 2, 90)]
    made = cohort(arms(A="ab"), study, infusions=rows)
    assert (
        made.variable("product").levels == ("cilta-cel", "ide-cel") and made.variable("dose").label == "Cells infused"
    )
    assert values(made, "product") == ["ide-cel", "cilta-cel"] and values(selected(made, infusion=2), "product") == [
        "cilta-cel"
    ]
    assert not [each for each in made.findings if "changes nothing" in each.problem]


def test_texts_that_nearly_all_differ_make_no_variable_and_it_is_said():
    made = cohort(arms(A="abcdef"), infusions=[infusion(patient, f"lot {patient}") for patient in "abcdef"])
    assert names(made) == [] and any("as many different texts as patients" in each.problem for each in made.findings)


def test_written_as_dose_where_there_is_no_other_dose():
    rows = [infusion("a", "X", 0.5, PER_KG), infusion("b", "X", 0.8, PER_KG)]
    made = viewed(cohort(arms(A="ab"), infusions=rows), by="dose", where=["dose=0.6..1"]).analysis
    assert (made.grouping.variable, made.selected.n) == ("dose_per_kg", 1)
    with pytest.raises(Refused):
        viewed(example(), where=["dose=1..2"])
