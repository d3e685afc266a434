"""What was measured, as tables beside the bounds, and the page docs/performance.md."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from benchmarks.clicks import Clicks
from benchmarks.cohorts import EXAMPLE
from benchmarks.server import ROOT
from benchmarks.uploads import Upload

PAGE: Final = ROOT / "docs" / "performance.md"
BOUNDS: Final = {
    EXAMPLE: 1.0,
    1_000: 1.5,
    10_000: 2.5,
    100_000: 6.0,
}  # times the trivial app, a state never seen before
OF_PAGES: Final = {(EXAMPLE, "survival"): 1.2, (EXAMPLE, "patient"): 1.2}
SEEN, START, SWITCH, UPLOAD, MOST_BYTES = 0.8, 1.3, 1.5, 2.0, 300_000
TITLES: Final = {"baseline": "Table 1"}
BEGIN, END = "<!-- make bench -->", "<!-- end of make bench -->"


def click_tables(found: Iterable[Clicks]) -> str:
    """A table for each size of cohort."""
    by_size: dict[int, list[Clicks]] = {}
    for each in found:
        by_size.setdefault(each.patients, []).append(each)
    return "\n\n".join(_click_table(n, clicks) for n, clicks in by_size.items())


def _click_table(n: int, clicks: Sequence[Clicks]) -> str:
    empty, trivial = (sum(getattr(each, floor) for each in clicks) / len(clicks) for floor in ("empty", "trivial"))
    heads = (
        "page",
        "trivial, ms",
        "this program, ms",
        "ratio",
        "bound",
        "",
        "first figure, ms",
        "seen before, ms",
        "ratio",
        "bound",
        "",
        "server, s",
        "frames",
        "kB sent",
        "largest message, kB",
        "",
    )
    above = f"### {n:,} patients\n\nOn average the empty app took {empty:.0f} ms, the trivial one {trivial:.0f} ms.\n"
    return f"{above}\n{_table(heads, map(_click_row, clicks))}"


def _click_row(each: Clicks) -> tuple[str, ...]:
    bound = OF_PAGES.get((each.patients, each.page), BOUNDS.get(each.patients, BOUNDS[100_000]))
    return (
        TITLES.get(each.page, each.page.capitalize()),
        f"{each.trivial:.0f}",
        f"{each.new:.0f}",
        f"{each.ratio:.2f}",
        f"{bound:g}",
        _said(each.ratio, bound),
        f"{each.figure:.0f}" if each.figure > 0 else "–",
        f"{each.seen:.0f}",
        f"{each.ratio_seen:.2f}",
        f"{SEEN:g}",
        _said(each.ratio_seen, SEEN),
        f"{each.cpu:.2f}",
        f"{each.frames:.0f}",
        f"{each.sent / 1000:.0f}",
        f"{each.largest / 1000:.0f}",
        _said(each.largest, MOST_BYTES),
    )


def profile_part(slowest: Clicks, profile: str) -> str:
    """Where the slowest click spends its time now."""
    page = TITLES.get(slowest.page, slowest.page.capitalize())
    head = (
        f"### The slowest click: {page}, {slowest.patients:,} patients\n\n`python -m benchmarks.profile {slowest.page}"
        f" {slowest.patients}`, in processor seconds of the run:"
    )
    return f"{head}\n\n```\n{profile.strip()}\n```"


def start_table(seconds: tuple[float, float], cpu: tuple[float, float]) -> str:
    """From the command to the first figure."""
    rows = [_pair("by the clock, s", *seconds, START), _pair("processor of the server, s", *cpu, START)]
    return "### From `streamlit run app.py` to the first figure\n\n" + _table(PAIR, rows)


def switch_table(trivial: float, pages: Mapping[str, float]) -> str:
    """From a click in the menu to a page that stands."""
    rows = [_pair(TITLES.get(page, page.capitalize()), trivial, ms, SWITCH, "{:.0f}") for page, ms in pages.items()]
    return "### To another page, ms\n\nBeside the first load of the trivial app.\n\n" + _table(PAIR, rows)


def upload_table(found: Upload) -> str:
    """From a file to its cohort."""
    rows = [
        _pair("by the clock, s", found.bare, found.ours, UPLOAD),
        _pair("processor, s", found.bare_cpu, found.ours_cpu, UPLOAD),
    ]
    head = (
        f"### A workbook of {found.patients:,} patients ({found.megabytes:.1f} MB), from the file to its patients on"
        " the page\n\n"
    )
    return f"{head}Beside every cell of it read by calamine and nothing done with it.\n\n" + _table(PAIR, rows)


PAIR: Final = ("", "floor", "this program", "ratio", "bound", "")


def _pair(what: str, floor: float, ours: float, bound: float, form: str = "{:.2f}") -> tuple[str, ...]:
    ratio = ours / floor if floor else float("nan")
    return what, form.format(floor), form.format(ours), f"{ratio:.2f}", f"{bound:g}", _said(ratio, bound)


def _said(value: float, bound: float) -> str:
    return "ok" if value <= bound else "above"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def write(tables: Sequence[str], machine: str) -> None:
    """Put the tables where they stand on the page; the rest of it stays as it is."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{machine}.\n\n" + "\n\n".join(tables) + f"\n\n{END}{after}", encoding="utf-8")
