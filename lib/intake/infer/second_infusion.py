"""Columns that were appended for a second (third ...) infusion: a band "2nd infusion", or headings that are repeated with a 2.

Their dates, doses and products are rows of Infusions; their endpoints count for that infusion. Nothing of them is taken for the first.
"""

import re
from collections.abc import Sequence
from typing import Final

from lib.intake.infer.column import ColumnView, SheetView, keyed
from lib.intake.infer.series import by_patient
from lib.intake.mapping import Reading

ORDINALS: Final = (
    (
        2,
        r"2|2nd|ii|second|secondary|zweite[nrs]?|deuxieme|2e|2eme|segund[ao]|2a|second[ao]|tweede|reinfusion|re_infusion|reinfusie",
    ),
    (3, r"3|3rd|iii|third|dritte[nrs]?|troisieme|3e|3eme|tercer[ao]?|3a|terz[ao]|derde"),
)
INFUSION: Final = r"(re)?_?infusion(en|es)?|infus\w*|cart|car_t(_cell)?s?|car_t_zell\w*|gabe|回输|输注|輸注"
NUMBERED: Final = tuple(
    (number, re.compile(rf"(^|.*_)(({words})_({INFUSION})|({INFUSION})(_?(date|day|datum|dose|product|fecha|data))?_?({words}))(_.*|$)|第{'二三'[number - 2]}次.*"))
    for number, words in ORDINALS
)  # fmt: skip
REINFUSION: Final = re.compile(r"(^|.*_)re_?infus\w*(_.*|$)")
SUFFIX: Final = re.compile(r"(?P<base>.+?)_?(?P<n>[23])")
DOSE: Final = re.compile(r"(^|_)(dose|dosis|dosage|cells?)(_|$)")
PRODUCT: Final = re.compile(r"(^|_)(product|produkt|producto|produit)(_|$)")
FIRST: Final = re.compile(rf"({INFUSION})(_(date|datum))?|(date|datum|fecha|data|day)_.*({INFUSION})|day_0|d0")


def later_infusions(sheet: SheetView) -> dict[int, tuple[ColumnView, ...]]:
    """The columns of each later infusion, by its number; {} where the sheet speaks of none."""
    found: dict[int, list[ColumnView]] = {}
    for column in sheet.columns:
        if (number := _number(column)) and not column.private and column.name != sheet.patient:
            found.setdefault(number, []).append(column)
    dated = {number: columns for number, columns in found.items() if any(map(_is_dated, columns))}
    keys = {column.key for column in sheet.columns}
    for column in sheet.columns:
        number = _number_at_the_end(column, keys)
        if number in dated and not _number(column):
            dated[number].append(column)
    return {number: tuple(columns) for number, columns in dated.items()}


def _number_at_the_end(column: ColumnView, keys: set[str]) -> int:
    """The number of a heading that repeats another of these with a number, 0 for none."""
    match = SUFFIX.fullmatch(column.key)
    return int(match["n"]) if match and match["base"].rstrip("_") in keys else 0


def _is_dated(column: ColumnView) -> bool:
    return column.profile.dates >= 0.5 or _is_day(column)


def _number(column: ColumnView) -> int:
    words = keyed(f"{column.above} {column.name}" if column.above else column.key)
    numbered = next(
        (number for number, pattern in NUMBERED if pattern.fullmatch(words) or pattern.fullmatch(column.key)), 0
    )
    return numbered or (2 if REINFUSION.fullmatch(words) else 0)


def _is_day(column: ColumnView) -> bool:
    return bool(re.search(r"(^|_)(days?|tag|jour|dia)(_|$)", column.key)) and column.profile.numbers >= 0.6


def infusion_reading(sheet: SheetView, number: int, columns: Sequence[ColumnView]) -> Reading:
    """One row of Infusions a patient who had it."""
    roles = by_patient(sheet)
    for column in columns:
        if column.profile.dates >= 0.5:
            roles.setdefault("date", column.name)
        elif _is_day(column):
            roles.setdefault("day", column.name)
        elif DOSE.search(column.key) and column.profile.numbers >= 0.6:
            roles.setdefault("dose", column.name)
        elif PRODUCT.search(column.key):
            roles.setdefault("product", column.name)
    return Reading("infusions", roles, {"infusion": str(number)})
