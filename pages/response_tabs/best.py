"""The tab "Best response": rates with exact intervals in the denominator that is asked for, and the table of all."""

from lib.response.best.figure import rates_figure
from lib.response.best.result import FOLLOWED, BestResponse
from lib.response.best.table import best_table
from lib.response.rate import EVALUABLE, INFUSED
from pages.frame import ask, output

NAMES = {INFUSED: "All infused", EVALUABLE: "Evaluable", FOLLOWED: "Followed to month 3"}


def show(result: BestResponse) -> None:
    denominator = ask.one(
        "Of", list(NAMES), default=INFUSED, name=lambda name: NAMES[name], key="denominator", persist_state="session",
        help="Whom the figure counts; the table shows every denominator that differs.",
    )  # fmt: skip
    output.show(rates_figure, result, denominator)
    output.show(best_table, result)
