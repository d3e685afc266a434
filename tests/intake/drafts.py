"""Cases of tests/intake/cases, and tables written in a test, as drafts with answers."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from lib.cohort.model import Cohort
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile
from lib.intake.infer.question import Question

CASES = Path(__file__).parent / "cases"


def case(name: str, answers: Mapping[str, str] | None = None) -> Draft:
    """A file of tests/intake/cases."""
    return answered(read_draft([SourceFile(name, (CASES / name).read_bytes())]), answers)


def table(lines: str, answers: Mapping[str, str] | None = None, name: str = "s.csv") -> Draft:
    """A csv file of these lines."""
    text = "\n".join(line.strip() for line in lines.strip().splitlines())
    return answered(read_draft([SourceFile(name, text.encode())]), answers)


def sheets(named: Mapping[str, str], answers: Mapping[str, str] | None = None) -> Draft:
    """A workbook with these sheets, each written as lines of a csv file."""
    book = Workbook()
    for name, lines in named.items():
        sheet = book.create_sheet(name)
        for line in lines.strip().splitlines():
            sheet.append([cell or None for cell in line.strip().split(",")])
    book.remove(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    return answered(read_draft([SourceFile("w.xlsx", out.getvalue())]), answers)


def answered(draft: Draft, answers: Mapping[str, str] | None) -> Draft:
    for question, answer in (answers or {}).items():
        draft = draft.answered(question, answer)
    return draft


def cohort(draft: Draft) -> Cohort:
    opened = draft.opened
    assert isinstance(opened, Cohort), opened
    return opened


def roles(draft: Draft) -> dict[str, str]:
    """Column -> role."""
    return {guess.column: guess.role for guess in draft.suggestion.guesses}


def question(draft: Draft, name: str) -> Question | None:
    return next((each for each in draft.suggestion.questions if each.id == name), None)


def open_ids(draft: Draft) -> list[str]:
    return [each.id for each in draft.open_questions]


def usable(draft: Draft, endpoint: str = "os") -> dict[str, tuple[float, int]]:
    """Patient -> time and event of those in whom the endpoint can be used."""
    rows = cohort(draft).endpoints
    rows = rows[(rows["endpoint"] == endpoint) & (rows["problem"] == "")]
    return {each.patient_id: (each.time, int(each.event)) for each in rows.itertuples()}


def not_usable(draft: Draft, endpoint: str = "os") -> dict[str, str]:
    """Patient -> why the endpoint cannot be used."""
    rows = cohort(draft).endpoints
    rows = rows[(rows["endpoint"] == endpoint) & (rows["problem"] != "")]
    return dict(zip(rows["patient_id"], rows["problem"], strict=True))


def said(draft: Draft) -> str:
    return "\n".join(finding.sentence() for finding in cohort(draft).findings)


def survival(heading, values, more=""):
    """Eight patients of whom four died, at the shorter times."""
    rows = [f"P{n},{value},{3 + n - 2 * (n % 2)},{n % 2}" for n, value in enumerate(values)]
    return "\n".join([f"ID,{heading},OS months,Dead", *rows, more])
