"""Which courses a name means."""

import pytest

from lib.cohort.course_clause import names_course


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("maintenance", True),
        ("POMALIDOMIDE", True),
        ("pomalidomide maintenance", True),
        ("poma", False),
        ("bridging", False),
        ("", False),
        ("+", False),
    ],
)
def test_a_course_is_named_by_its_words(name, meant):
    assert names_course(name, "maintenance\tPomalidomide + dexamethasone") is meant
