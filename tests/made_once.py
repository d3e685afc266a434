"""What tests ask for again and again is made once in a worker: the cohort of the same files, what the same selection
leaves of it, what exhibits share of it, an exhibit of the same options, the file of the same figure. All of these are
frozen values, which nobody edits.

Two ways to an exhibit are compared as before: where they ask for different cohorts, patients, groups or options they
get different exhibits. What a test replaces in the program (`monkeypatch`) would not be seen in what was made before:
such a test shares nothing, unless its mark `made_once` says that it replaces nothing of what is kept here. A test with
the fixture `made_anew` shares nothing either.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any

from lib.cohort import analysis, selection
from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.intake import draft
from lib.intake.files.grid import SourceFile
from lib.publication.spec import ExhibitSpec

MOST = 96  # kept of each kind


class Kept:
    """The values used last, by key; nothing is kept while `off`."""

    off = False

    def __init__(self, most: int = MOST) -> None:
        self.found: OrderedDict[Hashable, Any] = OrderedDict()
        self.most = most

    def of(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gave for this key before, or gives now."""
        if Kept.off:
            return make()
        if key not in self.found:
            self.found[key] = make()
            if len(self.found) > self.most:
                self.found.popitem(last=False)
        self.found.move_to_end(key)
        return self.found[key]


def begin() -> None:
    """From now on. To be called before anything else of the program is imported."""
    _share_reading()
    _share_cohorts()
    _share_exhibits()


def _share_reading() -> None:
    cohorts, readings = Kept(256), Kept(256)
    read, answers = draft.read_files, draft.read_answer

    @wraps(read)
    def read_files(files, mapping=None):
        return cohorts.of(pickle.dumps((tuple(files), mapping)), lambda: read(files, mapping))

    @wraps(answers)
    def read_answer(content):
        return readings.of(content, lambda: answers(content))

    draft.read_files, draft.read_answer = read_files, read_answer
    draft.read_shipped = lambda content, name, kept=b"": draft.read_files([SourceFile(name, content)])


def _share_cohorts() -> None:
    """A cohort is known by its place in memory, which is kept with what is made of it."""
    selections, stated = Kept(), Kept()
    cut, known = selection.select, Cohort.with_known_at

    @wraps(cut)
    def select(cohort, selection, answered=()):
        key = (id(cohort), selection, tuple(answered))
        return selections.of(key, lambda: (cohort, cut(cohort, selection, answered)))[1]

    @wraps(known)
    def with_known_at(self, name, day):
        return stated.of((id(self), name, day), lambda: (self, known(self, name, day)))[1]

    selection.select, Cohort.with_known_at = select, with_known_at


def _share_exhibits() -> None:
    """Of every option that a test tries: the usual exhibits stay for the tests after it."""
    stores = Kept()
    analysis.MOST_RESULTS = 20 * analysis.MOST_RESULTS
    built, make = Analysis.__init__, ExhibitSpec.make

    @wraps(built)
    def init(self, opened, selected, grouping, unit, mask_below=0, _results=None):
        if _results is None or any(_results is store for _, _, store in stores.found.values()):
            key = (id(opened), id(selected), grouping, unit, mask_below)
            _results = stores.of(key, lambda: (opened, selected, OrderedDict()))[2]
        built(self, opened, selected, grouping, unit, mask_below, _results)

    @wraps(make)
    def made(self, analysis, variant=None, values=None):
        if Kept.off:
            return make(self, analysis, variant, values)
        return analysis.result(_made, make, self, variant, self.settled(analysis, variant, values))

    Analysis.__init__, ExhibitSpec.make = init, made


def _made(analysis: Analysis, make: Callable[..., Any], spec: ExhibitSpec, variant: Any, options: Any) -> Any:
    return make(spec, analysis, variant, vars(options))
