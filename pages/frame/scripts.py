"""The scripts that an Export menu offers: they make the exhibit again from the reader's own file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from lib.cohort.analysis import Analysis
from lib.export import script
from lib.export.script import WHICH_PATIENT, Seen, packed, python_script, r_files
from lib.publication.exhibit import Exhibit
from lib.publication.spec import ExhibitSpec
from pages.frame import session
from pages.frame.export_menu import Scripts


def of(exhibit: Exhibit, spec: ExhibitSpec, analysis: Analysis, variant: Any, values: Mapping[str, Any]) -> Scripts:
    """What makes each script of the exhibit, once somebody asks for it; all that it needs is bound here, since it runs
    outside the page."""
    looked_at = seen()

    def makers(hidden: bool) -> dict[str, Callable[[], bytes]]:
        patient = (WHICH_PATIENT if hidden else str(variant)) if spec.of_one_patient else ""

        def in_python() -> bytes:
            options = spec.unusual(analysis, variant, values)
            return python_script(spec.id_of(variant), options, looked_at(), exhibit, patient).encode()

        def in_r() -> bytes:
            name = spec.id_of(variant)
            return packed(r_files(name, lambda file: spec.r_script(analysis, variant, values, file)))

        return {"py": in_python, **({"r.zip": in_r} if spec.in_r and not analysis.mask_below else {})}

    return makers


def seen() -> Callable[[], Seen]:
    """What gives the words of what is looked at now."""
    draft, looked_at = session.read_as(), (session.view(), session.cohort(), session.known_at(), session.mask_below())
    if draft is None:
        return partial(script.seen, *looked_at)
    mapped = bool(draft.answers or draft.saved or not draft.suggestion.is_template)
    return lambda: replace(script.seen(*looked_at), mapped=mapped, files=len(draft.source.files))
