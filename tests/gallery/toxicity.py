"""Stacked grades, dot plot, butterfly, volcano, timeline and onset of the pomalidomide cohort; dot plot and volcano of sixty patients."""

from every_exhibit import exhibits
from golden.cohorts import example, selected, synthetic

from gallery.picture import Picture
from lib.cohort.view import first_view
from lib.publication.exhibit import Figure

SHOWN = ("grades", "differences", "butterfly", "volcano", "timeline", "onset.crs")
OF_SIXTY = ("differences", "volcano")


def pictures() -> list[Picture]:
    cohort, grouping = selected(example()), first_view(example()).grouping
    two = _named(cohort, grouping, SHOWN, "")
    sixty = selected(synthetic())
    return [*two, *_named(sixty, first_view(synthetic()).grouping, OF_SIXTY, "_of_sixty")]


def _named(cohort, grouping, names, ending) -> list[Picture]:
    made = {each.id: each for each in exhibits(cohort, grouping, "months") if isinstance(each, Figure)}
    return [Picture(f"toxicity.{name}{ending}", made[f"toxicity.{name}"], cohort, grouping) for name in names]
