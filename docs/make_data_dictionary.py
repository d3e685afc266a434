"""Writes data_dictionary.md from lib/cohort/schema.py: python docs/make_data_dictionary.py"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from lib.cohort.schema import ENDPOINT_LABELS, TABLES, Column, Kind, Table  # noqa: E402

KINDS: dict[Kind, str] = {
    "id": "a study code",
    "text": "words",
    "category": "words that repeat",
    "yes_no": "yes or no",
    "number": "a number",
    "whole": "a whole number",
    "day": "a day",
    "date": "a date, yyyy-mm-dd",
    "grade": "0 to 5",
    "response": "an IMWG response",
    "event": "1 or 0",
    "measurement": "a number, or <limit, or BLQ",
}
HEAD = """# Data dictionary

Made from `lib/cohort/schema.py` by `docs/make_data_dictionary.py`; do not edit it by hand. The same list is a sheet of the
template, `data/template.xlsx`.

A workbook has one sheet a table (or one csv file a table, named like the sheet). Sheets and columns may stand in any order; a sheet
that you do not need may be missing; columns in **bold** are required where the sheet is there. An empty cell means "not known" and
is never taken for "no" or "censored". Days count from the infusion; days before it are negative. Where a date is written instead
of a day, it becomes a day when the file is read, and goes no further.

Every further column of *Patients* can be filtered and compared by, unless it looks like a name, a record number, an address, a date,
or text that is different in nearly every row: such columns are not read. So can `product`, `dose`, `dose_per_kg`, `lymphodepletion`, `bridging`
and `days_from_apheresis`, which *Infusions* and *Therapies* give where *Patients* has no column of that name; the settings of Study hold for them too.
"""
STUDY_SETTINGS = """
| Setting | Column | Value |
|---|---|---|
| `title` | | title of the study |
| `synthetic` | | yes where no row is a real patient; every figure then says so |
| `note` | | what to say beside it |
| `disease` | | the criteria of response: multiple myeloma, lymphoma, acute lymphoblastic leukaemia, chronic lymphocytic leukaemia or solid tumour; not set: what the responses tell |
| `data_cutoff` | | date up to which patients were followed, yyyy-mm-dd |
| `month_1_response` | | yes: the response at month 1 stands in Table 1, marked as an outcome after infusion |
| `time_unit` | | days, weeks or months: the unit of times that name none |
| `group_by` | | the column of Patients by which groups are compared at first; arm if not set |
| `order` | a column | its levels in order: `Control; Pomalidomide` |
| `label` | a column | another name for the column; or names of its levels: `Control = No maintenance; Pom = Pomalidomide` |
| `reference` | a column | the level with which the others are compared; the first if not set |
| `known_at` | a column | when its values were known: `before infusion`, a day such as `30`, or `unknown` |
| `unit` | a column | unit of a number: `mg/dL` |

`known_at` decides what the program says of a comparison. Groups that were formed after the infusion (`known_at` above 0) are
marked as biased (immortal time), on the page and in the figure; a column of your own has `known_at` unknown until you set it. The
baseline columns below are taken as known before infusion; `arm` is not, so set it.
"""


def data_dictionary() -> str:
    """The whole page."""
    parts = [HEAD]
    for table in TABLES:
        parts.append(f"## {table.sheet}\n\n{table.explanation}\n")
        parts.append("\n".join(_lines(table)) + "\n")
        if table.name == "study":
            parts.append(STUDY_SETTINGS.strip() + "\n")
        if table.name == "endpoints":
            parts.append(_endpoints() + "\n")
    return "\n".join(parts)


def _lines(table: Table) -> list[str]:
    header = ["| Column | Holds | Unit | Meaning |", "|---|---|---|---|"]
    return header + [
        f"| {_name(column)} | {_holds(column)} | {column.unit} | {column.explanation} |" for column in table.columns
    ]


def _name(column: Column) -> str:
    return f"**`{column.name}`**" if column.required else f"`{column.name}`"


def _holds(column: Column) -> str:
    if column.allowed:
        return ("one of: " if column.kind == "response" else "words, offered: ") + ", ".join(column.allowed)
    least = "" if column.least is None else f"at least {column.least:g}"
    most = "" if column.most is None else f"at most {column.most:g}"
    return ", ".join(part for part in (KINDS[column.kind], least, most) if part)


def _endpoints() -> str:
    known = "; ".join(f"`{name}` {label.lower()} (event: {event})" for name, (label, event) in ENDPOINT_LABELS.items())
    return (
        f"Endpoints with a name of their own: {known}.\n\n"
        "Endpoints are also read from pairs of columns in Patients: `os_months` and `os_event` (or `_weeks`, `_days`), and from the "
        "dates of progression, death and last contact there."
    )


if __name__ == "__main__":
    (HERE / "data_dictionary.md").write_text(data_dictionary(), encoding="utf-8")
