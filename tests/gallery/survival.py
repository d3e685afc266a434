"""The curves, their difference, landmark, panels and forest of the pomalidomide cohort."""

from every_exhibit import exhibits
from golden.cohorts import example

from gallery.picture import ONE_COLUMN_MM, Picture
from lib.cohort.selection import select
from lib.cohort.view import first_view
from lib.publication.exhibit import Figure

SHOWN = (
    "survival.ttp",
    "survival.os",
    "survival.ttp.difference",
    "landmark.os",
    "time_dependent.os",
    "survival.os.forest",
    "cumulative_incidence.best_response",
)


def pictures() -> list[Picture]:
    view = first_view(example())
    cohort = select(example(), view.selection)
    made = {each.id: each for each in exhibits(cohort, view.grouping, view.unit) if isinstance(each, Figure)}
    two = [Picture(name, made[name], cohort, view.grouping) for name in SHOWN if name in made]
    return [*two, Picture("survival.ttp_one_column", made["survival.ttp"], cohort, view.grouping, ONE_COLUMN_MM)]
