"""Every option, chosen on its page: it reaches the exhibits shown there, every page knows it, and reports make the same
of it."""

import re
from collections import defaultdict
from itertools import zip_longest

import pytest
from test_downloads import TABS
from test_exhibits import shown
from test_stale_values import UNFOLDED, WORKBOOKS, widgets
from walking import PAGES, ROOT, go, opened, said, upload

from lib.exhibits import attempts, entries
from lib.publication.options import offers, written
from pages.frame import options_form, output

pytestmark = pytest.mark.made_once

OPTION = re.compile(r"(\w+)\.(\w+)( .*)?")
MOST = 1  # values of one choice that are tried; that each can be written and read, tests/test_exhibits.py looks at
WITH_OPTIONS = [
    (page, tab) for page in PAGES for tab in TABS.get(f"{page} tab", ("",)) if page not in ("home", "patient", "report")
]


ELSEWHERE = {"swimmer": "survival", "labs": "patient"}  # a page that the same workbook fills


@pytest.fixture
def made(monkeypatch):
    """What the page shows: (exhibit's spec, analysis, variant, values, options on the screen, options held) in order;
    and of `known` the options held, from the page drawn last."""
    seen, known = [], {}
    original = output._show

    def recorded(spec, analysis, variant, values, pick):
        held = spec.settled(analysis, variant, options_form.held(spec, variant, analysis))
        seen.append((spec, analysis, variant, dict(values or {}), spec.settled(analysis, variant, values), held))
        for each in known:
            known[each] = each[0].settled(analysis, each[1], options_form.held(*each, analysis))
        return original(spec, analysis, variant, values, pick)

    monkeypatch.setattr(output, "_show", recorded)
    return seen, known


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


def turns(app):
    """What is chosen before each run, as (key, value): of each kind of options one at a time, so that no run is more
    than needed."""
    waiting = defaultdict(list)
    for key in [widget.key for widget in widgets(app) if widget.key and OPTION.fullmatch(widget.key)]:
        waiting[OPTION.fullmatch(key)[1]] += [(key, place) for place in range(MOST)]
    values = {}
    for turn in zip_longest(*waiting.values(), fillvalue=("", 0)):
        for key, _ in turn:
            values.setdefault(key, others(the(app, key)))
        yield [(key, values[key][place]) for key, place in turn if place < len(values[key])]


@pytest.mark.parametrize(("page", "tab"), WITH_OPTIONS)
def test_what_is_chosen_on_a_page_is_shown_known_elsewhere_and_reported(page, tab, made):
    seen, known = made
    app = at(page, tab)
    for turn in filter(None, turns(app)):
        seen.clear()
        before = said(app.markdown)
        for key, value in turn:
            the(app, key).set_value(value)
        app.run()
        assert not app.exception and seen, turn
        assert [spec.id for spec, *_, on_screen, held in seen if held != on_screen] == [], turn
        for key, value in turn:
            having = [each for each in seen if OPTION.fullmatch(key)[2] in each[3]]
            assert having or said(app.markdown) != before, f"{key} = {value} reaches nothing that is shown"
            for spec, analysis, variant, values, *_ in having[-1:]:
                reported = of_a_report(spec, analysis, variant, values)
                assert reported is None or shown(reported) == shown(spec.make(analysis, variant, values)), (key, value)
    last = {(spec, variant): on_screen for spec, _, variant, _, on_screen, _ in seen}
    assert last
    if page != "assay":  # the only page of its workbook
        known.update(dict.fromkeys(last))
        go(app, ELSEWHERE.get(page, "swimmer"))
        assert known == last
