"""One small report of the example, and what its documents must say."""

from lib.export.composition import PrintForm
from lib.export.figure_file import caption_text
from lib.export.report import Item
from lib.export.table_form import table_form

FORM = PrintForm("174mm")
CHOSEN = (
    Item("baseline.table_one", "Who was treated", "First paragraph.\n\nSecond, with <b>, & and a 10⁵."),
    Item("survival.os"),
    Item("gone.exhibit", "Asked in vain"),
    Item("swimmer.plot"),
    Item("survival.os.summary"),
)


def exhibits(report, kind):
    return [part.exhibit for part in report.parts if isinstance(part.exhibit, kind)]


def printed(report, table):
    """The cells of each row as they are printed, with the marks of their footnotes; and each line below."""
    form = table_form(table, report.provenance)
    rows = [
        [cell.text + ",".join(cell.marks) for cell in cells]
        for cells in (form.header, *(row.cells for row in form.rows))
    ]
    return rows, [mark + words for mark, words in form.below(stamp=False)]


def squeezed(words):
    return " ".join(words.split())


def said(report, exhibit):
    """Every sentence that stands under the exhibit's title wherever it goes, but the stamp of a file."""
    text = caption_text(exhibit, report.provenance).removesuffix(report.provenance.stamp)
    return squeezed(text.removeprefix(f"{exhibit.title}."))
