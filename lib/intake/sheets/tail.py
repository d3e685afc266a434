"""Rows among the data that hold no patient: totals and summaries, notes, the header again, titles of the rows below them.

Each is told with its reason, so that a reader can object. A patient is never taken for one of them: "SD-001", "Sum 12" and a
row with nothing but a code are patients.
"""

import re
from collections.abc import Sequence
from typing import Final

from lib.intake.cells.coding import as_number, is_missing, text
from lib.intake.files.grid import Cell, Grid
from lib.intake.sheets.header import table_of
from lib.intake.sheets.header import written_words as written
from lib.intake.sheets.role import keyed

STATISTIC: Final = (
    r"total|totals|grand_total|subtotal|sum|summe|gesamt|insgesamt|zwischensumme|somme|suma|totale|totaal|"
    r"mean|mw|mittelwert|average|avg|moyenne|promedio|media|gemiddelde|median|mediane|mediana|mediaan|"
    r"range|spannweite|bereich|etendue|rango|intervallo|bereik|iqr|interquartile_range|"
    r"min|max|minimum|maximum|minimo|maximo|sd|std|stdev|std_dev|standard_deviation|standardabweichung|ecart_type|"
    r"durchschnitt|percent(age)?|prozent|q1|q3|quartile|variance|varianz|overall|all|alle|tous|todos|tutti|summary|zusammenfassung|resume|resumen|"
    r"desviacion_estandar|deviazione_standard|sem|count|anzahl|nombre|conteo|aantal|n"
)
CJK: Final = r"合计|总计|小计|平均|中位|中央値|範囲|范围|最小|最大|标准差|標準偏差|合計"
ALONE: Final = re.compile(rf"({STATISTIC})(_({STATISTIC}|and|und|et|y|e|of|all|patients|patienten))*")
WITH_WORDS: Final = re.compile(
    rf"\s*({CJK})|\s*n\s*=\s*\d|"
    r"\s*(total|totals|grand total|sum|summe|gesamt|insgesamt|mean|mittelwert|median|m[ée]diane|mediana|average|somme|moyenne|"
    r"suma|promedio|range|spannweite|sd|count|min|max|minimum|maximum|iqr)(\s*$|\s*[:(=±/,–-]\s*(?!\d)|\s+[a-z])",
    re.I,
)
NOTE: Final = re.compile(
    r"\s*(\*|†|‡|§|#|注|备注|说明|note|notes|anmerkung|hinweis|legende?|quelle|source|abbrev|abk|remarque|nota)", re.I
)
GROUP_WORD: Final = re.compile(
    r"(^|_)(arm|arms|cohorte?|cohort|kohorte|coorte|group|gruppe|groupe|grupo|gruppo|groep|bras|brazo|braccio|dose|dosis|dosisstufe|"
    r"level|stufe|dl_?\d+|stratum|strata|treatment|therapie|control|kontroll\w*|part|phase|product|produkt)(_|$)|组|群|队列|コホート"
)
EXPLANATION: Final = "an explanation of the columns"
AGAIN: Final = "the header again"
TITLE: Final = "a title of the rows below it"
TOTAL: Final = "a total"
SAMPLE: Final = 500
TAIL: Final = 60  # rows at the end that are looked at for notes and totals
FEW_SHAPES: Final = 2  # codes are made alike: then a word alone in a row is none
FULL: Final = 3  # a row with fewer filled cells may be a note

LeftOut = list[tuple[int, str]]


def data_and_rest(grid: Grid, header: Sequence[int]) -> tuple[list[int], LeftOut, dict[int, str]]:
    """The rows that hold data, those that do not with the reason, and the titles among these, by row."""
    rows, left_out = _without_repeats(grid, header[-1])
    explained = [index for index in rows[:3] if _explains(grid, header[-1], index)]
    left_out += [(index, EXPLANATION) for index in explained]
    rows = [index for index in rows if index not in explained] if explained else rows
    titles = _titles(grid, rows)
    rows, below = _without_tail(grid, [index for index in rows if index not in titles], titles)
    left_out += [*below, *((index, TITLE) for index in titles)]
    summaries = _summaries(grid, rows) if titles else []
    left_out += [(index, TOTAL) for index in summaries]
    gone = set(summaries)
    return [index for index in rows if index not in gone], sorted(left_out), titles


def _without_repeats(grid: Grid, header: int) -> tuple[list[int], LeftOut]:
    head = grid.rows[header]
    first = next((place for place, cell in enumerate(head) if not is_missing(cell)), 0)
    mark, rows, left_out = head[first], [], []
    for index in range(header + 1, len(grid.rows)):
        row = grid.rows[index]
        if not any(row) and all(is_missing(cell) for cell in row):
            continue
        if first < len(row) and row[first] == mark and written(row) == written(head):
            left_out.append((index, AGAIN))
        else:
            rows.append(index)
    return rows, left_out


def _explains(grid: Grid, header: int, index: int) -> bool:
    """The template's own line of explanation."""
    table = table_of(grid, header)
    words = written(grid.rows[index])
    explanations = {column.explanation for column in table.columns} if table else set()
    return sum(word in explanations for word in words) * 2 >= max(len(words), 1)


def _typical(grid: Grid, rows: Sequence[int]) -> int:
    usual = sorted(len(written(grid.rows[index])) for index in rows[:200])
    return usual[len(usual) // 2] if usual else 0


def _titles(grid: Grid, rows: Sequence[int]) -> dict[int, str]:
    """Rows in which one text stands alone, with data below: told from a patient of whom nothing is known by its wording."""
    if _typical(grid, rows) < FULL:
        return {}
    across = {top - grid.first_row for top, left, _, right in grid.merged if right - left >= FULL - 1}
    few = [index for index in rows if len(grid.rows[index]) - grid.rows[index].count(None) == 1]
    lone = {index: found[0] for index in few if len(found := written(grid.rows[index])) == 1}
    if not lone or (len(lone) * 3 > len(rows) and len(rows) > FULL):
        return {}
    shapes = {
        _shape(text(row[0]))
        for index in rows[:: max(1, len(rows) // SAMPLE)]
        if index not in lone and (row := grid.rows[index]) and row[0]
    }
    titles: dict[int, str] = {}
    for place, index in enumerate(rows[:-1]):
        words = lone.get(index, "")
        is_title = words and as_number(words) is None and not NOTE.match(words) and not ALONE.fullmatch(keyed(words))
        worded = " " in words or words.endswith(":") or GROUP_WORD.search(keyed(words)) or index in across
        unlike = _shape(words) not in shapes
        worded = worded or (len(shapes) <= FEW_SHAPES and not re.search(r"\d", words))
        if is_title and worded and (unlike or index in across) and rows[place + 1] not in lone:
            titles[index] = title_of(grid, index)
    return titles


def _shape(word: str) -> str:
    """How a code is made: PT-001 and PT-014 alike, "Cohort A" otherwise."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", word.strip()))


def title_row_above(grid: Grid, header: Sequence[int]) -> int | None:
    """The row right above the header in which the title of a group stands alone, or None."""
    for index in range(header[0] - 1, max(header[0] - 3, -1), -1):
        words = written(grid.rows[index])
        if words:
            return index if len(words) == 1 and GROUP_WORD.search(keyed(words[0])) else None
    return None


def title_of(grid: Grid, index: int) -> str:
    """The title that stands alone in this row."""
    return written(grid.rows[index])[0].rstrip(":").strip()


def _summaries(grid: Grid, rows: Sequence[int]) -> list[int]:
    """Rows between the groups that bear the name of a statistic and nothing more."""
    return [index for index in rows if ALONE.fullmatch(keyed(text(_first(grid.rows[index]))))]


def _first(row: Sequence[Cell]) -> Cell:
    return next((cell for cell in row if not is_missing(cell)), None)


def _without_tail(grid: Grid, rows: list[int], titles: dict[int, str]) -> tuple[list[int], LeftOut]:
    """The rows without the notes and totals that stand below the table."""
    typical = _typical(grid, rows)
    below: LeftOut = []
    for place in range(len(rows) - 1, max(-1, len(rows) - 1 - TAIL), -1):
        after_gap = place > 0 and rows[place] - rows[place - 1] > 1 and rows[place] - 1 not in titles
        reason = _no_patient(grid, rows, place, (typical, after_gap))
        if not reason:
            break
        below.append((rows[place], reason))
    return rows[: len(rows) - len(below)], below


def _comes_again(grid: Grid, rows: Sequence[int], index: int) -> bool:
    """Whether the first text of this row begins other rows, too."""
    place, cell = next((place, cell) for place, cell in enumerate(grid.rows[index]) if not is_missing(cell))
    return sum(place < len(grid.rows[row]) and grid.rows[row][place] == cell for row in rows) > 1


def _is_one_of_the_codes(grid: Grid, rows: Sequence[int], word: str) -> bool:
    """Whether "n" or "SD" is a code like the others: most rows begin with as few letters, without digits."""
    firsts = [text(next(cell for cell in grid.rows[row] if not is_missing(cell))) for row in rows[:SAMPLE]]
    alike = sum(len(first) == len(word) and first.isalpha() for first in firsts)
    return word.isascii() and len(word) < FULL and 2 * alike > len(firsts)


def _no_patient(grid: Grid, rows: Sequence[int], place: int, around: tuple[int, bool]) -> str:
    """Why this row holds no patient, or ""; `around` is how many cells are usually filled and whether a gap is above."""
    index, (typical, after_gap) = rows[place], around
    words = written(grid.rows[index])
    if not words:
        return "nothing but signs for no value"
    summed = ALONE.fullmatch(keyed(words[0])) and not words[0].rstrip().endswith("=")
    summed = summed or (
        WITH_WORDS.match(words[0]) and not _comes_again(grid, rows, index)
    )  # "Total protein" of many is a test
    if summed and not _is_one_of_the_codes(grid, rows, words[0]):
        return TOTAL
    few = len(words) < FULL and len(words) * 2 < typical
    if NOTE.match(words[0]) and (few or len(words) == 1):
        return "a note"
    begins = not is_missing(grid.rows[index][0])
    lone = len(words) == 1 and typical > 1 and (after_gap or " " in words[0] or len(words[0]) > 20 or not begins)
    return "a note" if lone or (few and after_gap) else ""
