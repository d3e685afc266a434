"""The domain: no Streamlit, no session, no file but what it is handed. From a script: `from lib import open_cohort,
analysis`."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lib.cohort.model import Cohort
    from lib.notebook import View

VERSION = "0.1.0"
NOT_OPTIMISED: Final = (
    "Start without -O and without PYTHONOPTIMIZE: they take out checks on which the packages that compute the numbers"
    " rely.\n"
)

if sys.flags.optimize:
    sys.stderr.write(NOT_OPTIMISED)
    raise SystemExit(2)


def open_cohort(*paths: str | Path, mapping: str | Path | None = None, session: str | Path | None = None) -> "Cohort":
    """The cohort of a workbook, or of several files with one table each; `mapping` is a file of saved answers about its
    columns, `session` a saved session, which holds them, too.

    What is wrong in the file stands in `cohort.findings`. Raises Unsafe (cannot be read), NotAMapping, NotASession,
    OSError.
    """
    from lib import notebook

    return notebook.open_cohort(*paths, mapping=mapping, session=session)


def analysis(
    cohort: "Cohort",
    by: str | None = None,
    where: Sequence[str] | None = None,
    unit: str = "",
    infusion: int | None = None,
    include_excluded: bool = False,
    *,
    groups: Mapping[str, Any] | None = None,
    known_at: Mapping[str, float | None] | None = None,
    mask_below: int | None = None,
    session: str | Path | None = None,
) -> "View":
    """Who is looked at and how they are compared, written as on the command line: by="arm", where=["emd=yes"].

    `groups` gives them an order, names, members, colours and a reference of your own, `known_at` says when a column was
    known: {"groups": [["Maintained", ["Pomalidomide"], "#0072B2"], ["Not", ["Control"], ""]], "reference": "Not"},
    {"arm": 30}.

    The view that it gives makes exhibits by their ids: `view.make("survival.os", ci_scale="log")`. With a saved
    `session` all that is not given here is as it says, options too; `view.changes` says what changed since. Raises
    Refused with one sentence.
    """
    from lib import notebook

    given: dict[str, Any] = {
        "by": by,
        "where": where,
        "unit": unit,
        "infusion": infusion,
        "include_excluded": include_excluded,
        "groups": groups,
        "known_at": known_at,
        "mask_below": mask_below,
    }
    if session is not None:
        return notebook.view_of_session(cohort, notebook.saved_session_of(session), **given)
    return notebook.viewed(cohort, **given)
