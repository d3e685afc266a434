"""On which day something became known of each patient, so that groups can be formed anew at a landmark.

A group formed after infusion gives its later members time in which they could not die; asked at a landmark, by what was
known then, it does not. Whose day is not stated is in neither group until it is certain.
"""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class BecameKnown:
    """`day` is the first day on which `label` held, NaN = never, by the index of the cohort's patients.

    `not_stated` names the patients of whom it held, or may have held, on a day that is not written down. A day that
    stands for one of them is certain all the same (another course of the same drug). `others` names those of whom it
    does not hold.
    """

    label: str
    day: pd.Series
    not_stated: tuple[str, ...] = ()
    others: str = ""

    def group_at(self, day: float, patients: pd.Series) -> pd.Series:
        """Each patient's group on that day: the label where it held by then, else `others`; None = not known.

        `patients` are the ids of the patients, by the same index.
        """
        unknown = patients.isin(self.not_stated)
        others = self.others or f"no {self.label}"
        known = [
            self.label if first <= day else (None if unsure else others)
            for first, unsure in zip(self.day, unknown, strict=True)
        ]
        return pd.Series(known, index=self.day.index, dtype="object")


def first_days(patients: pd.Series, rows: pd.DataFrame, column: str) -> pd.Series:
    """For each patient the first day from the infusion on in a column of the rows, NaN without one."""
    later = rows[rows[column] >= 0]
    first = later.groupby("patient_id")[column].min()
    return patients.map(first).astype("float64")


def without_day(patients: pd.Series, rows: pd.DataFrame, column: str) -> tuple[str, ...]:
    """Which of the patients have a row whose day is not stated, in their order."""
    open_rows = set(rows.loc[rows[column].isna(), "patient_id"])
    return tuple(patient for patient in patients if patient in open_rows)
