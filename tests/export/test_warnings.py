"""What biases an exhibit by design travels with it: results.json, CSV; of wells and of groups formed anew nothing is
said."""

import pytest
from every_exhibit import exhibits
from golden.cohorts import by, example, selected

from lib.cohort.grouping import FORMED_LATE, GROUPED_LATE, RESPONDERS_ONLY
from lib.export.provenance import Provenance
from lib.export.results import results
from lib.export.table_file import csv_file


def reported(grouping="arm", *filters):
    part = selected(example(), *filters)
    split = by(example(), grouping)
    provenance = Provenance.of_cohort(part, split)
    only = ("baseline.*", "survival.*", "time_zero.*", "landmark.*", "time_dependent.*", "cumulative_incidence.*")
    return provenance, list(exhibits(part, split, "months", only=only))


def said_in(exhibit, provenance):
    """What stands above the data."""
    lines = csv_file(exhibit, provenance).decode("utf-8-sig").splitlines()
    return "\n".join(line for line in lines if line.startswith("# "))


@pytest.fixture(scope="module")
def late():
    return reported()


def test_every_exhibit_of_groups_formed_after_infusion_says_so_in_results_and_csv(late):
    provenance, made = late
    found = {
        each["id"]: each["warnings"] for each in results(provenance, (), [(each, ()) for each in made])["exhibits"]
    }
    anew = {name for name in found if name.startswith(("landmark.", "time_dependent."))}
    assert len(anew) >= 4 and all(found[name] == [] for name in anew)
    assert all(
        warnings[0] == (FORMED_LATE if name.startswith("baseline.") else GROUPED_LATE)
        for name, warnings in found.items()
        if name not in anew
    )
    for exhibit in made:
        said = said_in(exhibit, provenance)
        assert all(warning in said for warning in found[exhibit.id]), exhibit.id
        assert found[exhibit.id] or (FORMED_LATE not in said and GROUPED_LATE not in said), exhibit.id


def test_responders_only_is_said_of_what_counts_from_a_response(late):
    provenance, made = late
    of = {each.id: provenance.warnings_of(each) for each in made}
    assert RESPONDERS_ONLY in of["survival.dor.summary"] and RESPONDERS_ONLY not in of["survival.os.summary"]


def test_a_selection_by_what_was_known_later_is_said_without_groups_too():
    provenance, made = reported("-", "arm=Pomalidomide")
    assert all(
        any(each.startswith("Selected by Arm, known only after") for each in provenance.warnings_of(one))
        for one in made
        if one.of_patients
    )


def test_nothing_is_said_where_nothing_is_biased():
    provenance, made = reported("emd")
    assert {provenance.warnings_of(one) for one in made if ".dor" not in one.id} == {()}
    assert FORMED_LATE not in said_in(made[0], provenance)
