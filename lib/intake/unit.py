"""Times as they were written -> days: hours, weeks, months (30.4375 days) and years (365.25 days), and the words for these units."""

import re
from typing import Final

from lib.cohort.time_unit import DAYS_PER

READ_DAYS_PER: Final = {**DAYS_PER, "hours": 1 / 24, "years": 365.25}
ONE: Final = {"days": "day", "weeks": "week", "months": "month", "hours": "hour", "years": "year"}
WORDS: Final = {
    "hours": ("h", "hr", "hrs", "hour", "hours", "stunde", "stunden", "std", "heure", "heures", "小时"),
    "days": ("d", "day", "days", "tag", "tage", "jour", "jours", "dia", "dias", "día", "días", "天", "日"),
    "weeks": ("w", "wk", "wks", "week", "weeks", "woche", "wochen", "semaine", "semaines", "semana", "semanas", "周"),
    "months": ("m", "mo", "mos", "mth", "month", "months", "monat", "monate", "mois", "mes", "meses", "月", "个月"),
    "years": ("y", "yr", "yrs", "year", "years", "jahr", "jahre", "an", "ans", "annee", "ano", "años", "anos", "年"),
}
UNIT_OF: Final = {word: unit for unit, words in WORDS.items() for word in words}


def unit_word(written: str) -> str:
    """The unit of time that this word means ("DAYS", "Monate", "yrs."), or ""."""
    return UNIT_OF.get(re.sub(r"[\s.()\[\]]+", "", written).casefold(), "")


def how_long(unit: str) -> str:
    """What one of this unit is: "one month is 30.4375 days"."""
    if unit == "hours":
        return "one day is 24 hours"
    return f"one {ONE[unit]} is {READ_DAYS_PER[unit]:g} days"
