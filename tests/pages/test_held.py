"""The options of an exhibit as they stand on the screen are known from every page: reports, scripts and saved sessions are made of them."""

import pytest
from test_every_option import OPTION, WITH_OPTIONS, at, others, the
from test_stale_values import widgets
from walking import go

from pages.frame import options_form, output

ELSEWHERE = {"swimmer": "survival", "labs": "patient"}  # a page that the same workbook fills


@pytest.fixture
def shown(monkeypatch):
    """What a page shows, as (spec, variant, options on the screen, options held); and of `known` the options held, from the page drawn last."""
    seen, known = [], {}
    original = output._show

    def recorded(spec, analysis, variant, values, pick):
        held = options_form.held(spec, variant, analysis)
        seen.append((spec, variant, spec.settled(analysis, variant, values), spec.settled(analysis, variant, held)))
        for each in known:
            known[each] = each[0].settled(analysis, each[1], options_form.held(*each, analysis))
        return original(spec, analysis, variant, values, pick)

    monkeypatch.setattr(output, "_show", recorded)
    return seen, known


@pytest.mark.parametrize(("page", "tab"), WITH_OPTIONS)
def test_what_is_held_is_what_is_shown_on_this_page_and_from_another(page, tab, shown):
    seen, known = shown
    app = at(page, tab)
    changed = 0
    for key in [widget.key for widget in widgets(app) if widget.key and OPTION.fullmatch(widget.key)]:
        for value in others(the(app, key))[:1]:
            seen.clear()
            the(app, key).set_value(value).run()
            changed += 1
            assert not app.exception and seen
            for spec, variant, on_screen, held in seen:
                assert held == on_screen, (spec.id, variant, key)
    assert changed
    if page == "assay":  # the only page of its workbook
        return
    last = {(spec, variant): on_screen for spec, variant, on_screen, _ in seen}
    known.update(dict.fromkeys(last))
    go(app, ELSEWHERE.get(page, "swimmer"))
    assert known == last
