"""Small cells masked: on every page, once the limit is set under Report."""

from walking import go, opened, printed, said


def test_counts_are_masked_on_every_page_and_single_patients_not_shown():
    app = opened("report")
    app.number_input(key="mask below").set_value(5).run()
    assert not app.exception
    go(app, "baseline")
    cells = [cell for row in printed(app)[0].to_numpy() for cell in row]
    assert any(str(cell).endswith("<5") for cell in cells) and not any(str(cell).startswith("3 (") for cell in cells)
    assert "Counts below 5 are masked." in said(app.caption)
    go(app, "patient")
    assert "single patients" in app.info[0].value and not printed(app)
    go(app, "swimmer")
    assert "single patients" in app.info[0].value
    go(app, "toxicity")
    assert "Pomalidomide 6 (75 %)" in said(app.markdown) and not app.error


def test_nothing_is_masked_unless_it_was_asked_for():
    app = opened("baseline")
    assert "<5" not in str(printed(app)[0].to_numpy())
