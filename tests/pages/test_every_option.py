"""Every value of every option, chosen on its page: it reaches the exhibits shown there, and reports make the same of it."""

import re

import pytest
from test_downloads import TABS
from test_exhibits import shown
from test_stale_values import UNFOLDED, WORKBOOKS, widgets
from walking import PAGES, ROOT, go, opened, said, upload

from lib.exhibits import attempts, entries
from lib.publication.options import offers, written
from pages.frame import output

OPTION = re.compile(r"(\w+)\.(\w+)( .*)?")
MOST = 2  # values of one choice that are tried
WITH_OPTIONS = [
    (page, tab) for page in PAGES for tab in TABS.get(f"{page} tab", ("",)) if page not in ("home", "patient", "report")
]


@pytest.fixture
def made(monkeypatch):
    """What the page shows: (exhibit's spec, analysis, variant, values) in order."""
    seen = []
    original = output._show

    def recorded(spec, analysis, variant, values, pick):
        seen.append((spec, analysis, variant, dict(values or {})))
        return original(spec, analysis, variant, values, pick)

    monkeypatch.setattr(output, "_show", recorded)
    return seen


def at(page, tab):
    """The page with everything unfolded, of a workbook that fills it."""
    app = opened()
    if page in WORKBOOKS:
        upload(app, ("mine.xlsx", (ROOT / "data" / WORKBOOKS[page]).read_bytes()))
    for more in UNFOLDED:
        app.session_state[more] = True
    if tab:
        app.session_state[f"{page} tab"] = tab
    return go(app, page)


def the(app, key):
    """The widget of this key as it is now."""
    return next((each for each in widgets(app) if each.key == key), None)


def others(widget):
    """Other values of a widget than it has."""
    kind = type(widget).__name__  # nothing for one that an earlier choice took away
    if kind == "Checkbox":
        return [not widget.value]
    if kind == "NumberInput":
        step = widget.step or 1
        usual = widget.value if widget.value is not None else widget.min or 0
        return [usual + step if widget.max is None or usual + step <= widget.max else usual - step]
    if kind == "TextArea":
        return [widget.placeholder]  # the example of its help
    if kind == "Multiselect":
        return [widget.options[:1]] if [*widget.value] != [*widget.options[:1]] else [[]]
    if kind in ("Selectbox", "ButtonGroup"):
        return [each for each in widget.options if each != widget.value][:MOST]
    return []


def of_a_report(spec, analysis, variant, values):
    """The same exhibit as the command line makes it of the values as text."""
    known = {offer.name: offer for offer in offers(spec.options, analysis, variant)}
    counted = {name: value for name, value in values.items() if name in known and known[name].counts_with(values)}
    of_it = spec.id_of(variant)
    if all(getattr(entry, "id", "") != of_it for entry in entries(analysis)):
        return None  # a term that the reader chose: reports show those of the usual ones
    settings = [(of_it, name, written(value)) for name, value in counted.items()]
    (found,) = attempts(analysis, (of_it,), settings)
    return found


@pytest.mark.parametrize(("page", "tab"), WITH_OPTIONS)
def test_what_is_chosen_on_a_page_is_shown_and_reported(page, tab, made):
    app = at(page, tab)
    for key in [widget.key for widget in widgets(app) if widget.key and OPTION.fullmatch(widget.key)]:
        for value in others(the(app, key)):
            made.clear()
            before = said(app.markdown)
            the(app, key).set_value(value).run()
            assert not app.exception, (key, value)
            name = OPTION.fullmatch(key)[2]
            having = [each for each in made if name in each[3]]
            assert having or said(app.markdown) != before, f"{key} = {value} reaches nothing that is shown"
            for spec, analysis, variant, values in having[-1:]:
                reported = of_a_report(spec, analysis, variant, values)
                assert reported is None or shown(reported) == shown(spec.make(analysis, variant, values)), (key, value)
