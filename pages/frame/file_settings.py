"""What is said of a whole file: the order of its dates, its ids, high-risk cytogenetics, and settings of the study."""

import json
from dataclasses import asdict
from typing import Final

import streamlit as st

from lib.cohort.response_scale import DISEASES
from lib.cohort.time_unit import UNITS
from lib.intake.cells.ids import SUFFIXES
from lib.intake.draft import Draft
from lib.intake.files.limits import Unsafe
from lib.intake.infer.edited import edit_key
from lib.intake.mapping import DATE_ORDERS
from lib.intake.preview import ColumnPreview
from pages.frame import session
from pages.frame.escape import plain

NO_ORDER: Final = "as each column says it"
NO_SUFFIX: Final = "nothing"
ENDS: Final = {"": NO_SUFFIX, "_1": "a number after a mark: Pat01_1", "_a": "a letter: Pat01a", "_d28": "a visit: Pat01 D28", "_(...)": "brackets: Pat01 (B)"}
FEW: Final = 12  # values of a column that may hold a lesion


def show(draft: Draft) -> None:
    """All settings of the file."""
    dates, study = st.columns(2, gap="large")
    with dates:
        _show_dates(draft)
        _show_ids(draft)
    with study:
        _show_study(draft)
        _show_lesions(draft)


def _show_dates(draft: Draft) -> None:
    name = edit_key("date_order")
    session.assign(name, draft.mapping.date_order)
    st.selectbox("In dates such as 03/04/2022, first stands", DATE_ORDERS, key=name, format_func=lambda order: order or NO_ORDER, on_change=_set, args=(name,))


def _show_ids(draft: Draft) -> None:
    st.markdown("**Ids that are written in two ways**")
    rule = draft.mapping.ids
    session.assign("ids end", rule.strip_suffix)
    st.selectbox("Take off the end", ["", *SUFFIXES], key="ids end", format_func=lambda end: ENDS.get(end, end), on_change=_set_ids)
    session.assign("ids zeros", rule.zero_pad > 0)
    st.checkbox("Zeros before a number do not matter: P1 is P001", key="ids zeros", on_change=_set_ids)
    session.assign("ids case", rule.casefold)
    st.checkbox("Capitals, spaces and marks do not matter: p-01 is P01", key="ids case", on_change=_set_ids)
    session.assign("ids pairs", "\n".join(f"{one} = {other}" for one, other in rule.pairs.items()))
    st.text_area("Single ids, one a line: the id as written = the patient", key="ids pairs", placeholder="X9 = P3", on_change=_set_ids)


def _show_study(draft: Draft) -> None:
    st.markdown("**Study**")
    settings = (
        ("time_unit", "Unit of time of the figures", list(UNITS)), ("group_by", "Compare groups by", _columns(draft)),
        ("disease", "Disease: its criteria of response", list(DISEASES)),
    )  # fmt: skip
    for setting, label, offered in settings:
        key, now = f"study {setting}", draft.mapping.study.get(setting)
        session.assign(key, now if now in offered else None)
        st.selectbox(label, offered, index=None, key=key, placeholder="not stated", on_change=_set_study, args=(setting, key))
    session.assign("study data_cutoff", draft.mapping.study.get("data_cutoff", ""))
    st.text_input("Data cut-off", key="study data_cutoff", placeholder="yyyy-mm-dd", on_change=_set_study, args=("data_cutoff", "study data_cutoff"))


def _columns(draft: Draft) -> list[str]:
    return [] if isinstance(draft.opened, str) else [name for name in draft.opened.patients.columns if name not in ("patient_id", "analysis_set", "exclusion_reason")]


def _show_lesions(draft: Draft) -> None:
    """Which columns of the patients, with which values, are high-risk cytogenetics."""
    st.markdown("**High-risk cytogenetics is any of**")
    lesions = dict(draft.mapping.high_risk.lesions) if draft.mapping.high_risk else {}
    offered = {column.heading: column for column in _of_patients(draft)}
    session.assign("lesions", [name for name in lesions if name in offered])
    chosen = st.multiselect("Columns", list(offered), key="lesions", placeholder="none: as its own column says", on_change=_set_lesions, args=(lesions,))
    for name in chosen:
        key = f"present {name}"
        words = [value for value, _ in offered[name].values]
        session.assign(key, [word for word in lesions.get(name, ()) if word in words])
        st.multiselect(f"{name}: present is", words, key=key, on_change=_set_lesions, args=(lesions,))


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
        "strip_suffix": session.answer("ids end") or "", "zero_pad": int(bool(session.answer("ids zeros"))),
        "casefold": bool(session.answer("ids case")), "pairs": {one.strip(): other.strip() for one, _, other in lines},
    }  # fmt: skip
    session.change_draft(session.draft().answered(edit_key("ids"), json.dumps(rule)))


def _set_study(setting: str, key: str) -> None:
    said = json.loads(session.draft().answers.get(edit_key("study"), "") or "{}")
    value = str(session.answer(key) or "").strip()
    said = {name: each for name, each in said.items() if name != setting} | ({setting: value} if value else {})
    session.change_draft(session.draft().answered(edit_key("study"), json.dumps(said) if said else ""))


def _set_lesions(before: dict[str, tuple[str, ...]]) -> None:
    chosen = session.answer("lesions") or []
    present = {name: session.answer(f"present {name}") for name in chosen}
    lesions = {name: list(before.get(name, ()) if words is None else words) for name, words in present.items()}
    session.change_draft(session.draft().answered(edit_key("high_risk"), json.dumps(lesions)))
