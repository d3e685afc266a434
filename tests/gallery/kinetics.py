"""Profiles, small panels and persistence of the pomalidomide cohort; sixty patients in small panels, and what goes with expansion."""

from every_exhibit import exhibits
from golden.cohorts import example, selected, synthetic

from gallery.picture import ONE_COLUMN_MM, Picture
from lib.cohort.model import Cohort
from lib.cohort.view import first_view
from lib.publication.exhibit import Figure

OF_EXAMPLE = ("kinetics.profile", "kinetics.patients", "kinetics.persistence")
OF_SIXTY = ("kinetics.patients", "kinetics.expansion.best_response", "kinetics.expansion.ldh")


def pictures() -> list[Picture]:
    few, many = _made(example()), _made(synthetic())
    small, large = _picture(example()), _picture(synthetic())
    return [
        *(small(name, few[name]) for name in OF_EXAMPLE),
        small("kinetics.profile_one_column", few["kinetics.profile"], ONE_COLUMN_MM),
        *(large(f"{name}_60" if name in OF_EXAMPLE else name, many[name]) for name in OF_SIXTY),
    ]


def _made(cohort: Cohort) -> dict[str, Figure]:
    view, chosen = first_view(cohort), selected(cohort)
    found = exhibits(chosen, view.grouping, view.unit)
    return {each.id: each for each in found if isinstance(each, Figure) and each.id.startswith("kinetics")}


def _picture(cohort: Cohort):
    grouping, chosen = first_view(cohort).grouping, selected(cohort)
    return lambda name, figure, *width: Picture(name, figure, chosen, grouping, *width)
