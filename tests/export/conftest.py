"""Every figure of a made cohort whose patients are called ZQX-0001 ..., drawn once for all tests of exporting."""

import io
import zipfile

import pytest
from every_exhibit import exhibits
from exhibit_ids import NAMES_DRAWN
from golden.cohorts import EXAMPLE, by, selected, synthetic

from export.reported import CHOSEN, FORM
from lib import analysis, open_cohort
from lib.cohort.study_code import study_codes
from lib.exhibits import parts
from lib.export.figure_file import figure_files
from lib.export.provenance import Provenance
from lib.export.report import Report, report_file
from lib.publication.exhibit import Figure, standalone
from lib.publication.masking import pseudonymised, pseudonymised_table

DRAWN_ALIKE = (
    "dor",
    "efs",
    "dor.forest",
    "efs.forest",
    "complete_response",
    "cumulative_incidence.best_response",
)  # the same charts as of other endpoints

WITHOUT_PATIENTS = ("survival.os", "survival.pfs", "toxicity.grades", "kinetics.profile")
AS_PDF = (*NAMES_DRAWN, *WITHOUT_PATIENTS, "survival.os.forest")  # curves, bars, lanes, points and words of a figure


@pytest.fixture(scope="session")
def part():
    return selected(synthetic(), "emd=yes|?")


@pytest.fixture(scope="session")
def provenance(part):
    return Provenance.of_cohort(part, by(synthetic()))


@pytest.fixture(scope="session")
def shown(part):
    """Every exhibit by id, patients under the names of the workbook."""
    return {exhibit.id: exhibit for exhibit in exhibits(part, by(synthetic()), "months")}


@pytest.fixture(scope="session")
def hidden(shown):
    """Every exhibit by id, patients as P01 ..."""
    names = study_codes(list(synthetic().patients["patient_id"]))
    return {
        identifier: (
            pseudonymised(exhibit, names) if isinstance(exhibit, Figure) else pseudonymised_table(exhibit, names)
        )
        for identifier, exhibit in shown.items()
    }


@pytest.fixture(scope="session")
def drawn(shown, hidden, provenance):
    """(figure id, "shown" or "hidden", format) -> file; PDF of some: what is told of a file is written alike in all."""
    figures = [each for each in shown.values() if isinstance(each, Figure) and not each.id.endswith(DRAWN_ALIKE)]
    wished = [("shown", figure) for figure in figures]
    wished += [("hidden", hidden[figure.id]) for figure in figures if not is_drawn_alike(figure, hidden[figure.id])]
    files = {}
    for formats in (("svg",), ("svg", "pdf")):
        some = [each for each in wished if (each[1].id in AS_PDF) == ("pdf" in formats)]
        contents = figure_files([(figure, provenance) for _, figure in some], formats)
        for (way, figure), made in zip(some, contents, strict=True):
            files[figure.id, way] = dict(zip(formats, made, strict=True))
    return {
        (figure.id, way, name): content
        for figure in figures
        for way in ("shown", "hidden")
        for name, content in files.get((figure.id, way), files[figure.id, "shown"]).items()
    }


@pytest.fixture(scope="session")
def report():
    view = analysis(open_cohort(EXAMPLE), by="arm").analysis
    provenance = Provenance.of_cohort(view.selected, view.grouping)
    return Report("Pomalidomide after CAR T", tuple(parts(view, CHOSEN, (), FORM.pixels)), provenance)


@pytest.fixture(scope="session")
def package(report):
    """Name -> content, of the ZIP."""
    with zipfile.ZipFile(io.BytesIO(report_file(report, "zip", FORM, ("svg", "png")))) as archive:
        assert archive.testzip() is None and {each.external_attr >> 16 for each in archive.infolist()} == {0o644}
        return {name: archive.read(name) for name in archive.namelist()}


def is_drawn_alike(figure, other) -> bool:
    """Whether the renderer gets the same of both: chart, rows and every word beside them."""
    return standalone(figure) == standalone(other) and all(
        getattr(figure, name) == getattr(other, name) for name in ("title", "caption", "alt", "notes")
    )
