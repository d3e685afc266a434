"""Home: opens a workbook, says what was read and what was found wrong, and shows the cohort at a glance."""

from pages.frame import page

page.open_page("CAR-T Cohort Explorer")
