"""Product, dose and bridging on the pages: as filters and groups, of the infusion that is looked at; and texts of
options in their boxes."""

from walking import ROOT, count, go, opened, option, printed, upload

COMPLETE = ROOT / "data" / "complete_cohort.xlsx"


def complete():
    app = opened()
    upload(app, (COMPLETE.name, COMPLETE.read_bytes()))
    return go(app, "baseline")


def test_they_filter_and_group_the_patients_of_the_infusion_that_is_looked_at():
    app = complete()
    app.selectbox(key="add filter").set_value("dose_per_kg").run()
    assert (app.slider(key="filter dose_per_kg").min, app.slider(key="filter dose_per_kg").max) == (0.52, 4.49)
    app.slider(key="filter dose_per_kg").set_value((0.52, 0.9)).run()
    assert count(app) == "30 of 60 patients" and not app.exception
    app.slider(key="filter dose_per_kg").set_value((0.52, 4.49)).run()
    app.selectbox(key="add filter").set_value("bridging").run()
    app.button_group(key="filter bridging").set_value(["yes"]).run()
    assert count(app) == "34 of 60 patients"
    app.selectbox(key="compare by").set_value("bridging").run()
    app.button_group(key="filter bridging").set_value([]).run()
    assert count(app) == "60 of 60 patients" and not app.exception
    app.button_group(key="infusion").set_value("2").run()
    assert not app.exception and count(app).startswith("4 of")
    assert (app.slider(key="filter dose_per_kg").min, app.slider(key="filter dose_per_kg").max) == (0.61, 4.07)


def test_a_line_that_cannot_be_followed_is_said_and_nothing_of_its_box_counts():
    app = opened("baseline")
    option(app, "labels").set_value("Sex: Patients who are male\nAge: Age at infusion").run()
    assert "Patients who are male" in shown(app) and "Age at infusion, years" in shown(app)
    option(app, "labels").set_value("Sexx: Male").run()
    assert any("is not a value of labels" in each.value for each in app.warning) and not app.exception
    assert "Age at infusion" not in shown(app)


def shown(app):
    return " ".join(str(each.to_dict()) for each in printed(app)).replace("\\xa0", " ")
