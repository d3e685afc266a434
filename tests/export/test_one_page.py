"""The one-page PDF of a patient: one page, A4, with facts, selection and "synthetic" on it, and no id where none is
wanted."""

import re
import zlib
from functools import cache

from golden.cohorts import by, selected
from patient.cases import PATIENT, case, case_course

from lib.cohort.analysis import Analysis
from lib.export import figure_file as module
from lib.export.figure_file import OnePage, one_page
from lib.export.provenance import Provenance
from lib.patient.course import facts
from lib.patient.panel_figures import page_exhibits
from lib.publication.exhibit import Figure
from lib.publication.masking import pseudonymised


@cache
def exhibits():
    analysis = Analysis(case(), selected(case()), by(case(), "-"), "months")
    return page_exhibits(analysis, PATIENT, {})


def given(title="Patient LEN-01", names=None):
    under, beside = exhibits()
    if names:
        under = tuple(pseudonymised(figure, names) for figure in under)
        beside = tuple(pseudonymised(each, names) if isinstance(each, Figure) else each for each in beside)
    return OnePage(title, tuple((fact.label, fact.value) for fact in facts(case(), case_course())), under, beside)


def provenance():
    return Provenance.of_cohort(selected(case()), by(case(), "-"))


@cache
def pdf():
    return one_page(given(), provenance())


def objects():
    """The PDF as text, with its compressed streams unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf(), re.DOTALL)
    unpacked = []
    for stream in streams:
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return pdf() + b"\n".join(unpacked)


def test_it_has_exactly_one_page_of_a4():
    assert pdf().startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b(?!s)", objects())) == 1
    box = [float(number) for number in re.search(rb"/MediaBox\s*\[([^\]]+)\]", objects())[1].split()]
    assert [round(number) for number in box] == [0, 0, 595, 842]


def test_what_is_said_on_it(monkeypatch):
    jobs = []
    monkeypatch.setattr(module, "rendered", lambda made: jobs.extend(made) or [[b"pdf"]])
    assert one_page(given(), provenance()) == b"pdf"
    (job,) = (made["page"] for made in jobs)
    assert job["title"] == "Patient LEN-01 (synthetic data)"
    assert "Best response: MR (infusion 2), VGPR (infusion 3)" in " ".join(job["facts"])
    assert "1 of 1 patient (all patients)." in " ".join(job["lines"]) and "Synthetic data: invented points" in " ".join(
        job["lines"]
    )
    assert [part["title"] for part in (*job["under"], *job["beside"])][:2] == [
        "Treatment timeline",
        "Course of the patient",
    ]
    assert job["beside"][1]["rows"][1][-1] == "12.67" and "title" not in job["under"][0]["chart"]
    said = " ".join(job["lines"])
    assert said.count("Rings: printed in the source") == said.count("Values below the limit of quantification") == 1
    assert '"tooltip"' not in str(job).replace("'", '"') and "bind" not in str(job["under"][1]["chart"])


def test_a_study_code_instead_of_the_id(monkeypatch):
    jobs = []
    monkeypatch.setattr(module, "rendered", lambda made: jobs.extend(made) or [[b"pdf"]])
    one_page(given("Patient P01", {"LEN-01": "P01"}), provenance())
    assert "LEN-01" not in str(jobs) and "P01" in str(jobs)
