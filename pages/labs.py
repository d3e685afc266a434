"""Labs: how laboratory values moved around the infusion, at which grade, and how soon counts came back."""

from typing import Any

import streamlit as st

from lib.cohort.analysis import Analysis
from lib.exhibits import SCORES
from lib.labs import profile, recovery_times, summary_table
from lib.labs import recovery as recovery_exhibits
from lib.labs.course import FIGURE
from lib.labs.grades import GRADES
from lib.labs.hematotox import HEMATOTOX
from lib.labs.hys_law import HYS_LAW
from lib.labs.recovery import RECOVERY, RECOVERY_SUMMARY
from lib.labs.series import analyte, analyte_slugs, capitalised, series_by_slug
from lib.labs.shift import SHIFT
from lib.labs.summary_table import SUMMARY
from pages.frame import ask, options_form, output, page
from pages.frame.escape import plain

FEW = 6  # tests that stand beside each other
IN_TABS = ("threshold", "lymphodepletion_day")
NO_SCORES = "ICAHT needs neutrophils in the sheet Labs, T-ICAHT platelets, CAR-HEMATOTOX three of its five items."


def choose_test(analysis: Analysis) -> str:
    """The slug of the test to look at; the one with most values first."""
    tests = series_by_slug(analysis)
    if len(tests) > FEW:
        return ask.from_list(
            "Test",
            list(tests),
            name=lambda slug: tests[slug].title,
            key="lab",
            link="test",
            persist_state="session",
            width=320,
        )
    alone = len({each.test for each in tests.values()}) == len(tests)  # else the units tell the series apart
    return ask.one(
        "Test",
        list(tests),
        name=lambda slug: capitalised(tests[slug].test) if alone else tests[slug].title,
        key="lab",
        link="test",
        default=next(iter(tests)),
    )


def course(analysis: Analysis, slug: str, values: dict[str, Any]) -> None:
    """Values of one test over time, patient by patient and group by group."""
    options = FIGURE.settled(analysis, slug, values)
    output.headline(*summary_table.headline(profile.course(analysis, slug, options)))
    output.show(FIGURE, analysis, slug, values)
    output.show(SUMMARY, analysis, slug, values)


def grades(analysis: Analysis, slug: str, values: dict[str, Any]) -> None:
    """CTCAE grades computed from values, from baseline to worst, the plot of Hy's law, and scores."""
    version = GRADES.settled(analysis, values=values).version
    if GRADES.is_offered(analysis, values=values):
        output.show(GRADES, analysis, values=values)
    else:
        st.info(plain(f"No test in this selection has grades by value in {version}."))
    if SHIFT.is_offered(analysis, slug, values):
        output.show(SHIFT, analysis, slug, values)
    else:
        test = capitalised(series_by_slug(analysis)[slug].test)
        st.info(plain(f"{test} has no grades by value in {version}: no shift table."))
    if HYS_LAW.is_offered(analysis):
        output.show(HYS_LAW, analysis, values=values)
    else:
        st.caption("With ALT or AST and bilirubin in the sheet Labs the plot of Hy's law stands here.")
    scores = output.unfolded("ICAHT, T-ICAHT (experimental) and CAR-HEMATOTOX", "lab scores")
    if scores.open:
        with scores:
            values = values | options_form.row([(HEMATOTOX, None)], analysis, ("lymphodepletion_day",))
            offered = [spec for spec in SCORES if spec.is_offered(analysis)]
            for spec in offered:
                output.show(spec, analysis, values=values)
            if not offered:
                st.caption(NO_SCORES)


def recovery(analysis: Analysis, slug: str, values: dict[str, Any]) -> None:
    """Nadir of neutrophils or platelets, and the time until they came back above a threshold."""
    counts = [each for each in analyte_slugs(analysis) if recovery_times.recovers(analysis, each)]
    if not counts:
        st.info('No neutrophils or platelets in the sheet "Labs": recovery is shown of these.')
        return
    of = {analyte(analysis, each): each for each in counts}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        mine = analyte(analysis, slug)
        usual = mine if mine in of else next(iter(of))
        asked = ask.one("Count", list(of), name=capitalised, default=usual, key=f"recovery {slug}", link="count")
        count = of[asked]
        values = values | options_form.row([(RECOVERY, count)], analysis, ("threshold",))
    found = recovery_times.recovered(analysis, count, RECOVERY.settled(analysis, count, values))
    output.headline(recovery_exhibits.headline(found))
    if found.n:
        output.show(RECOVERY, analysis, count, values)
    output.show(RECOVERY_SUMMARY, analysis, count, values)


page.open_page("Labs")
analysis = page.analysis_or_stop("labs")
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    slug = choose_test(analysis)
    shown = [(FIGURE, slug), (GRADES, None)]
    values = options_form.row(shown, analysis, ("version",))
    values |= options_form.popover(shown, analysis, without=("version", *IN_TABS))
tabs = (
    lambda: course(analysis, slug, values),
    lambda: grades(analysis, slug, values),
    lambda: recovery(analysis, slug, values),
)
output.show_tabs(("Course", "Grades", "Recovery"), tabs, "labs tab")
