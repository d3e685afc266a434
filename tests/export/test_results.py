"""results.json: unrounded numbers, null and never NaN."""

import json
import math

import numpy as np
import pytest
from golden.cohorts import nobody, synthetic

from lib.cohort.finding import Finding
from lib.export.results import results, results_text
from lib.publication.exhibit import Figure


def test_numbers_that_do_not_exist_are_null_and_numpys_are_plain():
    text = results_text({"a": [math.nan, math.inf, np.float64(0.1), np.int64(3), np.bool_(True), None], "b": (1, "µg")})
    assert json.loads(text) == {"a": [None, None, 0.1, 3, True, None], "b": [1, "µg"]}
    assert "µg" in text


def test_every_exhibit_has_every_field(shown, provenance):
    reported = results(
        provenance, synthetic().findings, [(exhibit, [f"{exhibit.id}.csv"]) for exhibit in shown.values()]
    )
    read = json.loads(results_text(reported))
    assert set(read) == {"provenance", "findings", "intake", "exhibits"}
    assert {"source", "fingerprint", "selection", "group_by", "n", "versions", "created"} <= set(read["provenance"])
    for exhibit, made in zip(read["exhibits"], shown.values(), strict=True):
        assert {"id", "kind", "title", "caption", "alt", "n", "files", "table", "tests"} <= set(exhibit)
        assert exhibit["kind"] == ("figure" if isinstance(made, Figure) else "table")
        assert len(exhibit["table"]["rows"]) == len(made.numbers.rows)
        for test in exhibit["tests"]:
            assert set(test) == {"name", "comparison", "statistic", "df", "p", "n", "reason"}


def test_values_are_unrounded(shown, provenance):
    read = json.loads(results_text(results(provenance, (), [(shown["survival.os"], [])])))
    (exhibit,) = read["exhibits"]
    p = next(test.p for test in shown["survival.os"].tests if test.p is not None)
    assert p in [test["p"] for test in exhibit["tests"]]


def test_nobody_is_a_report_without_exhibits(provenance):
    assert results(provenance, (), [])["exhibits"] == [] and nobody(synthetic()).n == 0


def test_what_json_cannot_hold_is_an_error():
    with pytest.raises(TypeError):
        results_text({"a": object()})


def test_a_finding_has_the_keys_it_always_had(provenance):
    (reported,) = results(provenance, [Finding("error", "Labs", 2, "B", "x", "No.", "Mend.", True)], [])["findings"]
    assert list(reported) == ["severity", "sheet", "row", "column", "value", "problem", "mend"]
