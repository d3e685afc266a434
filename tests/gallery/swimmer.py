"""The swimmer plot: the paper's Fig. 2a, 5, 60 and 300 patients, and the example data of ggswim, swimplot and ggswimlane."""

from golden.cohorts import by, example, selected, synthetic
from swimmer.test_public import opened

from gallery.picture import ONE_COLUMN_MM, Picture
from lib.swimmer.lanes import lanes
from lib.swimmer.options import FIRST_RESPONSE, ONSET, STATE, SwimmerOptions
from lib.swimmer.plot import swimmer_figure

SWITCHES = SwimmerOptions(
    colour=STATE + "Arm",
    grouped=False,
    strips=("sex", "age", "stage"),
    marks=(FIRST_RESPONSE, ONSET + "AE", ONSET + "SAE"),
)
COLUMNS = SwimmerOptions(
    strips=("emd", "high_risk_cytogenetics", "sex", "age_years"), sort="age_years", reference_day=90
)


def pictures() -> list[Picture]:
    return [
        _picture("swimmer.16", example(), "arm"),
        _picture("swimmer.16_columns", example(), "-", COLUMNS),
        _picture("swimmer.5", synthetic(5, 3), "arm"),
        _picture("swimmer.60", synthetic(), "arm"),
        _picture("swimmer.300", synthetic(300, 2), "arm", width_mm=ONE_COLUMN_MM),
        _picture("swimmer.ggswim", opened("ggswim.xlsx"), "-"),
        _picture("swimmer.swimplot", opened("swimplot_clinicaltrial.xlsx"), "arm", SWITCHES),
        _picture("swimmer.ggswimlane", opened("ggswimlane.xlsx"), "arm"),
    ]


def _picture(name, cohort, grouping, options=None, width_mm=180) -> Picture:
    part, split = selected(cohort), by(cohort, grouping)
    return Picture(name, swimmer_figure(lanes(part, split, "months", options), part), part, split, width_mm)
