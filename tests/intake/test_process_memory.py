"""How much memory the reading child holds, and that it is ended where only its parent watches."""

import os

import pytest
from workbooks import FOUR, xlsx

from lib.intake.files import parent
from lib.intake.files import parent as process_memory
from lib.intake.files.grid import read_grids
from lib.intake.files.limits import TOO_LARGE, Unsafe
from lib.intake.files.parent import resident_bytes


def test_this_process_holds_some_memory():
    assert 10_000_000 < resident_bytes(os.getpid()) < 10_000_000_000


def test_a_process_that_is_gone_says_nothing():
    assert resident_bytes(2**22 + 1) is None


def test_where_ps_is_asked(monkeypatch, tmp_path):
    asked = tmp_path / "ps"
    asked.write_text('#!/bin/sh\n[ "$*" = "-o rss= -p 77" ] && echo " 2048"\n')
    asked.chmod(0o755)
    monkeypatch.setattr(process_memory.sys, "platform", "darwin")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert resident_bytes(77) == 2048 * 1024 and resident_bytes(78) is None


def test_a_child_that_holds_too_much_is_ended_by_its_parent(monkeypatch):
    monkeypatch.setattr(parent, "WATCH_SECONDS", 0.001)
    monkeypatch.setattr(parent, "resident_bytes", lambda _: parent.MOST_MEMORY + 1)
    with pytest.raises(Unsafe, match=TOO_LARGE[:20]):
        read_grids(xlsx({"Patients": FOUR}), "a.xlsx")
    monkeypatch.setattr(parent, "resident_bytes", lambda _: None)  # a system that does not say
    assert len(read_grids(xlsx({"Patients": FOUR}), "a.xlsx")[0].rows) == len(FOUR)
