"""make soak: the tests that it names for faults are there, and its reader sees what a browser sees."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from benchmarks.soak_faults import TESTED
from benchmarks.soak_reader import Reader
from benchmarks.soak_server import ROOT, Server


@pytest.mark.parametrize("named", [test for _, test in TESTED])
def test_a_fault_that_is_said_to_be_tested_is(named):
    path, _, name = named.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8") if name else (ROOT / path).exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux has them")
def test_a_reader_without_a_browser_filters_and_takes_files_home_while_the_page_runs_again():
    async def reads(server):
        reader = Reader(server.address)
        await reader.open("survival")
        assert reader.says("16 of 16 patients")
        file = await reader.export("survival.ttp", "csv")
        for words in (["yes"], [], ["yes"]):
            await reader.set("filter emd", words)
        assert reader.says("7 of 16 patients")
        status, _, content = await reader.ask("GET", file)
        assert status == 200 and b"16 of 16" in content, "the file is of the moment at which the button was pressed"
        await reader.open_menu("survival.ttp")
        await reader.send_run()  # the page is being drawn, without what is in the menu, when the next button is pressed
        status, _, content = await reader.ask("GET", await reader.file_of("download survival.ttp csv"))
        assert status == 200 and b"7 of 16" in content
        await reader.close()

    with Server() as server:
        with ThreadPoolExecutor(1) as aside:  # a browser test may have left an event loop running here
            aside.submit(asyncio.run, reads(server)).result()
        assert server.seconds()[0] > 0 and server.megabytes()[0] > 50
        assert server.wrong() == []
