"""The Methods paragraph and the STROBE list: every test has its sentence, nothing is said of what is not there, and all
agree with results.json."""

import json
import re
from dataclasses import replace
from functools import cache

import pytest
from golden.cohorts import arms, by, cohort, example, selected, synthetic
from workbooks import DATA

from lib.cohort.analysis import Analysis
from lib.cohort.grouping import everybody
from lib.exhibits import attempts, entries
from lib.export.document import Block, numbered
from lib.export.methods_sentences import SECTIONS
from lib.export.methods_text import methods_paragraph, shown_tests
from lib.export.provenance import Provenance
from lib.export.report import Part, Report, Written, methods_file, results_file
from lib.export.strobe import BY_AUTHORS, ITEMS, strobe_table
from lib.intake.draft import read_workbook
from lib.publication.references import CITATION, REFERENCES
from lib.publication.references import numbered as cited

SENTENCES = [sentence for section in SECTIONS.values() for sentence in section]


def workbook(name):
    path = DATA / f"{name}.xlsx"
    return read_workbook(path.read_bytes(), path.name)


ONE_OF_EACH_KIND = ("complete", "sixty")  # other endpoints, terms and series are told alike; the example has all


@cache
def made(name):
    """Every exhibit of a case, and its provenance."""
    opened, grouping, where, settings, *only = {
        "example": lambda: (example(), "arm", (), [("baseline.table_one", "p_values", "yes")]),
        "example filtered": lambda: (example(), "arm", ("emd=yes",), [], "baseline.*", "survival.os*", "toxicity.*"),
        "complete": lambda: (workbook("complete_cohort"), "age_years@55,65", (), []),
        "sixty": lambda: (synthetic(), "arm", (), []),
        "assays": lambda: (workbook("killing_assay"), None, (), []),
    }[name]()
    groups = by(opened, grouping) if grouping else everybody(opened)
    analysis = Analysis(opened, selected(opened, *where), groups, opened.study.time_unit)
    if name in ONE_OF_EACH_KIND:
        found = {each.spec.id + each.spec.title: each.id for each in reversed(list(entries(analysis)))}
        only = list(found.values())
    shown = [each for each in attempts(analysis, only, settings) if hasattr(each, "tests")]
    return shown, Provenance.of_cohort(analysis.selected, groups)


CASES = ("example", "example filtered", "complete", "sixty", "assays")


@pytest.mark.parametrize("case", CASES)
def test_every_test_that_is_printed_has_a_sentence(case):
    shown, _ = made(case)
    names = {test.name for exhibit in shown for test in exhibit.tests}
    silent = {name for name in names if not any(each.test and re.fullmatch(each.test, name) for each in SENTENCES)}
    assert names and not silent


@pytest.mark.parametrize("case", CASES)
def test_every_exhibit_with_a_p_is_in_the_text(case):
    shown, provenance = made(case)
    for exhibit in shown:
        alone = methods_paragraph([exhibit], provenance)
        if shown_tests(exhibit):
            assert "Tests were two-sided" in alone.paragraphs[-1] and len(alone.paragraphs) > 2, exhibit.id


def test_nothing_is_said_of_an_analysis_that_is_not_there():
    shown, provenance = made("example")
    of = {each.id: each for each in shown}
    text = methods_paragraph([of["survival.os"], of["response.best"]], provenance).text
    assert "Kaplan-Meier" in text and "Clopper" in text
    for absent in (
        "landmark analys",
        "Gray's",
        "Fine",
        "Spearman",
        "Mann-Whitney",
        "limit of quantification",
        "Dunnett",
        "ASTCT",
        "worst grade",
    ):
        assert absent not in text
    none = methods_paragraph([of["swimmer.plot"]], provenance)
    assert "two-sided" not in none.text and "scipy" not in none.text
    assert methods_paragraph([], provenance).paragraphs == ()


def test_tests_of_table_1_are_told_only_where_its_p_values_are_shown():
    with_p, provenance = made("example")
    table = next(each for each in with_p if each.id == "baseline.table_one")
    without = replace(table, header=tuple(name for name in table.header if name != "p"))
    assert "baseline characteristics" in methods_paragraph([table], provenance).text
    assert "Fisher" not in methods_paragraph([without], provenance).text


def test_a_test_without_p_is_not_told():
    shown, provenance = made("example")
    curve = next(each for each in shown if each.id == "survival.os")
    silent = replace(curve, tests=tuple(replace(test, p=None, reason="too few") for test in curve.tests))
    assert "log-rank" in methods_paragraph([curve], provenance).text
    assert "log-rank" not in methods_paragraph([silent], provenance).text


@pytest.mark.parametrize("case", CASES)
def test_references_are_those_cited_in_the_order_of_mention(case):
    text = methods_paragraph(*made(case))
    found = [
        int(each)
        for words in re.findall(r" \[([\d, -]+)\]", " ".join(text.paragraphs))
        for each in re.split(", |-", words)
    ]
    first = list(dict.fromkeys(found))
    assert first == sorted(first) and max(found) == len(text.references)
    assert len(set(text.references)) == len(text.references) and not CITATION.search(" ".join(text.paragraphs))


def test_citations_are_numbered_in_order_of_mention():
    said, references = cited(["A [cox].", "B [mantel, cox, peto], C [efron, peto, mantel]."])
    assert said == ("A [1].", "B [1-3], C [2-4].")
    assert references == tuple(REFERENCES[key] for key in ("cox", "mantel", "peto", "efron"))
    assert cited(["Excluded [sepsis], [cox, sepsis]."]) == (("Excluded [sepsis], [cox, sepsis].",), ())


def test_every_reference_is_cited_and_every_citation_is_in_the_list():
    cites = {key for each in SENTENCES for words in CITATION.findall(each.says) for key in words.split(", ")}
    packages = {"pandas", "numpy", "scipy", "lifelines"}
    assert cites <= set(REFERENCES) and set(REFERENCES) == cites | packages | {"strobe"}
    for reference in REFERENCES.values():
        assert re.search(r"[12]\d{3}[;.]", reference) and reference.endswith("."), reference


@pytest.mark.parametrize("case", ["example", "example filtered", "complete", "sixty"])
def test_flow_methods_captions_and_results_cannot_disagree(case):
    """The numbers of the paragraph, of the boxes, of the captions and of results.json are the same."""
    shown, provenance = made(case)
    report = Report("", tuple(map(Part, shown)), provenance)
    results = {
        each["id"]: each for each in json.loads(results_file(report, [Written(each, {}) for each in shown]))["exhibits"]
    }
    columns = [column["name"] for column in results["baseline.flow"]["table"]["columns"]]
    boxes = [dict(zip(columns, row, strict=True)) for row in results["baseline.flow"]["table"]["rows"]]
    who, *_ = report.methods.paragraphs
    chain = [box for box in boxes if box["group"] == "Total" and box["step"] != "group"]
    assert f"{chain[0]['n']} infused" in who and re.search(rf"\b{provenance.n}\b", who)
    for box in chain:
        if box["reason"]:
            assert f"{box['n']} w" in who and box["reason"] in who
    for box in (each for each in boxes if each["step"] == "group"):
        assert f"{box['box']} (n = {box['n']})" in who
    evaluable = {label: int(n) for n, label in re.findall(r"(\d+) for ([^,.(]+?(?: \([^)]*\))?)(?=,| and \d|\.)", who)}
    for name, exhibit in results.items():
        match = re.fullmatch(r"survival\.(\w+)", name)
        if not match or match[1] == "panels":
            continue
        total = sum(box["n"] for box in boxes if box["step"] == match[1] and not box["reason"])
        label = next(box["box"] for box in boxes if box["step"] == match[1])
        assert total == exhibit["n"] == evaluable[label[:1].lower() + label[1:]]
        assert f"n = {exhibit['n']}" in exhibit["caption"]
        counted = re.search(rf"{label} was counted from the [a-z ]+ to [^(]+ \(n = ([\d,]+)\)", report.methods.text)
        assert counted and int(counted[1]) == exhibit["n"]
    told = {
        test["name"]
        for each in results.values()
        for test in each["tests"]
        if test["p"] is not None and each["id"] != "baseline.table_one"
    }
    for sentence in (each for each in SENTENCES if each.test):
        there = any(re.fullmatch(sentence.test, name) for name in told)
        begins = CITATION.split(sentence.says.split("{")[0])[0].rstrip(" (.")
        if there:
            assert begins in report.methods.text, sentence.says


def test_the_example_goes_from_17_to_16_in_words():
    who = methods_paragraph(*made("example")).paragraphs[0]
    assert who.startswith(
        "Of 17 infused patients, 1 was excluded (death from septic shock in the acute phase); 16 were analysed. Groups"
        " were Control (n = 8) and Pomalidomide (n = 8)."
    )


def test_whoever_has_no_group_is_told_with_the_groups():
    people = [*arms(A=["a1"], B=["b1"]), {"patient_id": "x", "arm": None}]
    opened = cohort(people, infusions=[{"patient_id": each, "infusion": 1, "day": 0} for each in ("a1", "b1", "x")])
    analysis = Analysis(opened, selected(opened), by(opened), "months")
    shown = list(attempts(analysis, ("baseline.flow",)))
    who = methods_paragraph(shown, Provenance.of_cohort(analysis.selected, analysis.grouping)).paragraphs[0]
    assert (
        who
        == "All 3 infused patients were analysed. Groups were A (n = 1) and B (n = 1); 1 was without a group (Arm not"
        " stated)."
    )


def test_without_the_flow_the_selection_says_who_was_analysed():
    shown, provenance = made("example filtered")
    curve = next(each for each in shown if each.id == "survival.os")
    assert (
        methods_paragraph([curve], provenance)
        .paragraphs[0]
        .startswith("7 of 16 patients of the analysis set were analysed (Extramedullary disease: yes).")
    )


def test_the_strobe_list_names_the_places_that_there_are():
    shown, provenance = made("example")
    methods = methods_paragraph(shown, provenance)
    table = strobe_table(shown, methods)
    where = {row[0]: row[3] for row in table.rows}
    labels = {block.label: block.exhibit.id for block in numbered([Block(each) for each in shown])}
    assert len({item.number.rstrip("abcde") for item in ITEMS}) == 22 and len(table.rows) == len(ITEMS)
    assert labels["Figure 1"] == "baseline.flow" and where["13"] == "Figure 1; Statistical analysis, paragraph 1"
    assert where["22"] == where["18"] == BY_AUTHORS
    assert (
        labels["Table 1"] == "baseline.table_one"
        and where["14"].startswith("Tables 1, ")
        and where["9"].startswith("Statistical analysis, paragraph ")
    )
    nothing = strobe_table([], methods_paragraph([], provenance))
    assert {row[3] for row in nothing.rows} == {BY_AUTHORS}


def test_the_text_file_holds_all_of_it():
    shown, provenance = made("sixty")
    report = Report("", tuple(map(Part, shown[:12])), provenance)
    text = methods_file(report)
    assert (
        text.startswith("Statistical analysis\n\n") and "\n1. " in text and "STROBE" in text and "22 | Funding" in text
    )


def test_small_counts_stand_in_no_paragraph_where_they_are_masked():
    """A figure of few patients is not shown, a table of them gives no n."""
    cohort = selected(example(), "emd=yes")
    analysis = Analysis(cohort, cohort, by(example()), "months", 8)
    made = list(attempts(analysis, ("baseline.flow", "survival.os", "survival.os.summary")))
    shown = [each for each in made if hasattr(each, "tests")]
    assert [each.id for each in shown] == ["survival.os.summary"] and analysis.selected.n == 7
    text = methods_paragraph(shown, Provenance.of_cohort(cohort, analysis.grouping, 8)).text
    assert "<8 of 16 patients" in text and not re.search(r"\b7 of|n = [07]\b", text)
