"""Labs: how laboratory values moved around the infusion, at which grade, and how soon counts came back."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.labs import specs
from lib.labs.recovery.words import headline as recovery_headline
from lib.labs.words import headline
from pages.frame import ask, options_form, output, page
from pages.frame.escape import plain

FEW = 6  # tests that stand beside each other
IN_TABS = ("threshold", "lymphodepletion_day")
NO_SCORES = "ICAHT needs neutrophils in the sheet Labs, T-ICAHT platelets, CAR-HEMATOTOX three of its five items."


def choose_test(analysis: Analysis) -> str:
    """The slug of the test to look at; the one with most values first."""
    series = specs.series_by_slug(analysis)
    if len(series) > FEW:
        return ask.from_list("Test", list(series), name=lambda slug: series[slug].label, key="lab", persist_state="session", width=320)  # fmt: skip
    alone = len({each.test for each in series.values()}) == len(series)  # else the units tell the series apart
    return ask.one(
        "Test", list(series), name=lambda slug: series[slug].test if alone else series[slug].label, key="lab", default=next(iter(series)), persist_state="session"
    )  # fmt: skip


def course(analysis: Analysis, slug: str, values: dict[str, Any]) -> None:
    """Values of one test over time, patient by patient and group by group."""
    options = specs.FIGURE.settled(analysis, slug, values)
    output.headline(*headline(specs.course(analysis, slug, options)))
    output.show(specs.FIGURE, analysis, slug, values)
    output.show(specs.SUMMARY, analysis, slug, values)


def grades(analysis: Analysis, slug: str, values: dict[str, Any]) -> None:
    """CTCAE grades computed from values, from baseline to worst, the plot of Hy's law, and scores."""
    version = specs.GRADES.settled(analysis, values=values).version
    if specs.GRADES.is_offered(analysis, values=values):
        output.show(specs.GRADES, analysis, values=values)
    else:
        st.info(plain(f"No test in this selection has grades by value in {version}."))
    if specs.SHIFT.is_offered(analysis, slug, values):
        output.show(specs.SHIFT, analysis, slug, values)
    else:
        st.info(
            plain(f"{specs.series_by_slug(analysis)[slug].test} has no grades by value in {version}: no shift table.")
        )
    if specs.HYS_LAW.is_offered(analysis):
        output.show(specs.HYS_LAW, analysis, values=values)
    else:
        st.caption("With ALT or AST and bilirubin in the sheet Labs the plot of Hy's law stands here.")
    scores = st.expander("ICAHT, T-ICAHT (experimental) and CAR-HEMATOTOX", key="lab scores", on_change="rerun")
    if scores.open:
        with scores:
            values = values | options_form.row([(specs.HEMATOTOX, None)], analysis, ("lymphodepletion_day",))
            offered = [spec for spec in specs.SCORES if spec.is_offered(analysis)]
            for spec in offered:
                output.show(spec, analysis, values=values)
            if not offered:
                st.caption(NO_SCORES)


def recovery(analysis: Analysis, slug: str, values: dict[str, Any]) -> None:
    """Nadir of neutrophils or platelets, and the time until they came back above a threshold."""
    counts = [each for each in specs.analyte_slugs(analysis) if specs.recovers(analysis, each)]
    if not counts:
        st.info('No neutrophils or platelets in the sheet "Labs": recovery is shown of these.')
        return
    of = {specs.analyte(analysis, each): each for each in counts}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        mine = specs.analyte(analysis, slug)
        count = of[
            ask.one(
                "Of",
                list(of),
                default=mine if mine in of else next(iter(of)),
                key=f"recovery {slug}",
                persist_state="session",
            )
        ]
        values = values | options_form.row([(specs.RECOVERY, count)], analysis, ("threshold",))
    found = specs.recovered(analysis, count, specs.RECOVERY.settled(analysis, count, values))
    output.headline(recovery_headline(found))
    if found.n:
        output.show(specs.RECOVERY, analysis, count, values)
    output.show(specs.RECOVERY_SUMMARY, analysis, count, values)


page.open_page("Labs")
analysis = page.analysis_or_stop("labs")
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    slug = choose_test(analysis)
    shown = [(specs.FIGURE, slug), (specs.GRADES, None)]
    values = options_form.row(shown, analysis, ("version",))
    values |= options_form.popover(shown, analysis, without=("version", *IN_TABS))
tabs = (
    lambda: course(analysis, slug, values),
    lambda: grades(analysis, slug, values),
    lambda: recovery(analysis, slug, values),
)
output.show_tabs(("Course", "Grades", "Recovery"), tabs, "labs tab")
