"""CAR-HEMATOTOX as tables: low and high risk by group, and every patient with the values and points of each item."""

from collections import Counter

from lib.derived.hematotox import ITEMS
from lib.labs.hematotox.result import HematotoxResult, PatientScore
from lib.labs.hematotox.words import BOUNDARIES, ITEMS_RULE, RANGE, SHORT, caption, minus, notes, title
from lib.publication.exhibit import Numbers, Table
from lib.publication.number import count, short

CATEGORIES = (("low", "Low (0–1)"), ("high", "High (2–7)"), (None, "Not certain: items missing"))


def hematotox_table(result: HematotoxResult) -> Table:
    """By group the patients of low and high risk, of neither for certain, and how many have each score."""
    names = (*result.grouping.names, *((None,) if result.grouping.compares else ()))
    columns = [(name or "Total", result.of(name)) for name in names]
    risks = [
        (words, *(count(sum(each.score.category == category for each in rows), len(rows)) for _, rows in columns))
        for category, words in CATEGORIES
    ]
    complete = (
        "All five items known",
        *(count(sum(not each.score.missing for each in rows), len(rows)) for _, rows in columns),
    )
    return Table(
        id="labs.hematotox",
        title=title(result),
        header=("CAR-HEMATOTOX", *(f"{name} (n = {len(rows)})" for name, rows in columns)),
        rows=(*risks, complete, ("Scores", *(_scores(rows) for _, rows in columns))),
        caption=caption(result),
        notes=notes(result),
        n=len(result.patients),
        numbers=_group_numbers(result),
    )


def hematotox_patients(result: HematotoxResult) -> Table:
    """One row a patient: the value and points of each item, the score or its range, the risk, and which values were taken."""
    units = tuple(f"{SHORT[item.analyte]}, {item.unit}" for item in ITEMS)
    return Table(
        id="labs.hematotox.patients",
        title="CAR-HEMATOTOX of each patient",
        header=("Patient", "Group", *units, "Score", "Risk", "LD day", "Day"),
        rows=tuple(_patient(each) for each in result.patients),
        caption=f"CAR-HEMATOTOX of each patient: value (points) of each item, – where it is missing. Day: of the values; LD day: first of lymphodepletion; where it is not stated (–), day {minus(result.assumed)} is taken. {ITEMS_RULE}",
        notes=(BOUNDARIES, RANGE),
        n=len(result.patients),
        numbers=_patient_numbers(result),
    )


def _scores(rows: tuple[PatientScore, ...]) -> str:
    """How often each score: "0: 3, 2: 1, 1–3: 2"."""
    counted = Counter((each.score.low, each.score.high) for each in rows)
    return ", ".join(f"{_range(*ends)}: {counted[ends]}" for ends in sorted(counted)) or "–"


def _range(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low}–{high}"


def _patient(each: PatientScore) -> tuple[str, ...]:
    score = each.score
    items = tuple(_item(each, item.analyte) for item in ITEMS)
    return (
        each.patient,
        each.group,
        *items,
        _range(score.low, score.high),
        score.category or "not certain",
        *_source(each),
    )


def _item(each: PatientScore, analyte: str) -> str:
    points = _range(*each.score.points[analyte])
    if analyte not in each.taken:
        return f"– ({points})"
    _, low, high = each.taken[analyte]
    return f"{short(high) if low == high else f'< {short(high)}'} ({points})"


def _source(each: PatientScore) -> tuple[str, str]:
    """The day on which lymphodepletion began, and from which days values were taken."""
    days = sorted({day for day, _, _ in each.taken.values()})
    told = f"{days[0]:g}" + (f" to {days[-1]:g}" if len(days) > 1 else "") if days else "–"
    began = "–" if each.lymphodepletion is None else f"{each.lymphodepletion:g}"
    return began.replace("-", "−"), told.replace("-", "−")


def _group_numbers(result: HematotoxResult) -> Numbers:
    rows = []
    for name in result.grouping.names:
        mine = result.of(name)
        counted = Counter(each.score.category for each in mine)
        rows += [
            (name, category, counted[category], len(mine), None if category else "items missing")
            for category, _ in CATEGORIES
        ]
    return Numbers((("group", ""), ("risk", ""), ("n", "patients"), ("of", "patients"), ("reason", "")), tuple(rows))


def _patient_numbers(result: HematotoxResult) -> Numbers:
    columns = [("patient", ""), ("group", "")]
    for item in ITEMS:
        columns += [
            (item.analyte, item.unit),
            (f"{item.analyte}_day", "days"),
            (f"{item.analyte}_points_min", ""),
            (f"{item.analyte}_points_max", ""),
        ]
    columns += [
        ("score_min", ""),
        ("score_max", ""),
        ("score", ""),
        ("risk", ""),
        ("lymphodepletion_day", "days"),
        ("reason", ""),
    ]
    return Numbers(tuple(columns), tuple(_patient_row(each) for each in result.patients))


def _patient_row(each: PatientScore) -> tuple[object, ...]:
    """Unrounded; an amount below a limit of detection is null, with the reason."""
    cells: list[object] = []
    said = [f"{analyte}: no value" for analyte in each.score.missing]
    for item in ITEMS:
        day, low, high = each.taken.get(item.analyte, (None, None, None))
        said += [f"{item.analyte}: below {short(high)}"] * (low != high)
        cells += [high if low == high else None, day, *each.score.points[item.analyte]]
    said += ["lymphodepletion_day: not stated"] * (each.lymphodepletion is None)
    score = each.score
    ends = (score.low, score.high, score.score, score.category, each.lymphodepletion, "; ".join(said) or None)
    return (each.patient, each.group, *cells, *ends)
