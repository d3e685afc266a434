"""The pictures of a report: every figure is drawn once, by one worker process, for its own files and for all
documents."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lib.export.drawing import rendering
from lib.export.figure_file import figure_job
from lib.export.print_form import SCREEN_SIZE, SLIDE, PrintForm
from lib.export.provenance import Provenance
from lib.publication.exhibit import Figure

Next = Callable[[str], None]  # called before each step with what comes next; what it raises stops the work
Drawn = list[list[bytes]]


@dataclass(frozen=True)
class Wanted:
    """What is drawn of each figure: `inside` documents, without title and caption, and in files of its own."""

    inside: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    form: PrintForm = PrintForm()  # noqa: RUF009

    def jobs(self, figure: Figure, provenance: Provenance) -> list[dict[str, Any]]:
        """For the worker."""
        printed = ((self.inside, bare(self.form)), (self.formats, self.form))
        return [figure_job(figure, provenance, formats, form) for formats, form in printed if formats]


@dataclass(frozen=True)
class Pictures:
    """Of one figure, by format; `error` where it could not be drawn."""

    inside: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    error: Exception | None = None


NONE: Final = Pictures()


def bare(form: PrintForm) -> PrintForm:
    """As printed within a document, which has title and caption itself; a slide's white margins would stand there for
    nothing."""
    size = SCREEN_SIZE if form.size == SLIDE else form.size
    return replace(form, size=size, caption="none", title=False)


def pictures(figures: Sequence[Figure], provenance: Provenance, wanted: Wanted, before: Next) -> list[Pictures]:
    """The pictures of each figure. One that ends the worker does not stop those behind it: they get another."""
    found: list[Pictures] = []
    while len(found) < len(figures):
        left = figures[len(found) :]
        try:
            _draw(left, provenance, wanted, before, found)
        except RuntimeError as error:
            found.append(Pictures(error=error))
    return found


def _draw(
    figures: Sequence[Figure], provenance: Provenance, wanted: Wanted, before: Next, found: list[Pictures]
) -> None:
    """Adds what one worker draws. Raises RuntimeError where it fails at a figure."""
    jobs = [wanted.jobs(figure, provenance) for figure in figures]
    with closing(rendering([job for each in jobs for job in each])) as files:
        for figure, own in zip(figures, jobs, strict=True):
            before(f"Drawing: {figure.title}")
            made = [dict(zip(job["formats"], next(files), strict=True)) for job in own]
            inside = made.pop(0) if wanted.inside else {}
            found.append(Pictures(inside, made[0] if made else {}))
