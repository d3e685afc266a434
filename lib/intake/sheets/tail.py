"""Rows among the data that hold no patient: totals and summaries, notes, the header again, titles of the rows below
them.

Each is reported with its reason, so that a reader can object. A patient is never taken for one of them: "SD-001", "Sum
12" and a row with nothing but a code are patients.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lib.intake.cells.coding import as_number, filled, is_missing, text
from lib.intake.files.grid import NO_CODE, Cell, Grid
from lib.intake.sheets.header import is_explanation, table_of
from lib.intake.sheets.header import written_words as written
from lib.intake.sheets.role import keyed

STATISTIC: Final = (
    r"total|totals|grand_total|sub_?totals?|sous_total|razem|sum|summe|gesamt|insgesamt|zwischensumme|somme|suma|totale|totaal|"
    r"mean|mw|mittelwert|average|avg|moyenne|promedio|media|gemiddelde|srednia|median|mediane|mediana|mediaan|"
    r"range|spannweite|bereich|etendue|rango|intervallo|bereik|zakres|iqr|interquartile_range|"
    r"min|max|minimum|maximum|minimo|maximo|sd|std|stdev|std_dev|p|p_?values?|p_?wert|valeur_(de_)?p|(95_)?ci(_95)?|missing|fehlend|manquant|standard_deviation|standardabweichung|ecart_type|"
    r"durchschnitt|percent(age)?|prozent|q1|q3|quartile|variance|varianz|overall|all|alle|tous|todos|tutti|summary|zusammenfassung|resume|resumen|"
    r"desviacion_estandar|deviazione_standard|sem|count|anzahl|nombre|conteo|aantal|n"
)
CJK: Final = r"合计|总计|小计|平均|中位|中央値|範囲|范围|最小|最大|标准差|標準偏差|合計"
ALONE: Final = re.compile(rf"({STATISTIC})(_({STATISTIC}|and|und|et|y|e|of|all|patients|patienten|de|ds|ric|et))*")
WITH_WORDS: Final = re.compile(
    rf"\s*({CJK})|\s*n\s*=\s*\d|"
    r"\s*(total|totals|grand"
    r" total|sub-?totals?|sous-total|"
    r"zwischensumme|sum|summe|gesamt|insgesamt|mean|mittelwert|median|m[ée]diane|mediana|average|somme|moyenne|"
    r"suma|promedio|range|spannweite|sd|count|min|max|minimum|maximum|iqr)(\s*$|\s*[:(=±/,–-]\s*(?!\d)|\s+[a-z])",
    re.I,
)
NOTE: Final = re.compile(
    r"\s*(\*|†|‡|§|#|注|备注|说明|note|notes|anmerkung|hinweis|legende?|quelle|source|abbrev|abk|remarque|nota)", re.I
)
PERCENTILE: Final = re.compile(r"\d{1,2}(\.\d+)?\s*%|\d{1,2}(st|nd|rd|th) (percentile|quartile)", re.I)
GROUP_WORD: Final = re.compile(
    r"(^|_)(arm|arms|cohorte?|cohort|kohorte|coorte|group|gruppe|groupe|grupo|gruppo|groep|bras|brazo|braccio|dose|dosis|dosisstufe|"
    r"level|stufe|dl_?\d+|stratum|strata|treatment|therapie|control|kontroll\w*|part|phase|product|produkt)(_|$)|组|群|队列|コホート"
)
EXPLANATION: Final = "an explanation of the columns"
HEADINGS: Final = "a further row of headings, or the numbers of the columns"
AGAIN: Final = "the header again"
TITLE: Final = "a title of the rows below it"
TOTAL: Final = "a total"
A_NOTE: Final = "a note"
SAMPLE: Final = 500
LOOKED_AT: Final = 200  # rows that say how many cells are usual
TAIL: Final = 60  # rows at the end that are looked at for notes and totals
FEW_SHAPES: Final = 2  # codes are made alike: then a word alone in a row is none
LOOKED_BELOW: Final = 8  # rows that say whether numbers stand in a column
FULL: Final = 3  # a row with fewer filled cells may be a note

LeftOut = list[tuple[int, str]]


def data_and_rest(grid: Grid, header: Sequence[int]) -> tuple[list[int], LeftOut, dict[int, str]]:
    """The rows that hold data, those that do not with the reason, and the titles among these, by row."""
    rows, again = _without_repeats(grid, header[-1])
    table = table_of(grid, header[-1])
    explained = [index for index in rows[:3] if table and is_explanation(written(grid.rows[index]), table)]
    rows = _without(rows, explained)
    headings = _more_headings(grid, rows)
    rows = _without(rows, headings)
    titles = _titles(grid, rows)
    rows, below = _without_tail(grid, _without(rows, titles), titles)
    totals = _summaries(grid, rows) if titles else _subtotals(grid, rows)
    reasons = ((explained, EXPLANATION), (headings, HEADINGS), (titles, TITLE), (totals, TOTAL))
    left_out = [*again, *below, *((index, reason) for indices, reason in reasons for index in indices)]
    return _without(rows, totals), sorted(left_out), titles


def _more_headings(grid: Grid, rows: Sequence[int]) -> list[int]:
    """The first row where it has words over columns of numbers and no code like those below it, or counts the
    columns."""
    top, *below = (grid.rows[index] for index in rows[: 1 + LOOKED_BELOW]) if len(rows) > FULL else ((),)
    words = written(top)
    counted = len(words) > FULL and words == [str(place + 1) for place in range(len(words))]
    if counted and text(next(iter(below[0]), None)) != "2":
        return [rows[0]]
    worded = bool(words) and not any(map(_is_number, words)) and _is_over_numbers(top, below)
    return [rows[0]] if worded and _shape(words[0]) not in _shapes(grid, rows[1:SAMPLE]) else []


def _is_over_numbers(top: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Whether words stand over numbers in at least two columns, and in half of all but the first."""
    n = [sum(place < len(row) and _is_number(row[place]) for row in below) for place in range(len(top))]
    over = sum(isinstance(cell, str) and each * 2 > len(below) for cell, each in zip(top, n, strict=True))
    return over > 1 and over * 2 >= len(written(top)) - 1


def _is_number(cell: Cell) -> bool:
    return as_number(cell) is not None


def _without(rows: list[int], gone: Collection[int]) -> list[int]:
    away = set(gone)
    return [index for index in rows if index not in away] if away else rows


def _without_repeats(grid: Grid, header: int) -> tuple[list[int], LeftOut]:
    head = grid.rows[header]
    first = next((place for place, cell in enumerate(head) if not is_missing(cell)), 0)
    below = np.arange(len(grid.rows)) > header
    blank = np.flatnonzero(below & (_filled(grid) == 0)).tolist()
    below[[index for index in blank if not any(grid.rows[index]) and all(map(is_missing, grid.rows[index]))]] = False
    column = grid.whole_column(first).distinct
    alike = (
        np.flatnonzero(below)
        if is_missing(head[first])
        else column.rows_with(cell == head[first] for cell in column.values)
    )
    again = [index for index in alike.tolist() if below[index] and written(grid.rows[index]) == written(head)]
    below[again] = False
    return np.flatnonzero(below).tolist(), [(index, AGAIN) for index in again]


def _filled(grid: Grid) -> NDArray[np.int32]:
    """Of each row how many of its cells are not empty."""
    return grid.remembered("filled", lambda: _counted(grid))


def _counted(grid: Grid) -> NDArray[np.int32]:
    found = np.zeros(len(grid.rows), dtype=np.int32)
    for place in range(grid.width):
        column = grid.whole_column(place).distinct
        found += column.codes != (column.values.index("") if "" in column.texts else NO_CODE)
        if "" in column.texts:
            found -= column.codes == NO_CODE
    return found


def _typical(grid: Grid, rows: Sequence[int]) -> int:
    first = np.asarray(rows[:LOOKED_AT], dtype=np.intp)
    usual = np.zeros(len(first), dtype=np.intp)
    for place in range(grid.width):
        usual += filled(grid.whole_column(place))[first]
    return int(np.sort(usual)[len(usual) // 2]) if len(usual) else 0


def _titles(grid: Grid, rows: Sequence[int]) -> dict[int, str]:
    """Rows in which one text stands alone, with data below: told from a patient of whom nothing is known by its
    wording."""
    lone = _alone(grid, rows)
    if not lone or len(lone) * 3 > len(rows) > FULL:
        return {}
    shapes = _shapes(grid, [index for index in rows[:: max(1, len(rows) // SAMPLE)] if index not in lone])
    across = {top - grid.first_row for top, left, _, right in grid.merged if right - left >= FULL - 1}
    above_data = [index for index, below in pairwise(rows) if index in lone and below not in lone]
    return {index: title_of(grid, index) for index in above_data if _is_title(lone[index], shapes, index in across)}


def _shapes(grid: Grid, rows: Sequence[int]) -> set[str]:
    """How the codes in the first column of these rows are made."""
    return {_shape(text(row[0])) for row in map(grid.rows.__getitem__, rows) if row and row[0]}


def _alone(grid: Grid, rows: Sequence[int]) -> dict[int, str]:
    """The rows in which one text stands alone, with it; {} where most have no more."""
    if _typical(grid, rows) < FULL:
        return {}
    perhaps = (_filled(grid) <= 1)[np.asarray(rows, dtype=np.intp)]
    few = [
        rows[place]
        for place in np.flatnonzero(perhaps).tolist()
        if len(row := grid.rows[rows[place]]) - row.count(None) == 1
    ]
    lone = {index: found[0] for index in few if len(found := written(grid.rows[index])) == 1}
    return {index: word for index, word in lone.items() if not (NOTE.match(word) or WITH_WORDS.match(word))}


def _is_title(words: str, shapes: Collection[str], across: bool) -> bool:
    """Whether words that stand alone in a row, merged over several cells or not, are a title; `shapes` are those of the
    codes."""
    key = keyed(words)
    if as_number(words) is not None or NOTE.match(words) or ALONE.fullmatch(key):
        return False
    if across:
        return True
    worded = " " in words or words.endswith(":") or GROUP_WORD.search(key)
    unlike_codes = len(shapes) <= FEW_SHAPES and not re.search(r"\d", words)
    return bool(worded or unlike_codes) and _shape(words) not in shapes


def _names_statistic(word: str) -> bool:
    """Whether a word says a statistic and nothing more, as 25% does; "n =" may be a code."""
    named = ALONE.fullmatch(keyed(word)) or PERCENTILE.fullmatch(word.strip())
    return bool(named) and not word.rstrip().endswith("=")


def _is_total(grid: Grid, rows: Sequence[int], index: int, first: str) -> bool:
    """Whether the first text of a row names a statistic, and is no code of a patient."""
    # "Total protein" of many is a test
    summed = _names_statistic(first) or (WITH_WORDS.match(first) and not _comes_again(grid, rows, index))
    return bool(summed) and not _is_one_of_the_codes(grid, rows, first)


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


def _subtotals(grid: Grid, rows: Sequence[int]) -> list[int]:
    """Rows of totals among the others, where all codes have digits and hardly any of these rows is there."""
    first = grid.whole_column(0).distinct.values
    words = {text(cell) for cell in first if isinstance(cell, str) and _is_subtotal(cell)}
    found = [index for index in rows if words and text(next(iter(grid.rows[index]), None)) in words]
    return found if found and len(found) * FULL <= len(rows) and _are_coded(grid, rows, {*found}) else []


def _are_coded(grid: Grid, rows: Sequence[int], but: Collection[int]) -> bool:
    """Whether the codes of these rows have digits, all but some."""
    shapes = _shapes(grid, [index for index in rows[:SAMPLE] if index not in but])
    return bool(shapes) and all("9" in shape for shape in shapes)


def _is_subtotal(word: str) -> bool:
    """Whether a word says a statistic, of a group or of all; Q1 among Q0 and Q2 is a patient."""
    return bool(WITH_WORDS.match(word)) or (not re.search(r"\d", word) and _names_statistic(word))


def _first(row: Sequence[Cell]) -> Cell:
    return next((cell for cell in row if not is_missing(cell)), None)


def _without_tail(grid: Grid, rows: list[int], titles: dict[int, str]) -> tuple[list[int], LeftOut]:
    """The rows without the notes and totals that stand below the table."""
    typical = _typical(grid, rows)
    below: LeftOut = []
    apart = _standing_apart(grid, rows, titles)
    for place in range(len(rows) - 1, max(-1, len(rows) - 1 - TAIL), -1):
        after_gap = _is_after_gap(rows, place, titles)
        reason = _no_patient(grid, rows, place, (typical, after_gap)) or (TOTAL if rows[place] in apart else "")
        if not reason:
            break
        below.append((rows[place], reason))
    return rows[: len(rows) - len(below)], below


def _is_after_gap(rows: Sequence[int], place: int, titles: Collection[int]) -> bool:
    return place > 0 and rows[place] - rows[place - 1] > 1 and rows[place] - 1 not in titles


def _standing_apart(grid: Grid, rows: Sequence[int], titles: Collection[int]) -> set[int]:
    """The rows below the last empty row, where all codes above have digits, and none of theirs has."""
    last = range(len(rows) - 1, max(0, len(rows) - 1 - TAIL), -1)
    gap = next((place for place in last if _is_after_gap(rows, place, titles)), len(rows))
    if gap == len(rows):
        return set()
    above, apart = ([text(_first(grid.rows[index])) for index in part] for part in (rows[:gap][:SAMPLE], rows[gap:]))
    coded = len(above) >= FULL and all(re.search(r"\d", word) for word in above)
    return set(rows[gap:]) if coded and not any(map(_is_code, apart)) else set()


def _is_code(word: str) -> bool:
    """Whether it may be the code of a patient: a text that ends with a digit, and no statistic ("n=3")."""
    return bool(re.search(r"\d\W*$", word)) and not WITH_WORDS.match(word) and "=" not in word


def _comes_again(grid: Grid, rows: Sequence[int], index: int) -> bool:
    """Whether the first text of this row begins other rows, too."""
    place, cell = next((place, cell) for place, cell in enumerate(grid.rows[index]) if not is_missing(cell))
    return sum(place < len(grid.rows[row]) and grid.rows[row][place] == cell for row in rows) > 1


def _is_one_of_the_codes(grid: Grid, rows: Sequence[int], word: str) -> bool:
    """Whether "n" or "SD" is a code like the others: most rows begin with as few letters, without digits; "Q1" where
    there is a Q0 or Q5."""
    firsts = [text(_first(grid.rows[row])) for row in rows[:SAMPLE]]
    if re.search(r"\d", word) and any(
        _shape(first) == _shape(word) and first != word and not _names_statistic(first) for first in firsts
    ):
        return True
    alike = sum(len(first) == len(word) and first.isalpha() for first in firsts)
    return word.isascii() and len(word) < FULL and 2 * alike > len(firsts)


def _no_patient(grid: Grid, rows: Sequence[int], place: int, around: tuple[int, bool]) -> str:
    """Why this row holds no patient, or ""; `around` is how many cells are usually filled and whether a gap is
    above."""
    index, (typical, after_gap) = rows[place], around
    words = written(grid.rows[index])
    if not words:
        return "nothing but signs for no value"
    if _is_total(grid, rows, index, words[0]):
        return TOTAL
    if _is_below_notes(grid, index, words, around):
        return A_NOTE
    begins_late = is_missing(grid.rows[index][0])
    if not NOTE.match(words[0]) and _sums_up(grid, rows[:place], words, begins_late, typical):
        return TOTAL
    return A_NOTE if len(words) == 1 and _is_remark(words[0], typical, after_gap or begins_late) else ""


def _is_below_notes(grid: Grid, index: int, words: Sequence[str], around: tuple[int, bool]) -> bool:
    """Whether a row of few cells is marked as a note or stands apart, or goes on below a note, cut by its commas."""
    typical, after_gap = around
    if len(words) < FULL and len(words) * 2 < typical and (after_gap or NOTE.match(words[0])):
        return True
    above = written(grid.rows[index - 1]) if len(words) < typical else []
    return len(above) == 1 and bool(NOTE.match(above[0])) and not _is_code(words[0])


def _sums_up(grid: Grid, above: Sequence[int], words: Sequence[str], begins_late: bool, typical: int) -> bool:
    """Whether a row has few cells and no code below coded rows, or nothing but numbers and no code below rows that all
    have one."""
    if 2 * len(words) <= typical and not _is_code(words[0]):
        return len(above) >= LOOKED_BELOW and _are_coded(grid, above, ())
    return begins_late and all(map(_is_number, words)) and bool(filled(grid.whole_column(0))[list(above)].all())


def _is_remark(word: str, typical: int, apart: bool) -> bool:
    """Whether a text that stands alone in its row is a note: marked as one, or where others have more, standing apart
    or long."""
    return bool(NOTE.match(word)) or (typical > 1 and (apart or " " in word or len(word) > 20))
