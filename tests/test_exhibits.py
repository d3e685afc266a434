"""The one list: every option of every exhibit changes something, can be written as text, and is refused in one sentence
where it is wrong."""

import json
from dataclasses import fields
from functools import cache

import pytest
from golden.cohorts import selected, synthetic
from walking import ROOT
from workbooks import example

from lib import __main__ as command_line
from lib.cohort.analysis import Analysis
from lib.cohort.selection import select
from lib.cohort.view import first_view
from lib.exhibits import EXHIBITS, Entry, attempts, entries
from lib.publication.exhibit import Figure
from lib.publication.options import ANY, WIDTH, NotAllowed, parsed, written

NUMBERS = {
    "share_percent": 30.0,
    "restricted_mean_to": 3.0,
    "landmark_day": 45.0,
    "day": 14.0,
    "first_day": 1.0,
    "last_day": 5.0,
}


@pytest.fixture(scope="module")
def analyses():
    """The example, sixty patients in three arms, and a patient alone."""
    made = []
    for cohort in (example(), synthetic()):
        view = first_view(cohort)
        made.append(Analysis(cohort, selected(cohort), view.grouping, view.unit))
    return made


@pytest.fixture(scope="module")
def usual(analyses):
    """Gives an exhibit of one of these with its usual options, made once."""

    @cache
    def made(place, entry):
        return entry.spec.make(analyses[place], entry.variant)

    return made


def firsts(analysis):
    """Each exhibit once: its first variant."""
    found = {}
    for entry in entries(analysis):
        assert isinstance(entry, Entry), entry
        if entry.spec.is_offered(analysis, entry.variant):
            found.setdefault(entry.spec.id + entry.spec.title, entry)
    return found.values()


def others(offer):
    """Values of the option that are not the usual one."""
    kind = offer.option.kind
    if kind == "flag":
        return [not offer.usual]
    if kind == "number":
        low, high = offer.option.low, offer.option.high
        return [
            NUMBERS.get(
                offer.name,
                (offer.usual or low or 0) + 7 if high is None or (offer.usual or low or 0) + 7 <= high else low,
            )
        ]
    if kind == "several":
        return [tuple(offer.choices)[:1] if tuple(offer.usual or ()) != tuple(offer.choices)[:1] else ()]
    if kind == "texts":
        return [((name, (offer.words.get(name) or ["Other | 50 % words: 2"])[-1]),) for name in list(offer.choices)[:3]]
    if kind == "amounts":
        return [tuple((name, 3.0 * amount) for name, amount in offer.usual)]
    return [value for value in offer.choices if value != offer.usual]


def shown(exhibit):
    """All that a reader sees of it."""
    drawn = [exhibit.title, exhibit.caption, exhibit.notes, exhibit.numbers, tuple(exhibit.tests)]
    if isinstance(exhibit, Figure):
        tables = {name: table.to_json() for name, table in exhibit.tables.items()}
        return json.dumps([json.dumps(exhibit.chart, sort_keys=True), tables, repr(drawn)])
    return repr([exhibit.header, exhibit.rows, drawn])


def test_ids_are_told_apart():
    assert len({spec.id for spec in EXHIBITS}) == len(EXHIBITS)
    assert all(spec.title and spec.options.__doc__ for spec in EXHIBITS)


def test_every_option_changes_something_somewhere(analyses, usual):
    tried, changed = set(), set()
    for place, analysis in enumerate(analyses):
        for entry in firsts(analysis):
            before = ""
            for offer in entry.offers(analysis):
                if not offer.is_open or offer.key in changed:
                    continue
                tried.add(offer.key)
                before = before or shown(usual(place, entry))
                for value in others(offer):
                    needed, of = offer.option.only_with or ("", None)
                    given = {offer.name: value} | ({needed: 100.0 if of == ANY else of} if needed else {})
                    if offer.option.kind == "amounts":
                        given[offer.option.within] = tuple(name for name, _ in offer.usual)
                        before = shown(
                            entry.spec.make(analysis, entry.variant, {offer.option.within: given[offer.option.within]})
                        )
                    if (
                        not entry.spec.is_offered(analysis, entry.variant, given)
                        or shown(entry.spec.make(analysis, entry.variant, given)) != before
                    ):
                        changed.add(offer.key)
                    if offer.key in changed:
                        break
    assert len(tried) > 30
    assert tried - changed == set(), "these controls change nothing anywhere"


def test_every_value_can_be_written_and_read(analyses):
    for analysis in analyses:
        for entry in firsts(analysis):
            for offer in entry.offers(analysis):
                for value in (offer.usual, *(others(offer) if offer.is_open else ())):
                    if value is not None:
                        assert parsed(offer, written(value)) == value, (entry.id, offer.name, value)


def test_options_name_themselves():
    for spec in EXHIBITS:
        for each in (every for every in fields(spec.options) if every.name != WIDTH):
            option = each.metadata["option"]
            assert option.label, each.name


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            ("survival.os", "ci_scale", "cubic"),
            '"cubic" is not a value of ci_scale (Scale of the confidence limits). It may be log-log, log, plain.',
        ),
        (("survival.os", "ci_scal", "log"), 'survival.os has no option "ci_scal". It has: ci_scale, '),
        (
            ("survival.oss", "ci_scale", "log"),
            "the nearest: survival.os, ",
        ),
        (("survival.os", "show_ci", "perhaps"), "It may be usual, yes, no."),
        (("survival.os", "share_percent", "120"), "It may be a number from 1 to 99."),
    ],
)
def test_what_is_not_allowed_names_what_is(analyses, setting, said):
    with pytest.raises(NotAllowed) as refusal:
        list(attempts(analyses[0], settings=[setting]))
    assert said in str(refusal.value)


def run(tmp_path, *more):
    code = command_line.main(
        [
            "report",
            str(ROOT / "data" / "pomalidomide_cohort.xlsx"),
            "--out",
            str(tmp_path / "out"),
            "--formats",
            "",
            *more,
        ]
    )
    path = tmp_path / "out" / "results.json"
    return code, {each["id"]: each for each in json.loads(path.read_text())["exhibits"]} if path.exists() else {}


def test_a_report_of_some_exhibits_with_options_by_name(tmp_path):
    code, made = run(
        tmp_path,
        "--only",
        "survival.os*",
        "--set",
        "survival.os*.ci_scale=log",
        "--set",
        "survival.os.share_percent=25",
    )
    assert code == 0 and set(made) == {name for name in made if name.startswith("survival.os")} and len(made) > 5
    assert "limits (log)" in made["survival.os.summary"]["method"]
    view = first_view(example())
    analysis = Analysis(example(), select(example(), view.selection), view.grouping, view.unit)
    entry = next(each for each in entries(analysis) if each.id == "survival.os")
    same = entry.spec.make(analysis, "os", {"ci_scale": "log", "share": "Custom", "share_percent": 25.0})
    assert made["survival.os"]["caption"] == same.caption and "25 %" in same.caption


def test_what_there_is_can_be_listed(tmp_path, capsys):
    code, made = run(tmp_path, "--list", "json")
    printed = capsys.readouterr().out
    listed = {each["id"]: each for each in json.loads(printed[printed.index("[\n") :])}
    assert code == 0 and not made and "survival.os" in listed
    scale = next(option for option in listed["survival.os"]["options"] if option["name"] == "ci_scale")
    assert scale["choices"] == ["log-log", "log", "plain"] and scale["usual"] == "log-log"


def test_an_unknown_exhibit_or_setting_is_one_sentence(tmp_path, capsys):
    assert run(tmp_path, "--only", "survival.nothing")[0] == 2
    assert "No exhibit of these data is called survival.nothing." in capsys.readouterr().err
    assert run(tmp_path, "--set", "survival.os.ci_scale=cubic")[0] == 2
    assert "It may be log-log, log, plain." in capsys.readouterr().err


def test_every_exhibit_has_the_id_that_is_announced_and_five_rows_in_a_tooltip_at_most(analyses, usual):
    """The id: so that a failing exhibit stands under the one that readers of results.json look for."""
    made = []
    for place, analysis in enumerate(analyses):
        for entry in entries(analysis):
            if entry.spec.is_offered(analysis, entry.variant):
                exhibit = usual(place, entry)
                made.append((entry.id, exhibit.id))
                if isinstance(exhibit, Figure):
                    assert max(map(len, tooltips(exhibit.chart)), default=0) <= 5, exhibit.id
    assert len(made) > 80
    assert [pair for pair in made if pair[0] != pair[1]] == []


def tooltips(part):
    """What every mark of a chart shows at the pointer."""
    if isinstance(part, dict):
        own = [part["tooltip"]] if isinstance(part.get("tooltip"), list) else []
        return own + [each for value in part.values() for each in tooltips(value)]
    return [each for value in part for each in tooltips(value)] if isinstance(part, list) else []
