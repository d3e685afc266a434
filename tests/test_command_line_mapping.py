"""A stranger's file on the command line: the mapping is proposed, corrected by hand, and applied."""

import json

import pytest

from lib.__main__ import CLEAN, ERRORS, UNREADABLE, main


@pytest.fixture
def lung(tmp_path):
    """Time and status without a name, 1 and 2 without a legend."""
    path = tmp_path / "own.csv"
    rows = [f"S{n},{50 + n},{20 + 9 * n},{n % 2 + 1}" for n in range(40)]
    path.write_text("\n".join(["subject,age,time,status", *rows]))
    return path


def test_a_mapping_is_proposed_with_reasons_and_what_is_open(lung, tmp_path, capsys):
    out = tmp_path / "m.json"
    assert main(["check", str(lung), "--suggest-mapping", str(out)]) == ERRORS
    said = capsys.readouterr().out
    assert '"age" = patients.age_years' in said and 'Which values of "status" mean' in said and "open questions" in said
    assert json.loads(out.read_text())["version"] == 2


def test_without_answers_no_endpoint_is_read_and_the_findings_say_so(lung, capsys):
    assert main(["check", str(lung)]) == CLEAN
    said = capsys.readouterr().out
    assert "endpoints" not in said.splitlines()[-1] and "no endpoint was read" in said


def test_a_proposal_is_completed_by_hand_and_applied(lung, tmp_path):
    out = tmp_path / "m.json"
    main(["check", str(lung), "--suggest-mapping", str(out)])
    mapping = json.loads(out.read_text())
    mapping["sheets"][0]["readings"].append(
        {
            "table": "endpoints",
            "columns": {"patient_id": "subject", "time": "time", "event": "status"},
            "constants": {"endpoint": "os"},
            "units": {"time": "days"},
            "codes": {"event": {"2": "1", "1": "0"}},
        }
    )
    out.write_text(json.dumps(mapping))
    assert main(["report", str(lung), "--mapping", str(out), "--out", str(tmp_path / "out"), "--formats", ""]) == CLEAN
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    (curve,) = [each for each in results["exhibits"] if each["id"] == "survival.os"]
    columns = [column["name"] for column in curve["table"]["columns"]]
    assert dict(zip(columns, curve["table"]["rows"][0], strict=True))["events"] == 20


def test_a_mapping_of_another_file_says_what_no_longer_fits(lung, tmp_path, capsys):
    mapping = tmp_path / "m.json"
    readings = [{"table": "patients", "columns": {"patient_id": "subject", "age_years": "years"}}]
    mapping.write_text(
        json.dumps({"sheets": [{"sheet": "own", "readings": readings}, {"sheet": "gone", "readings": []}]})
    )
    main(["check", str(lung), "--mapping", str(mapping)])
    said = capsys.readouterr().out
    assert '"gone"' in said and "years" in said


def test_a_mapping_is_applied_and_a_broken_one_refused(tmp_path, capsys):
    sheet, mapping = tmp_path / "mine.csv", tmp_path / "mapping.json"
    sheet.write_text("Code,FU,Stat\nA1,3,1\nA2,4,2\n")
    endpoint = {
        "table": "endpoints",
        "columns": {"patient_id": "Code", "time": "FU", "event": "Stat"},
        "constants": {"endpoint": "os"},
        "codes": {"event": {"1": "1", "2": "0"}},
    }
    readings = [{"table": "patients", "columns": {"patient_id": "Code"}}, endpoint]
    mapping.write_text(json.dumps({"version": 1, "sheets": [{"sheet": "mine", "readings": readings}]}))
    assert main(["check", str(sheet), "--mapping", str(mapping)]) == CLEAN
    assert "2 endpoints" in capsys.readouterr().out
    mapping.write_text("{}")
    assert main(["check", str(sheet), "--mapping", str(mapping)]) == UNREADABLE
    assert "not a mapping" in capsys.readouterr().err
