"""The sixteen patients of layouts.py as ten centres would send them, and what R says of each: no word of a real file in
them.

Dates lie 30 days a month apart, so that R's median of 16.5 months is 495 days.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from intake.layouts import COHORT, R_ALL, book

MONTH = 30
FIRST = dt.date(2021, 3, 2)
R_IN_DAYS = (16, 9, 495.0)
HEAD = ("Pat. ID", "Age at infusion", "Sex", "OS [months]", "Status")


@dataclass(frozen=True)
class Layout:
    """A file of one centre, and R's n, events and median of it."""

    name: str
    file: str
    content: bytes
    result: tuple[int, int, float] = R_ALL


def end(place: int, months: float) -> dt.date:
    """The day of death or of the last contact; patients are infused a week apart."""
    return infused(place) + dt.timedelta(days=months * MONTH)


def infused(place: int) -> dt.date:
    return FIRST + dt.timedelta(days=7 * place)


def row(patient: tuple[object, ...]) -> tuple[object, ...]:
    """A patient in the words of a flat list."""
    name, age, sex, _, months, dead = patient
    return (name, age, sex, months, "dead" if dead else "alive")


FLAT = [row(patient) for patient in COHORT]


def registry() -> bytes:
    """An export of a transplant registry: titles above the table, dates of infusion, last contact and death."""
    head = (
        "UPN",
        "Centre code",
        "Diagnosis",
        "Date of cellular therapy",
        "Conditioning regimen",
        "Survival status",
        "Date of last contact",
        "Date of death",
    )
    rows = [
        (
            f"UPN-{1000 + n}",
            "C 17",
            "Multiple myeloma",
            infused(n),
            "Flu/Cy",
            "Dead" if dead else "Alive",
            end(n, months),
            end(n, months) if dead else None,
        )
        for n, (*_, months, dead) in enumerate(COHORT)
    ]
    return book(
        {
            "Cellular therapy form": [
                ("Registry export, all cellular therapies",),
                ("Data as of 2024-06-30",),
                (),
                head,
                *rows,
            ]
        }
    )


def redcap() -> bytes:
    """A longitudinal project: an event a visit, a repeating form of responses."""
    lines = [
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,arm,age,infusion_date,vital_status,"
        "os_months,baseline_complete,resp_date,response,response_complete"
    ]
    for n, (_, age, _, arm, months, dead) in enumerate(COHORT):
        lines.append(
            f"{n + 1},baseline_arm_1,,,{arm},{age},{infused(n)},{'Dead' if dead else 'Alive'},{months},Complete,,,"
        )
        lines += [
            f"{n + 1},follow_up_arm_1,response,{k},,,,,,,{infused(n) + dt.timedelta(days=28 * k)},{best},Complete"
            for k, best in ((1, "PR"), (2, "CR"))
        ]
    return "\n".join(lines).encode()


def word_table() -> bytes:
    """A table of a manuscript, pasted: breaks in its headings, a title above, footnotes below."""
    head = ("Patient\nno.", "Age,\nyears", "Sex", "OS,\nmonths", "Alive at last\nfollow-up")
    rows = [
        (f"{n}", age, sex, months, "No" if dead else "Yes")
        for n, (_, age, sex, _, months, dead) in enumerate(COHORT, 1)
    ]
    return book(
        {
            "Sheet1": [
                ("Table 2. Characteristics and outcome of the patients",),
                head,
                *rows,
                ("Abbreviations: OS, overall survival; CAR, chimeric antigen receptor.",),
            ]
        }
    )


def a_sheet_a_month() -> bytes:
    return book(
        {f"{month} 2023": [HEAD, *FLAT[n * 6 : n * 6 + 6]] for n, month in enumerate(("January", "February", "March"))}
    )


def turned() -> bytes:
    """Patients as columns."""
    return book({"Overview": [list(cells) for cells in zip(HEAD, *FLAT, strict=True)]})


def two_arms() -> bytes:
    return book({"CAR-T alone": [HEAD, *FLAT[:8]], "CAR-T + pomalidomide": [HEAD, *FLAT[8:]]})


def coloured() -> bytes:
    """The arm is the colour of the row, and a legend says so."""
    fills = {f"{letter}{n}": "FFF2CC" if n < 10 else "C6E0B4" for n in range(2, 18) for letter in "ABCDE"}
    return book({"Patients": [HEAD, *FLAT]}, fills={"Patients": fills})


def three_orders() -> bytes:
    """Dates as text: 31.12.2021 of one hospital, 2021-12-31 of another, 12/31/2021 of a third."""
    lines = ["Patient;Age;CAR-T infusion;Date of death;Last seen alive"]
    for n, (name, age, *_, months, dead) in enumerate(COHORT):
        day = end(n, months)
        lines.append(f"{name};{age};{infused(n):%d.%m.%Y};{day if dead else ''};{'' if dead else f'{day:%m/%d/%Y}'}")
    return "\n".join(lines).encode()


def second_infusion() -> bytes:
    """A block for the second infusion to the right, under a merged band."""
    head = ("Patient ID", "Age", "Date", "Dose", "Date of death", "Date of last contact", "Date", "Dose")
    rows = [
        (
            name,
            age,
            infused(n),
            1.5,
            end(n, months) if dead else None,
            end(n, months),
            *((infused(n) + dt.timedelta(days=40), 2.0) if n % 5 == 0 else (None, None)),
        )
        for n, (name, age, *_, months, dead) in enumerate(COHORT)
    ]
    bands = (None, None, "CAR-T infusion", None, None, None, "2nd infusion", None)
    return book({"CAR-T": [bands, head, *rows]}, merged={"CAR-T": ["C1:D1", "G1:H1"]})


def hospital_page() -> bytes:
    """What a hospital's system calls .xls: a page in German, with decimal commas."""
    head = "".join(f"<th>{each}</th>" for each in ("Pat.-Nr.", "Alter", "Geschlecht", "OS (Monate)", "verstorben"))
    rows = "".join(
        f"<tr><td>{n:04}</td><td>{age}</td><td>{'w' if sex == 'F' else 'm'}</td>"
        f"<td>{str(months).replace('.', ',')}</td><td>{'ja' if dead else 'nein'}</td></tr>"
        for n, (_, age, sex, _, months, dead) in enumerate(COHORT, 1)
    )
    return (
        '<html><head><meta charset="iso-8859-1"></head><body><table><tr><td colspan=5>Auswertung Zelltherapie</td></tr>'
        f"<tr>{head}</tr>{rows}</table></body></html>"
    ).encode("iso-8859-1")


def _layout(make: Callable[[], bytes], ending: str, result: tuple[int, int, float] = R_ALL) -> Layout:
    return Layout(make.__name__.replace("_", " "), f"{make.__name__}.{ending}", make(), result)


TEN = (
    _layout(registry, "xlsx", R_IN_DAYS),
    _layout(redcap, "csv"),
    _layout(word_table, "xlsx"),
    _layout(a_sheet_a_month, "xlsx"),
    _layout(turned, "xlsx"),
    _layout(two_arms, "xlsx"),
    _layout(coloured, "xlsx"),
    _layout(three_orders, "csv", R_IN_DAYS),
    _layout(second_infusion, "xlsx", R_IN_DAYS),
    _layout(hospital_page, "xls"),
)
