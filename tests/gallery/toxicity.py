"""Stacked grades, dot plot, butterfly, volcano, timeline and onset of the pomalidomide cohort; dot plot and volcano of sixty patients."""

from every_exhibit import exhibits
from golden.cohorts import example, selected, synthetic

from gallery.picture import ONE_COLUMN_MM, Picture
from lib.cohort.view import first_view
from lib.publication.exhibit import Figure
from lib.toxicity.chart import ONE_COLUMN
from lib.toxicity.figure import toxicity_figure
from lib.toxicity.incidence import incidence

SHOWN = ("grades", "differences", "butterfly", "volcano", "timeline", "onset.crs")
OF_SIXTY = ("differences", "volcano")


def pictures() -> list[Picture]:
    cohort, grouping = selected(example()), first_view(example()).grouping
    two = _named(cohort, grouping, SHOWN, "")
    narrow = toxicity_figure(incidence(cohort, grouping), layout=ONE_COLUMN)
    one = Picture("toxicity.grades_one_column", narrow, cohort, grouping, ONE_COLUMN_MM)
    sixty = selected(synthetic())
    return [*two, one, *_named(sixty, first_view(synthetic()).grouping, OF_SIXTY, "_of_sixty")]


def _named(cohort, grouping, names, ending) -> list[Picture]:
    made = {each.id: each for each in exhibits(cohort, grouping, "months") if isinstance(each, Figure)}
    return [Picture(f"toxicity.{name}{ending}", made[f"toxicity.{name}"], cohort, grouping) for name in names]
