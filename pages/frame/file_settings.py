"""What is said of a whole file: the order of its dates, its ids, high-risk cytogenetics, and settings of the study."""

import json
from dataclasses import asdict
from typing import Final

import streamlit as st

from lib.cohort.response_scale import DISEASES
from lib.cohort.time_unit import UNITS
from lib.intake.cells.meanings import SUFFIXES
from lib.intake.draft import Draft
from lib.intake.files.limits import Unsafe
from lib.intake.infer.edited import AS_THEY_STAND, TRUE_DATES
from lib.intake.infer.edits import edit_key
from lib.intake.mapping import DATE_ORDERS, DECIMAL_SIGNS
from lib.intake.preview import ColumnPreview
from pages.frame import session
from pages.frame.column_details import set_study
from pages.frame.escape import plain

NO_ORDER: Final = "as each column says it"
SIGNS: Final = {"": "what the file's other numbers show", ",": "a thousand: decimals have a comma", ".": "decimals"}
NO_SUFFIX: Final = "nothing"
ENDS: Final = {
    "": NO_SUFFIX,
    "_1": "a number after a mark: Pat01_1",
    "_a": "a letter: Pat01a",
    "_d28": "a visit: Pat01 D28",
    "_(...)": "brackets: Pat01 (B)",
}
TRUST: Final = {
    AS_THEY_STAND: "right as they stand",
    "exchanged": "wrong: day and month were exchanged",
    "not read": "not to be read",
}
FEW: Final = 12  # values of a column that may hold a lesion


def show(draft: Draft) -> None:
    """All settings of the file."""
    dates, study = st.columns(2, gap="large")
    with dates:
        _show_dates(draft)
        _show_numbers(draft)
        _show_ids(draft)
    with study:
        _show_study(draft)
        _show_lesions(draft)


def _show_dates(draft: Draft) -> None:
    name = edit_key("date_order")
    session.assign(name, draft.mapping.date_order)
    st.selectbox(
        "In dates such as 03/04/2022, first stands",
        DATE_ORDERS,
        key=name,
        format_func=lambda order: order or NO_ORDER,
        on_change=_set,
        args=(name,),
    )
    name = edit_key("true_dates")
    session.assign(name, draft.mapping.true_dates or AS_THEY_STAND)
    st.selectbox(
        "The spreadsheet's own dates are",
        list(TRUE_DATES),
        key=name,
        format_func=lambda given: TRUST.get(given, given),
        on_change=_set,
        args=(name,),
        help="A spreadsheet in another language takes 03/04/2022 for the wrong day.",
    )


def _show_numbers(draft: Draft) -> None:
    name = edit_key("decimal_sign")
    session.assign(name, draft.mapping.decimal_sign)
    st.selectbox(
        "The point in a number such as 40.000 is for",
        DECIMAL_SIGNS,
        key=name,
        format_func=lambda sign: SIGNS[sign],
        on_change=_set,
        args=(name,),
        help="A comma, as in 1,234, is then for the other. It counts only where no number of the file shows it.",
    )
    session.assign("missing everywhere", "; ".join(draft.mapping.missing.get("*", ())))
    st.text_input(
        "No value in any column",
        key="missing everywhere",
        placeholder="-999; n.d.",
        on_change=_set_missing,
        help="Words and codes, with a semicolon between them. Ids are left alone.",
    )


def _show_ids(draft: Draft) -> None:
    st.markdown("**Ids that are written in two ways**")
    rule = draft.mapping.ids
    session.assign("ids end", rule.strip_suffix)
    st.selectbox(
        "Take off the end",
        ["", *SUFFIXES],
        key="ids end",
        format_func=lambda end: ENDS.get(end, end),
        on_change=_set_ids,
    )
    session.assign("ids zeros", rule.zero_pad > 0)
    st.checkbox("Zeros before a number do not matter: P1 is P001", key="ids zeros", on_change=_set_ids)
    session.assign("ids case", rule.casefold)
    st.checkbox("Capitals, spaces and marks do not matter: p-01 is P01", key="ids case", on_change=_set_ids)
    session.assign("ids pairs", "\n".join(f"{one} = {other}" for one, other in rule.pairs.items()))
    st.text_area(
        "Single ids, one a line: the id as written = the patient",
        key="ids pairs",
        placeholder="X9 = P3",
        on_change=_set_ids,
    )


def _show_study(draft: Draft) -> None:
    st.markdown("**Study**")
    for setting, label, offered in (
        ("disease", "Disease: its criteria of response", list(DISEASES)),
        ("time_unit", "Unit of time of the figures", list(UNITS)),
        ("group_by", "Compare groups by", _columns(draft)),
    ):
        key, now = f"study {setting}", draft.mapping.study.get(setting)
        session.assign(key, now if now in offered else None)
        st.selectbox(
            label, offered, index=None, key=key, placeholder="not stated", on_change=set_study, args=(setting, key)
        )
    for setting, label, hint in (("data_cutoff", "Data cut-off", "yyyy-mm-dd"), ("title", "Title", "none")):
        key = f"study {setting}"
        session.assign(key, draft.mapping.study.get(setting, ""))
        st.text_input(label, key=key, placeholder=hint, on_change=set_study, args=(setting, key))


def _columns(draft: Draft) -> list[str]:
    return (
        []
        if isinstance(draft.opened, str)
        else [
            name
            for name in draft.opened.patients.columns
            if name not in ("patient_id", "analysis_set", "exclusion_reason")
        ]
    )


def _show_lesions(draft: Draft) -> None:
    """Which columns of the patients, with which values, are high-risk cytogenetics."""
    st.markdown("**High-risk cytogenetics is any of**")
    lesions = dict(draft.mapping.high_risk.lesions) if draft.mapping.high_risk else {}
    offered = {column.heading: column for column in _of_patients(draft)}
    session.assign("lesions", [name for name in lesions if name in offered])
    chosen = st.multiselect(
        "Columns",
        list(offered),
        key="lesions",
        placeholder="none: as its own column says",
        on_change=_set_lesions,
        args=(lesions,),
    )
    for name in chosen:
        key = f"present {name}"
        words = [value for value, _ in offered[name].values]
        session.assign(key, [word for word in lesions.get(name, ()) if word in words])
        st.multiselect(f"{name}: present is", words, key=key, on_change=_set_lesions, args=(lesions,))
    if chosen:
        name = edit_key("blank_is_absent")
        session.assign(name, draft.mapping.high_risk is not None and draft.mapping.high_risk.blank_is_absent)
        st.checkbox(
            "An empty cell means absent",
            key=name,
            on_change=_set_blank,
            args=(name,),
            help="Else it means not tested: who has no lesion and an empty cell is not stated.",
        )


def _of_patients(draft: Draft) -> list[ColumnPreview]:
    """The columns of the patients' sheets with few values, none private."""
    found = []
    for sheet in draft.mapping.sheets:
        if any(reading.table == "patients" for reading in sheet.readings):
            try:
                preview = draft.preview(sheet.sheet)
            except Unsafe as refusal:
                st.error(plain(str(refusal)))
                continue
            found += [column for column in (preview.columns if preview else ()) if 0 < len(column.values) <= FEW]
    return found


def _set(name: str) -> None:
    session.change_draft(session.draft().answered(name, session.answer(name) or ""))


def _set_ids() -> None:
    lines = [line.partition("=") for line in str(session.answer("ids pairs") or "").splitlines() if "=" in line]
    rule = asdict(session.draft().mapping.ids) | {
        "strip_suffix": session.answer("ids end") or "",
        "zero_pad": max(session.draft().mapping.ids.zero_pad, 1) if session.answer("ids zeros") else 0,
        "casefold": bool(session.answer("ids case")),
        "pairs": {one.strip(): other.strip() for one, _, other in lines},
    }
    session.change_draft(session.draft().answered(edit_key("ids"), json.dumps(rule)))


def _set_missing() -> None:
    words = [word.strip() for word in str(session.answer("missing everywhere") or "").split(";")]
    session.change_draft(session.draft().answered(edit_key("missing"), json.dumps(list(filter(None, words)))))


def _set_blank(name: str) -> None:
    session.change_draft(session.draft().answered(name, "yes" if session.answer(name) else "no"))


def _set_lesions(before: dict[str, tuple[str, ...]]) -> None:
    chosen = session.answer("lesions") or []
    present = {name: session.answer(f"present {name}") for name in chosen}
    lesions = {name: list(before.get(name, ()) if words is None else words) for name, words in present.items()}
    session.change_draft(session.draft().answered(edit_key("high_risk"), json.dumps(lesions)))
