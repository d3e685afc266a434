"""Fig. 5 of the synthetic assay: live cells over time, killing and fold change by dose."""

from assay.made import killing_assay

from gallery.picture import ONE_COLUMN_MM, Picture
from lib.assay.comparisons import assay
from lib.assay.dose_figure import assay_figure
from lib.assay.series import assay_series
from lib.cohort.grouping import everybody


def pictures() -> list[Picture]:
    cohort = killing_assay()
    made = {each.slug: assay_figure(assay(each)) for each in assay_series(cohort)}
    shown = ("survival_live_cells", "killing", "proliferation_cfse_mfi")
    two = [Picture(f"assay.{slug}", made[slug], cohort, everybody(cohort)) for slug in shown]
    return [*two, Picture("assay.killing_one_column", made["killing"], cohort, everybody(cohort), ONE_COLUMN_MM)]
