"""One small report of the example, and what its documents must say."""

from lib.export.figure_file import caption_text
from lib.export.print_form import PrintForm
from lib.export.report import Item

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


def squeezed(words):
    return " ".join(words.split())


def said(report, exhibit):
    """Every sentence that stands under the exhibit's title wherever it goes, but the stamp of a file."""
    text = caption_text(exhibit, report.provenance).removesuffix(report.provenance.stamp)
    return squeezed(text.removeprefix(f"{exhibit.title}."))
