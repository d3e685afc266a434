"""CITATION.cff is valid and of this version; the example of docs/how_to_cite.md is what the program writes."""

import re
from pathlib import Path

from golden.cohorts import by, example, selected

from lib import VERSION
from lib.cohort.analysis import Analysis
from lib.exhibits import attempts
from lib.export.methods_text import methods_paragraph
from lib.export.provenance import APP, Provenance

ROOT = Path(__file__).parents[2]
SHOWN = (
    "baseline.table_one",
    "baseline.flow",
    "response.best",
    "survival.os",
    "survival.os.summary",
    "landmark.os",
    "toxicity.table",
)
VERSIONS = re.compile(r"(Python|pandas|numpy|lifelines|scipy) \d[\w.]*")


def written():
    """The example, without the versions of packages."""
    cohort = selected(example())
    analysis = Analysis(example(), cohort, by(example()), "months")
    text = methods_paragraph(list(attempts(analysis, SHOWN)), Provenance.of_cohort(cohort, analysis.grouping)).text
    return VERSIONS.sub(r"\1", text)


def test_the_citation_file_is_of_this_version_and_names_the_holder_of_the_licence():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    cited = dict(re.findall(r"^([a-z-]+): (.+)$", text, re.MULTILINE))
    assert cited["cff-version"] == "1.2.0" and cited["type"] == "software" and cited["title"] == APP
    assert cited["version"] == VERSION and cited["message"]
    (author,) = re.findall(r"^authors:\n  - name: (.+)$", text, re.MULTILINE)
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert author in licence and licence.startswith(f"{cited['license']} License")
    assert f"(version {VERSION})" in (ROOT / "docs" / "how_to_cite.md").read_text(encoding="utf-8")


def test_the_example_is_what_the_program_writes():
    page = (ROOT / "docs" / "how_to_cite.md").read_text(encoding="utf-8")
    shown = page.split("<!-- example -->\n")[1].split("<!-- end -->")[0]
    assert shown == written() + "\n"


if __name__ == "__main__":
    path = ROOT / "docs" / "how_to_cite.md"
    before, rest = path.read_text(encoding="utf-8").split("<!-- example -->\n")
    path.write_text(
        f"{before}<!-- example -->\n{written()}\n<!-- end -->{rest.split('<!-- end -->')[1]}", encoding="utf-8"
    )
